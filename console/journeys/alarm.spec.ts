import { bar, danger, listen, sounding } from "./alarm";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Filed, person, signIn, test } from "./support";

// Here a danger is the only one: its server has no other journey's.
test.use({ alone: "alarm" });

test("a danger is heard and seen on any page, until somebody takes it", async ({ liaison: first, server, browser }) => {
  const there = await browser.newContext({ baseURL: server.url, locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  await listen(there);
  await signIn(there, server, person(server, "liaison").openid);
  const page = await there.newPage();
  const beside = await there.newPage();
  await beside.goto("/console/codes");
  await page.goto("/console/figures");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  // A browser permits sound once the page was used.
  await page.getByRole("heading", { level: 1 }).click();

  // Measured thrice: a busy machine may be late once.
  const seen: number[] = [];
  const heard: number[] = [];
  let m!: Filed;
  for (const [i, text] of ["有小孩从码头掉进河里了，快来救人！", "游船翻了，船上有人落水！", "有人站在桥栏杆外面要跳河！"].entries()) {
    const at = Date.now();
    m = await danger(first, server, `alarm-${i}`, text);
    await expect(bar(page).getByRole("listitem").first()).toContainText(text);
    seen.push(Date.now() - at);
    await expect.poll(() => sounding(page), { intervals: [20] }).toBe(true);
    heard.push((await page.evaluate(() => window.sounds.at(-1)!.at)) - at);
    if (i < 2) {
      await call(first.request, server, "", "post", `/submissions/${m.id}/attend`, { version: m.version, reason: "已报警" });
      await expect(bar(page)).toHaveCount(0);
      await expect.poll(() => sounding(page)).toBe(false);
    }
  }
  expect(Math.min(...seen), `seen after ${seen.join(", ")} ms`).toBeLessThan(2_000);
  expect(Math.min(...heard), `heard after ${heard.join(", ")} ms`).toBeLessThan(2_000);

  // It stands in every page of the browser, and sounds in one.
  await expect(bar(beside).getByRole("listitem")).toHaveCount(1);
  await beside.getByRole("heading", { level: 1 }).click();
  await expect(bar(beside).getByRole("button", { name: "静音 10 分钟" })).toBeVisible();
  expect(await beside.evaluate(() => window.sounds)).toEqual([]);
  expect(await sounding(page)).toBe(true);
  const row = bar(page).getByRole("listitem");
  await expect(row).toContainText(/刚刚|分钟前/);
  await expect(row).toContainText("轻生");
  for (const n of ["110", "120", "12356"]) await expect(row.locator(`a[href="tel:${n}"]`)).toBeVisible();
  await expect(bar(page)).toContainText("先打电话");
  await expect(page).toHaveTitle(/^\(1\) 险情 · 数据 · 码上$/);
  await expect(page.locator('link[rel="icon"]')).toHaveAttribute("href", /icon-alarm\.svg$/);
  await expect(page.getByRole("link", { name: /现在.*1 件险情/ })).toBeVisible();
  await accessible(page);
  await picture(page, "alarm");

  // It is said once, whatever else changes.
  await file(first.request, server, "alarm-other", { scene: server.cast.codes.find((c) => c.member_openid)!.key, text: "村口的路灯坏了" });
  await page.getByRole("link", { name: "诉求", exact: true }).click();
  await expect(page.getByText("村口的路灯坏了").first()).toBeVisible();
  await expect(row).toHaveCount(1);
  const said = [...(await page.evaluate(() => window.alerts)).filter((a) => a.includes("跳河"))];
  expect(said).toEqual([expect.stringMatching(/^新的险情，.*：有人站在桥栏杆外面要跳河！$/)]);

  // Muted for ten minutes, it says so, and is there still.
  await bar(page).getByRole("button", { name: "静音 10 分钟" }).click();
  expect(await sounding(page)).toBe(false);
  await expect(bar(page)).toContainText(/已静音到 今天 \d\d:\d\d/);
  await expect(bar(beside)).toContainText("已静音到");
  await bar(page).getByRole("button", { name: "恢复声音" }).click();
  expect(await sounding(page)).toBe(true);

  // The number is shown by one press, which is recorded.
  expect(await page.content()).not.toContain("13800138000");
  await row.getByRole("button", { name: /^电话 138\*{4}8000，.*会记为“险情，先联系反映人”/ }).click();
  await expect(row.locator('a[href="tel:13800138000"]')).toBeVisible();

  await bar(page).getByRole("button", { name: `我来处理 ${m.number}` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
  await expect(bar(page)).toHaveCount(0);
  await expect(bar(beside)).toHaveCount(0);
  expect(await sounding(page)).toBe(false);
  await expect(page).toHaveTitle(`${m.number} · 码上`);
  await expect(page.locator('link[rel="icon"]')).toHaveAttribute("href", /\/icon\.svg$/);
  await expect(page.getByText("处理险情：我来处理，先联系反映人").filter({ visible: true })).toBeVisible();
  // What was done is recorded afterwards.
  await page.getByRole("button", { name: "记下处置情况" }).click();
  const dialog = page.getByRole("dialog", { name: "记下处置情况" });
  await dialog.getByRole("textbox").fill("派出所已到桥上，人已劝下来");
  await dialog.getByRole("button", { name: "已处置" }).click();
  await expect(page.getByText("处理险情：派出所已到桥上，人已劝下来").filter({ visible: true })).toBeVisible();
  await there.close();
});

test("a browser that permits no sound yet is said to, and a press turns it on", async ({ liaison: page, server }) => {
  await listen(page.context());
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/console/figures");
  const m = await danger(page, server, "alarm-blocked", "仓库着火了，快来人！");
  await expect(bar(page)).toBeVisible();
  await expect(bar(page)).toContainText("浏览器还没有允许出声");
  expect(await page.evaluate(() => window.sounds)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await accessible(page);
  await picture(page, "alarm-phone");
  await bar(page).getByRole("button", { name: "打开声音" }).click();
  await expect.poll(() => sounding(page)).toBe(true);
  await bar(page).getByRole("button", { name: "收起" }).click();
  await expect(bar(page).getByRole("list")).toBeHidden();
  await expect(bar(page)).toContainText("1 件险情没有人接手");

  // One that was withdrawn is no sign that somebody is safe.
  await page.goto(`/console/matters/${m.id}`);
  const alert = page.getByRole("region", { name: "险情未处置" });
  await expect(alert).toContainText("先打电话");
  await expect(alert).not.toContainText("提醒本站联络员");
  await accessible(page);
  await picture(page, "danger-phone");
  await alert.getByRole("button", { name: "我来处理" }).click();
  await expect(alert).toHaveCount(0);
  await expect(bar(page)).toHaveCount(0);
});

test("none of many dangers is hidden behind the others", async ({ liaison: page, server }) => {
  for (let i = 1; i <= 8; i++) await danger(page, server, `alarm-many-${i}`, `第${i}号码头有人落水，快来救人！`);
  await page.goto("/console/people");
  await expect(bar(page).getByRole("listitem")).toHaveCount(8);
  await expect(bar(page).getByRole("listitem").first()).toContainText("第8号码头");
  await expect(bar(page).getByRole("listitem").first()).toBeInViewport();
  await accessible(page);
  await picture(page, "alarm-many");
});
