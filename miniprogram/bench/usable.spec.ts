import type { Browser, BrowserContext } from "@playwright/test";
import { expect, file, memberCode, placeCode, somebody, test, tokenOf, type Server } from "../journeys/support";
import { cpu, median, rounds, slow } from "./slow";

// How long until the pages where somebody writes or works can be used, on a cheap
// phone and a slow line: at the very first visit, and with the client's files on
// the phone from an earlier one.

interface Way {
  name: string;
  path: string;
  /** What is there once the page can be used. */
  usable: string;
  session?: string;
}

async function contextOf(browser: Browser, server: Server, session?: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, baseURL: server.url });
  if (session) await context.addInitScript((value) => localStorage.setItem("mashang.session", value), session);
  return context;
}

/** Opens the page and returns the bytes over the wire and when it could be used, in milliseconds. */
async function open(context: BrowserContext, w: Way): Promise<{ bytes: number; readable: number; usable: number }> {
  const page = await context.newPage();
  const cdp = await slow(page);
  let bytes = 0;
  cdp.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
  await page.addInitScript((selector) => {
    const marks = window as unknown as { readable?: number; usable?: number };
    const shown = (what: string): boolean => (document.querySelector(what)?.getBoundingClientRect().height ?? 0) > 0;
    const look = (): void => {
      if (!marks.readable && shown(`.early h1, ${selector}`)) marks.readable = performance.now();
      if (shown(selector)) marks.usable = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, w.usable);
  await page.goto(w.path, { waitUntil: "commit" });
  await page.waitForFunction(() => (window as unknown as { usable?: number }).usable !== undefined);
  const [readable, usable] = await page.evaluate(() => {
    const marks = window as unknown as { readable: number; usable: number };
    return [marks.readable, marks.usable] as const;
  });
  await page.waitForLoadState("networkidle");
  await page.close();
  return { bytes, readable, usable };
}

test("until a page can be used", async ({ browser, server, request }) => {
  const m = memberCode(server, 4);
  const visitor = await tokenOf(request, server, somebody());
  for (let n = 0; n < 5; n++) await file(request, server, visitor, { scene: m.key, text: `第 ${n + 1} 件：路口的灯不亮，晚上看不见路` });
  const { code } = (await (await request.post(`${server.url}/_emulator/users/${m.openid}/code`)).json()) as { code: string };
  const s = (await (await request.post(`${server.url}/api/v1/sessions`, { data: { code } })).json()) as { token: string; user: unknown };
  const session = JSON.stringify({ type: "string", data: JSON.stringify({ token: s.token, user: s.user, openid: m.openid }) });
  const ways: Way[] = [
    { name: "writing at a place", path: `/m/pages/file/index?key=${placeCode(server).key}&kind=complaint`, usable: "textarea" },
    { name: "inbox of a member", path: "/m/pages/inbox/index", usable: ".ui-matter .card-act", session },
  ];
  process.stdout.write(`slow 3G (400 kbit/s, 400 ms), CPU 1/${cpu}, medians of ${rounds}\n`);
  for (const w of ways) {
    const first: { bytes: number; readable: number; usable: number }[] = [];
    const again: { bytes: number; readable: number; usable: number }[] = [];
    for (let i = 0; i < rounds; i++) {
      const context = await contextOf(browser, server, w.session);
      first.push(await open(context, w));
      again.push(await open(context, w));
      await context.close();
    }
    const row = (list: { bytes: number; readable: number; usable: number }[]): string =>
      `${(median(list.map((v) => v.bytes)) / 1024).toFixed(0)} KB, readable ${median(list.map((v) => v.readable)).toFixed(0)} ms, usable ${median(list.map((v) => v.usable)).toFixed(0)} ms`;
    process.stdout.write(`${w.name}: first visit ${row(first)}; with the files of an earlier one ${row(again)}\n`);
    expect(first).toHaveLength(rounds);
  }
});
