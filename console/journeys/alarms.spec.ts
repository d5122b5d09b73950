import type { BrowserContext, Page } from "@playwright/test";
import { bar, danger, listen, sounding } from "./alarm";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, type Filed, person, type Server, signIn, test } from "./support";

// What may happen beside an alarm. Its server has no other journey's dangers.
test.use({ alone: "alarms" });

const here = { locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" } as const;

/** Opens a page of the console in the context; used, as a person does, or only loaded. */
async function tab(context: BrowserContext, path = "/console/figures"): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  return page;
}
const use = (page: Page): Promise<void> => page.getByRole("heading", { level: 1 }).first().click();

async function attend(page: Page, server: Server, m: Filed): Promise<void> {
  const { version } = await call<Filed>(page.request, server, "", "get", `/submissions/${m.id}`);
  await call(page.request, server, "", "post", `/submissions/${m.id}/attend`, { version, reason: "已报警" });
}

test("a later danger sounds through a mute, and another tab goes on when the sounding one is closed", async ({ liaison: first, server, browser }) => {
  const there = await browser.newContext({ ...here, baseURL: server.url });
  await listen(there);
  await signIn(there, server, person(server, "liaison").openid);
  const [one, two] = [await tab(there), await tab(there)];
  await use(one);
  await use(two);
  const m = await danger(first, server, "later-1", "有人落水，快来救人！");
  await expect.poll(() => sounding(one)).toBe(true);
  expect(await sounding(two)).toBe(false);
  await bar(two).getByRole("button", { name: "静音 10 分钟" }).click();
  await expect.poll(() => sounding(one)).toBe(false);

  // The mute was about that danger. The next one is heard.
  const next = await danger(first, server, "later-2", "仓库着火了，快来人！");
  await expect(bar(one).getByRole("listitem")).toHaveCount(2);
  await expect.poll(() => sounding(one)).toBe(true);
  await expect(bar(one).getByRole("button", { name: "静音 10 分钟" })).toBeVisible();

  await one.close();
  await expect.poll(() => sounding(two)).toBe(true);
  for (const x of [m, next]) await attend(first, server, x);
  await expect(bar(two)).toHaveCount(0);
  expect(await sounding(two)).toBe(false);
  await there.close();
});

test("who takes a danger that another has just taken is told who", async ({ liaison: page, server, browser }) => {
  const second = server.cast.liaisons[1]!;
  const there = await browser.newContext({ ...here, baseURL: server.url });
  await signIn(there, server, second.openid);
  const m = await danger(page, server, "twice", "有孩子掉进河里，快来救人！");
  await page.goto("/console/figures");
  // Between the press and the request the other one was faster.
  await page.route("**/attend", async (r) => {
    const { version } = await call<Filed>(there.request, server, "", "get", `/submissions/${m.id}`);
    await call(there.request, server, "", "post", `/submissions/${m.id}/attend`, { version, reason: "我来处理，先联系反映人" });
    await r.continue();
  }, { times: 1 });
  await bar(page).getByRole("button", { name: `我来处理 ${m.number}` }).click();
  await expect(page.locator(".el-message")).toHaveText(`${second.name}已经接手，${m.number} 不用再处理`);
  await expect(page).toHaveURL(/figures/);
  await expect(bar(page)).toHaveCount(0);
  const { timeline } = await call<{ timeline: { what: string }[] }>(page.request, server, "", "get", `/submissions/${m.id}`);
  expect(timeline.filter((e) => e.what === "attend")).toHaveLength(1);
  await there.close();
});

for (const [width, height] of [[1440, 900], [360, 740]] as const) {
  test(`a danger is in reach above an open dialog, which keeps its words, at ${width} × ${height}`, async ({ liaison: page, server }) => {
    await page.setViewportSize({ width, height });
    await listen(page.context());
    const m = await danger(page, server, `beside-${width}`, "桥上有人要跳河，快来！");
    await page.goto(`/console/matters/${m.id}`);
    await attend(page, server, m);
    await page.getByRole("button", { name: "记下处置情况" }).click();
    const dialog = page.getByRole("dialog", { name: "记下处置情况" });
    await dialog.getByRole("textbox").fill("派出所已经到了");
    const next = await danger(page, server, `above-${width}`, "仓库着火了，快来人！");
    const row = bar(page).getByRole("listitem").filter({ hasText: next.number });
    await expect(row).toBeInViewport();
    await expect(dialog.getByRole("button", { name: "已处置" })).toBeInViewport();
    await expect.poll(async () => (await dialog.boundingBox())!.y).toBeGreaterThanOrEqual((await bar(page).boundingBox())!.y + (await bar(page).boundingBox())!.height);
    await accessible(page);
    await picture(page, `alarm-dialog-${width}`);
    // Beside the dialog nothing is pressed by mistake.
    await page.mouse.click(3, height - 3);
    await expect(dialog).toBeVisible();
    await row.getByRole("button", { name: /^电话/ }).click();
    await expect(row.locator('a[href="tel:13800138000"]')).toBeVisible();
    await expect(dialog.getByRole("textbox")).toHaveValue("派出所已经到了");
    await bar(page).getByRole("button", { name: `我来处理 ${next.number}` }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(next.number);
    await expect(dialog).toBeHidden();
    await page.goBack();
    await page.getByRole("button", { name: "记下处置情况" }).click();
    await expect(dialog.getByRole("textbox")).toHaveValue("派出所已经到了");
  });
}

test("at 400 % the alarm leaves room for the page", async ({ liaison: page, server }) => {
  const [m, newer] = [await danger(page, server, "low-1", "有人落水，快来救人！"), await danger(page, server, "low-2", "二号码头有人落水，快来救人！")];
  await page.setViewportSize({ width: 360, height: 225 });
  await page.goto("/console/figures");
  await expect(bar(page)).toBeVisible();
  const small = (await bar(page).boundingBox())!;
  expect(small.height).toBeLessThan(70);
  await page.mouse.wheel(0, 400);
  await expect.poll(async () => (await bar(page).boundingBox())!.y).toBeLessThanOrEqual(0);
  await expect(bar(page)).toBeInViewport({ ratio: 0.9 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await accessible(page);
  await picture(page, "alarm-low");
  await bar(page).getByRole("button", { name: "还有 1 件" }).click();
  await expect(bar(page).getByRole("listitem")).toHaveCount(2);
  await bar(page).getByRole("button", { name: `我来处理 ${m.number}` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
  await attend(page, server, newer);
  await expect(bar(page)).toHaveCount(0);
});

test("a danger that is filed while the page opens is seen", async ({ liaison: page, server }) => {
  let begin: () => void = () => undefined;
  const held = new Promise<void>((go) => (begin = go));
  await page.route("**/station/live?**", async (r) => {
    await held;
    await r.continue();
  });
  const first = page.waitForResponse("**/station/alarms?**");
  await page.goto("/console/figures");
  await first;
  const m = await danger(page, server, "opening", "有人落水，快来救人！");
  begin();
  await expect(bar(page).getByRole("listitem").filter({ hasText: m.number })).toBeVisible();
  await attend(page, server, m);
  await expect(bar(page)).toHaveCount(0);
});

test("what was there before is counted and not said as new", async ({ liaison: page, server }) => {
  await listen(page.context());
  const m = await danger(page, server, "old", "有人落水，快来救人！");
  await page.goto("/console/figures");
  await expect(bar(page)).toBeVisible();
  const said = (): Promise<string[]> => page.evaluate(() => window.alerts.filter((a) => a.includes("险情")));
  await expect.poll(said).toEqual(["1 件险情没有人接手"]);
  const next = await danger(page, server, "new", "仓库着火了，快来人！");
  await expect.poll(said).toContainEqual(expect.stringMatching(/^新的险情，.*：仓库着火了，快来人！$/));
  expect((await said()).filter((a) => a.includes("落水"))).toEqual([]);
  for (const x of [m, next]) await attend(page, server, x);
});

test("each danger is notified once by the browser while nobody has the console in front", async ({ liaison: first, server, browser }) => {
  const there = await browser.newContext({ ...here, baseURL: server.url });
  await there.addInitScript(() => {
    class Stub {
      static permission = "granted";
      constructor(readonly title: string, readonly options: object) {
        Object.assign(window, { notified: [...((window as { notified?: object[] }).notified ?? []), options] });
      }
      close(): void {}
    }
    Object.assign(window, { Notification: Stub });
  });
  await signIn(there, server, person(server, "liaison").openid);
  const tabs = [await tab(there), await tab(there)];
  const see = (page: Page, is: string): Promise<void> =>
    page.evaluate((to) => {
      Object.defineProperty(document, "visibilityState", { value: to, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, is);
  const notified = async (): Promise<object[]> => (await Promise.all(tabs.map((t) => t.evaluate(() => (window as { notified?: object[] }).notified ?? [])))).flat();
  const list: Filed[] = [];
  const file = async (n: number): Promise<void> => {
    list.push(await danger(first, server, `notified-${n}`, `第${n}号码头有人落水，快来救人！`));
    for (const t of tabs) await expect(bar(t).getByRole("listitem").filter({ hasText: list.at(-1)!.number })).toHaveCount(1);
  };
  for (const t of tabs) await see(t, "hidden");
  await file(1);
  await expect.poll(async () => (await notified()).length).toBe(1);
  await file(2);
  await expect.poll(async () => (await notified()).length).toBe(2);
  expect((await notified())[1]).toMatchObject({ renotify: true, body: "2 件险情没有人接手，请马上打开码上工作台" });
  // One tab in front is enough.
  await see(tabs[1]!, "visible");
  await file(3);
  await see(tabs[1]!, "hidden");
  await file(4);
  await expect.poll(async () => (await notified()).length).toBe(3);
  expect((await notified()).at(-1)).toMatchObject({ body: "4 件险情没有人接手，请马上打开码上工作台" });
  for (const m of list) await attend(first, server, m);
  await there.close();
});
