import { type APIRequestContext, type BrowserContext, expect, type Page, test as base } from "@playwright/test";
import { type Server, start } from "../../miniprogram/journeys/server";

export type { Server };

interface Fixtures {
  /** Fails the test on a request elsewhere and on anything the page reports as wrong. */
  watched: void;
  /** A page of the console at which the first liaison of the demo is signed in. */
  liaison: Page;
}

export const test = base.extend<Fixtures, { server: Server; alone: string }>({
  // A name of its own gives a spec a server that no other uses.
  alone: ["", { option: true, scope: "worker" }],
  server: [
    async ({ alone: _ }, use) => {
      const { server, stop } = await start();
      try {
        await use(server);
      } finally {
        await stop();
      }
    },
    { scope: "worker", timeout: 300_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  watched: [
    async ({ context, server }, use) => {
      const wrong: string[] = [];
      context.on("request", (r) => {
        const to = r.url();
        if (!to.startsWith(server.url) && !/^(data|blob):/.test(to)) wrong.push(`asked elsewhere: ${to}`);
      });
      context.on("weberror", (e) => wrong.push(`error: ${e.error().message}`));
      context.on("console", (m) => {
        // The browser itself reports each answer that is no success.
        if (["error", "warning"].includes(m.type()) && !/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(m.text())) wrong.push(`console: ${m.text()}`);
      });
      await use();
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
  liaison: async ({ page, server }, use) => {
    await signIn(page.context(), server, person(server, "liaison").openid);
    await use(page);
  },
});

export { expect };

/** Waits until the page has what it asked for at first. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.locator("[aria-busy=true], .el-skeleton, .el-loading-mask")).toHaveCount(0);
}

/** Somebody of the demo's staff: its liaison or its administrator. */
export function person(server: Server, role: "liaison" | "admin"): { openid: string; name: string; id: string } {
  // The demo's ids say who is which: l01, a01.
  const found = server.cast.liaisons.find((l) => l.id.startsWith(role === "liaison" ? "l" : "a"));
  if (!found) throw new Error(`no ${role} in the cast`);
  return found;
}

/** A token of somebody, as their phone has one. */
export async function tokenOf(request: APIRequestContext, server: Server, openid: string): Promise<string> {
  const { code } = (await (await request.post(`${server.url}/_emulator/users/${openid}/code`)).json()) as { code: string };
  return ((await (await request.post(`${server.url}/api/v1/sessions`, { data: { code } })).json()) as { token: string }).token;
}

/** Signs in at the browser of the context, by the phone of the person. */
export async function signIn(context: BrowserContext, server: Server, openid: string): Promise<void> {
  const token = await tokenOf(context.request, server, openid);
  const login = await call<{ id: string; number: string }>(context.request, server, "", "post", "/console/logins");
  await call(context.request, server, token, "get", `/console/logins/${login.id}`);
  await call(context.request, server, token, "post", `/console/logins/${login.id}/answer`, { allow: true, number: login.number });
  await call(context.request, server, "", "post", `/console/logins/${login.id}/session`);
}

/** Calls the API as who has the token, or by the context's cookie, and returns the answer's body. */
export async function call<T>(
  request: APIRequestContext, server: Server, token: string, method: "get" | "post" | "put" | "patch" | "delete", path: string, data?: unknown, key?: string,
): Promise<T> {
  const r = await request[method](`${server.url}/api/v1${path}`, {
    headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(key ? { "Idempotency-Key": key } : {}) },
    ...(data === undefined ? {} : { data }),
  });
  expect(r.ok(), `${method} ${path}: ${r.status()} ${await r.text()}`).toBe(true);
  const text = await r.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

let filed = 0;

export interface Filed {
  id: string;
  number: string;
  version: number;
  assignee: { id: string; name: string } | null;
}

/** Files as a visitor of that openid, at the scanned code. */
export async function file(request: APIRequestContext, server: Server, openid: string, body: Record<string, unknown>): Promise<Filed> {
  filed += 1;
  const token = await tokenOf(request, server, openid);
  return call<Filed>(request, server, token, "post", "/submissions", { kind: "complaint", text: "停车场多收了二十元", ...body }, `console-${Date.now()}-${filed}`);
}
