import type { BrowserContext, Page } from "@playwright/test";
import { expect, file, person, type Server, signIn, test } from "./support";

// Each danger that is filed here sounds in this browser: no other journey shares its server.
test.use({ alone: "stream" });

declare global {
  interface Window {
    streams: EventSource[];
  }
}

/** Keeps the streams of all pages to come where a test can count them. */
async function keepStreams(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const Source = window.EventSource;
    window.streams = [];
    window.EventSource = class extends Source {
      constructor(to: string | URL, options?: EventSourceInit) {
        super(to, options);
        window.streams.push(this);
      }
    };
  });
}

/** Returns which of the tabs read a stream. */
async function readers(tabs: Page[]): Promise<Page[]> {
  const reading: Page[] = [];
  for (const t of tabs) {
    const open = await t.evaluate(() => window.streams.filter((s) => s.readyState !== EventSource.CLOSED).length);
    reading.push(...(Array(open).fill(t) as Page[]));
  }
  return reading;
}

async function see(page: Page, is: "visible" | "hidden"): Promise<void> {
  await page.evaluate((to) => {
    Object.defineProperty(document, "visibilityState", { value: to, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, is);
}

const danger = (page: Page, server: Server, n: number) => {
  const place = server.cast.codes.find((c) => c.kind === "place")!;
  return file(page.request, server, `stream-${n}`, { scene: place.key, text: `第${n}号码头有孩子掉进河里，快来救人！` });
};

const row = (page: Page, number: string) => page.getByRole("region", { name: "险情", exact: true }).getByRole("listitem").filter({ hasText: number });

test("eight tabs of a browser load, and all hear of what is filed over one stream", async ({ liaison: first, server, context }) => {
  await keepStreams(context);
  const tabs = [first];
  while (tabs.length < 8) tabs.push(await context.newPage());
  for (const t of tabs) {
    await t.goto("/console/now");
    await expect(t.getByText("实时更新中", { exact: true })).toBeVisible();
  }
  expect(await readers(tabs)).toHaveLength(1);
  const one = await danger(first, server, 1);
  for (const t of tabs) await expect(row(t, one.number)).toBeVisible();

  // Whichever reads the stream is closed: another reads on, and nothing is missed.
  await (await readers(tabs))[0]!.close();
  const left = tabs.filter((t) => !t.isClosed());
  expect(left).toHaveLength(7);
  const two = await danger(left[0]!, server, 2);
  for (const t of left) await expect(row(t, two.number)).toBeVisible();
  expect(await readers(left)).toHaveLength(1);

  // Nobody looks: one of them reads on, because a danger is heard all the same.
  for (const t of left) await see(t, "hidden");
  const three = await danger(left[0]!, server, 3);
  for (const t of left) await expect(row(t, three.number)).toBeVisible();
  expect(await readers(left)).toHaveLength(1);

  // A sign-out in one tab signs out all tabs.
  await left[6]!.getByRole("button", { name: /（联络员）$/ }).click();
  await left[6]!.getByRole("menuitem", { name: "退出登录" }).click();
  for (const t of left) await expect(t.getByRole("heading", { name: "码上 · 联络员工作台" })).toBeVisible();
  // And who signs in in one is signed in in all.
  await signIn(context, server, person(server, "liaison").openid);
  await left[6]!.goto("/console/now");
  await expect(left[6]!.getByRole("heading", { level: 1, name: "现在" })).toBeVisible();
});
