import { type APIRequestContext, expect, type Page, test as base } from "@playwright/test";
import { type Server, start } from "./server";

export type { Server };

interface Fixtures {
  /** Fails the test on a request to another host and on any error of the page. */
  watched: void;
}

export const test = base.extend<Fixtures, { server: Server }>({
  server: [
    async ({}, use) => {
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
        if (m.type() === "error" && !/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(m.text())) wrong.push(`console: ${m.text()}`);
      });
      await use();
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

let persons = 0;

/** Returns an unused openid. */
export function somebody(): string {
  persons += 1;
  return `journey-${process.pid}-${Date.now()}-${persons}`;
}

/** Puts a session into the browser, as a login leaves it. */
export async function enter(page: Page, server: Server, openid: string): Promise<string> {
  const { code } = (await (await page.request.post(`${server.url}/_emulator/users/${openid}/code`)).json()) as { code: string };
  const answer = await page.request.post(`${server.url}/api/v1/sessions`, { data: { code } });
  const s = (await answer.json()) as { token: string; user: unknown; expires_at: string };
  const kept = JSON.stringify({ token: s.token, user: s.user, expires: Date.parse(s.expires_at), openid });
  await page.addInitScript(([value]) => localStorage.setItem("mashang.session", JSON.stringify({ type: "string", data: value })), [kept]);
  return s.token;
}

/** Calls the API as somebody, and returns the answer's body. */
export async function api<T>(request: APIRequestContext, server: Server, token: string, method: "get" | "post" | "put" | "delete", path: string, data?: unknown, key?: string): Promise<T> {
  const r = await request[method](`${server.url}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${token}`, ...(key ? { "Idempotency-Key": key } : {}) },
    ...(data === undefined ? {} : { data }),
  });
  expect(r.ok(), `${method} ${path}: ${r.status()} ${await r.text()}`).toBe(true);
  return (await r.text()) === "" ? (undefined as T) : ((await r.json()) as T);
}

export async function tokenOf(request: APIRequestContext, server: Server, openid: string): Promise<string> {
  const { code } = (await (await request.post(`${server.url}/_emulator/users/${openid}/code`)).json()) as { code: string };
  return ((await (await request.post(`${server.url}/api/v1/sessions`, { data: { code } })).json()) as { token: string }).token;
}

/** The code of a member, and the member's openid. */
export function memberCode(server: Server, nth: number): { key: string; openid: string; name: string; id: string } {
  const member = server.cast.members[nth];
  const code = server.cast.codes.find((c) => c.member_openid === member?.openid);
  if (!member || !code) throw new Error("no such member in the cast");
  return { key: code.key, openid: member.openid, name: member.name, id: member.id };
}

export function placeCode(server: Server): { key: string; name: string } {
  const code = server.cast.codes.find((c) => c.kind === "place");
  if (!code) throw new Error("no place in the cast");
  return code;
}

export interface Filed {
  id: string;
  number: string;
  version: number;
  assignee: { id: string; name: string } | null;
}

/** Files by the API, for journeys that begin later. */
export function file(request: APIRequestContext, server: Server, token: string, body: Record<string, unknown>): Promise<Filed> {
  persons += 1;
  return api<Filed>(request, server, token, "post", "/submissions", { kind: "complaint", text: "停车场多收了二十元", ...body }, `journey-${Date.now()}-${persons}`);
}

/** A photo as a phone takes one: 1200 × 900, drawn in the page. */
export async function photo(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const data = await page.evaluate(() => {
    const c = document.createElement("canvas");
    c.width = 1200;
    c.height = 900;
    const x = c.getContext("2d")!;
    for (let i = 0; i < 400; i++) {
      x.fillStyle = `hsl(${Math.random() * 360} 70% 50%)`;
      x.fillRect(Math.random() * 1200, Math.random() * 900, 80, 60);
    }
    return c.toDataURL("image/jpeg", 0.9);
  });
  return { name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.from(data.split(",")[1]!, "base64") };
}
