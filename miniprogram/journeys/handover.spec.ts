import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { APIRequestContext, Browser, BrowserContext, Page } from "@playwright/test";
import { barriers, wide } from "./checks";
import { api, enter, expect, type Filed, file, memberCode, type Server, somebody, test, tokenOf } from "./support";

/** The folder for pictures of the two phones. They are taken only if SCREENS names one. */
const screens = process.env.SCREENS ? resolve(process.env.SCREENS) : "";

async function picture(page: Page, name: string): Promise<void> {
  if (!screens) return;
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: `${screens}/handover-${name}.png` });
}

/** A phone of somebody, in a browser of its own. */
function phoneOf(browser: Browser, server: Server, more: object = {}): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: 360, height: 740 }, locale: "zh-CN", timezoneId: "Asia/Shanghai", baseURL: server.url, permissions: ["clipboard-read", "clipboard-write"], ...more,
  });
}

async function filedFor(request: APIRequestContext, server: Server, nth: number, text: string): Promise<{ daughter: string; filed: Filed; member: string }> {
  const m = memberCode(server, nth);
  const daughter = somebody();
  const filed = await file(request, server, await tokenOf(request, server, daughter), { scene: m.key, kind: "help", text, on_behalf_of: { name: "王建国", relation: "父亲" } });
  return { daughter, filed, member: await tokenOf(request, server, m.openid) };
}

/** Logs in at a page of the client by an SMS. */
async function byPhone(page: Page, server: Server, phone: string): Promise<void> {
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发验证码" }).click();
  await expect(page.getByText("验证码已发出，5 分钟内有效")).toBeVisible();
  const { items } = (await (await page.request.get(`${server.url}/_emulator/texts`)).json()) as { items: { phone: string; code: string }[] };
  await page.getByLabel("验证码", { exact: true }).fill(items.find((t) => t.phone === phone)!.code);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

test("a daughter sends a card; a stranger who gets it gets nothing, her father takes it over, and both follow it", async ({ page, browser, server, request }) => {
  const { daughter, filed, member } = await filedFor(request, server, 20, "父亲的高龄补贴三个月没发了");
  await enter(page, server, daughter);
  await page.goto("/m/pages/mine/index");
  await expect(page.getByText("您替王建国提交的")).toBeVisible();
  await page.getByRole("button", { name: new RegExp(filed.number) }).click();
  // Two taps from the matter to the card.
  await page.getByRole("button", { name: /让王建国自己也能跟着办/ }).click();
  const send = page.getByRole("button", { name: "发给本人" });
  await expect(send).toBeVisible();
  const box = (await send.boundingBox())!;
  expect(box.y + box.height, "the card is on the first screen").toBeLessThan(740);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => Object.defineProperty(navigator, "share", { value: undefined }));
  await send.click();
  await expect(page.getByText("链接已复制，粘贴发给本人")).toBeVisible();
  const link = (await page.evaluate(() => navigator.clipboard.readText())).split("\n")[1]!;
  expect(link).toMatch(/\/m\/pages\/takeover\/index#[a-z0-9]{24}$/);
  const path = link.slice(link.indexOf("/m/"));
  await picture(page, "offer");
  expect(await barriers(page)).toEqual([]);

  // The forwarded card, opened by a stranger.
  const other = await phoneOf(browser, server);
  const strangers = await other.newPage();
  await enter(strangers, server, somebody());
  await strangers.goto(path);
  await expect(strangers, "the secret does not stay in the address").not.toHaveURL(/#/);
  await strangers.getByRole("button", { name: "接过来" }).click();
  const wrong = await strangers.locator(".takeover-digits").innerText();
  for (const words of ["高龄补贴", "王建国", filed.number]) await expect(strangers.getByText(words)).toHaveCount(0);

  // The father, who logs in on the way.
  const his = await phoneOf(browser, server);
  const fathers = await his.newPage();
  await fathers.goto(path);
  await picture(fathers, "card");
  await fathers.getByRole("button", { name: "接过来" }).click();
  await byPhone(fathers, server, `139${String(Date.now()).slice(-8)}`);
  const right = await fathers.locator(".takeover-digits").innerText();
  expect(right).toMatch(/^\d\d$/);
  expect(right).not.toBe(wrong);
  await picture(fathers, "check");
  expect(await barriers(fathers)).toEqual([]);

  // She asks him, mistypes once, and gives it to him.
  await expect(page.getByRole("heading", { name: "有人打开了" })).toBeVisible();
  await picture(page, "claimed");
  const neither = ["10", "11", "12"].find((n) => n !== right && n !== wrong)!;
  await page.getByLabel("对方手机上的两位数").fill(neither);
  await page.getByRole("button", { name: "是本人，交给王建国" }).click();
  await expect(page.getByRole("alert")).toContainText("对不上");
  await page.getByLabel("对方手机上的两位数").fill(right);
  await page.getByRole("button", { name: "是本人，交给王建国" }).click();
  await expect(page.getByText("已经交给王建国了")).toBeVisible();
  await picture(page, "done");

  await expect(fathers.getByText("父亲的高龄补贴三个月没发了").first()).toBeVisible();
  await expect(fathers.getByText("替您提交的人也在看")).toBeVisible();
  await fathers.getByText("替您提交的人也在看").scrollIntoViewIfNeeded();
  await picture(fathers, "his");
  await expect(strangers.getByText(/这张卡片已经用不了了/)).toBeVisible();
  await strangers.goto("/m/pages/mine/index");
  await expect(strangers.getByText("还没有反映过事情")).toBeVisible();

  // Both follow it: she helps to answer, deciding is his.
  const now = await api<{ version: number }>(request, server, member, "get", `/submissions/${filed.id}`);
  await api(request, server, member, "post", `/submissions/${filed.id}/ask`, { version: now.version, text: "老人身份证在哪里办的？" });
  await page.getByRole("button", { name: "看这件事" }).click();
  await expect(page.getByText("老人身份证在哪里办的？")).toBeVisible();
  await expect(page.getByRole("button", { name: "撤回", exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "回话", exact: true }).click();
  await page.getByRole("textbox").first().fill("在镇派出所办的");
  await page.getByRole("button", { name: "发出", exact: true }).click();
  await expect(page.getByText("已补充")).toBeVisible();
  await picture(page, "hers");
  await fathers.goto("/m/pages/mine/index");
  await expect(fathers.getByText("别人替您提交的")).toBeVisible();
  await fathers.getByRole("button", { name: new RegExp(filed.number) }).click();
  await expect(fathers.getByText("代群众提交的人补充：在镇派出所办的")).toBeVisible();

  // He ends it.
  await fathers.getByText("替您提交的人也在看").click();
  await fathers.getByRole("button", { name: "不让对方再看" }).click();
  await expect(fathers.getByText("替您提交的人也在看")).toHaveCount(0);
  await page.goto("/m/pages/mine/index");
  await expect(page.getByText("还没有反映过事情")).toBeVisible();
  await other.close();
  await his.close();
});

test("six digits said on the telephone are for one number, and are taken back", async ({ page, browser, server, request }) => {
  const { daughter, filed } = await filedFor(request, server, 21, "水管冻裂了没人修");
  await enter(page, server, daughter);
  await page.goto(`/m/pages/handover/index?id=${filed.id}`);
  await page.getByLabel("王建国的手机号").fill("12");
  await page.getByRole("button", { name: "生成六位数字" }).click();
  await expect(page.getByRole("alert")).toHaveText("请填写 11 位手机号");
  const number = `138${String(Date.now()).slice(-8)}`;
  const digits = async (): Promise<string> => {
    await page.getByLabel("王建国的手机号").fill(number);
    await page.getByRole("button", { name: /生成六位数字|换一组数字/ }).click();
    await expect(page.getByText(`只有 ${number.slice(0, 3)}****${number.slice(-4)} 能用`)).toBeVisible();
    return page.locator(".handover-digits").innerText();
  };
  const first = await digits();
  expect(first).toMatch(/^\d{3} \d{3}$/);
  await page.locator(".handover-digits").scrollIntoViewIfNeeded();
  await picture(page, "digits");

  const his = await phoneOf(browser, server);
  const fathers = await his.newPage();
  await enter(fathers, server, somebody());
  await fathers.goto("/m/pages/takeover/index");
  await fathers.getByLabel("六位数字").fill("12");
  await fathers.getByRole("button", { name: "接过来" }).click();
  await expect(fathers.getByRole("alert")).toHaveText("请填六位数字");
  // A session that has proved no number is not enough.
  await fathers.getByLabel("六位数字").fill(first);
  await fathers.getByRole("button", { name: "接过来" }).click();
  await expect(fathers.getByText("请用那个手机号登录，再填一次")).toBeVisible();
  await picture(fathers, "needs-phone");
  await fathers.getByRole("button", { name: "用那个手机号登录" }).click();
  await byPhone(fathers, server, number);

  // Taken back meanwhile: the digits say no more than that they do not work.
  await page.getByRole("button", { name: "收回，先不交了" }).click();
  await expect(page.getByText("已收回。发出去的卡片、二维码和数字都不能用了。")).toBeVisible();
  await fathers.getByLabel("六位数字").fill(first);
  await fathers.getByRole("button", { name: "接过来" }).click();
  await expect(fathers.getByRole("alert")).toContainText("六位数字不对或已过期");

  await page.getByRole("button", { name: "重新发" }).click();
  await fathers.getByLabel("六位数字").fill(await digits());
  await fathers.getByRole("button", { name: "接过来" }).click();
  await expect(fathers.getByText("水管冻裂了没人修").first()).toBeVisible();
  await expect(page.getByText("已经交给王建国了")).toBeVisible();
  await expect(page.getByText("您还能看进展、帮着回话")).toBeVisible();
  await his.close();
});

test("whoever logs in over the page after a session ended gets nothing of what the former user handed over", async ({ page, server, request }) => {
  const { daughter, filed } = await filedFor(request, server, 24, "门前的沟堵了");
  const token = await enter(page, server, daughter);
  await page.goto(`/m/pages/handover/index?id=${filed.id}`);
  await page.getByLabel("王建国的手机号").fill("13600136000");
  await page.getByRole("button", { name: "生成六位数字" }).click();
  await expect(page.locator(".handover-digits")).toBeVisible();
  await request.delete(`${server.url}/api/v1/sessions`, { headers: { Authorization: `Bearer ${token}` } });
  await page.getByRole("button", { name: "重新登录" }).click();
  await page.getByRole("button", { name: "以群众、游客身份进入" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "登录" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "再试一次" })).toBeVisible();
  await expect(page.getByText("已经交给")).toHaveCount(0);
  await expect(page.getByText("王建国")).toHaveCount(0);
  await expect(page.locator(".handover-digits, .handover-qr")).toHaveCount(0);
});

test("a card that too many opened is sent again, and a taking over whose answer was lost is repeated", async ({ page, browser, server, request }) => {
  const { daughter, filed } = await filedFor(request, server, 23, "院墙裂了一道缝");
  await enter(page, server, daughter);
  await page.goto(`/m/pages/handover/index?id=${filed.id}`);
  await expect(page.getByRole("button", { name: "发给本人" })).toBeVisible();
  const token = await tokenOf(request, server, daughter);
  const offer = await api<{ token: string }>(request, server, token, "get", `/submissions/${filed.id}/handover`);
  for (let i = 0; i < 5; i++) await api(request, server, await tokenOf(request, server, somebody()), "post", "/handovers", { token: offer.token });
  await expect(page.getByText("已经有 5 个人打开过")).toBeVisible();
  const his = await phoneOf(browser, server);
  const fathers = await his.newPage();
  await enter(fathers, server, somebody());
  await fathers.goto(`/m/pages/takeover/index#${offer.token}`);
  await fathers.getByRole("button", { name: "接过来" }).click();
  await expect(fathers.getByText("请让发给您的人收回后再发一次")).toBeVisible();
  await page.getByRole("alert").getByRole("button", { name: "重新发" }).click();
  await expect(page.getByText("已经有 5 个人打开过")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "发给本人" })).toBeVisible();

  const number = `137${String(Date.now()).slice(-8)}`;
  await page.getByLabel("王建国的手机号").fill(number);
  await page.getByRole("button", { name: "生成六位数字" }).click();
  const digits = await page.locator(".handover-digits").innerText();
  await fathers.getByRole("button", { name: "用六位数字接手" }).click();
  await fathers.getByLabel("六位数字").fill(digits);
  await fathers.getByRole("button", { name: "接过来" }).click();
  await fathers.getByRole("button", { name: "用那个手机号登录" }).click();
  await byPhone(fathers, server, number);
  let lost = 0;
  await fathers.route("**/api/v1/takeovers", async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await fathers.getByLabel("六位数字").fill(digits);
  await fathers.getByRole("button", { name: "接过来" }).click();
  await expect.poll(() => lost).toBe(1);
  await expect(fathers.getByRole("alert").filter({ hasText: "网络" })).toBeVisible();
  await fathers.getByRole("button", { name: "接过来" }).click();
  await expect(fathers.getByText("院墙裂了一道缝").first()).toBeVisible();
  await his.close();
});

for (const mode of ["elder", "dark", "english", "narrow"] as const) {
  test(`handing over can be used by everybody, ${mode}`, async ({ browser, server, request }) => {
    const { daughter, filed } = await filedFor(request, server, 22, "路灯不亮");
    const token = await tokenOf(request, server, daughter);
    const offer = await api<{ token: string }>(request, server, token, "post", `/submissions/${filed.id}/handover`, { phone: "13900139000" });
    const context = await phoneOf(browser, server, {
      colorScheme: mode === "dark" ? "dark" : "light", locale: mode === "english" ? "en-US" : "zh-CN", viewport: { width: mode === "narrow" ? 320 : 360, height: 740 },
    });
    const look = async (as: string, path: string, name: string, before?: (p: Page) => Promise<void>): Promise<void> => {
      const p = await context.newPage();
      await enter(p, server, as);
      if (mode === "elder") await p.addInitScript(() => localStorage.setItem("mashang.size", JSON.stringify({ type: "string", data: '"elder"' })));
      await p.goto(path);
      await before?.(p);
      await p.waitForLoadState("networkidle");
      expect(await barriers(p), name).toEqual([]);
      expect(await wide(p), name).toBe(false);
      if (mode === "english") expect((await p.locator(".page-body").innerText()).replace(/王建国|码上/g, ""), name).not.toMatch(/[\u4e00-\u9fff]/);
      await picture(p, `${name}-${mode}`);
      if (screens) await p.screenshot({ path: `${screens}/handover-${name}-${mode}-whole.png`, fullPage: true });
      await p.close();
    };
    const father = somebody();
    await look(father, "/m/pages/takeover/index", "take");
    await look(father, `/m/pages/takeover/index#${offer.token}`, "claim", (p) => p.getByRole("button", { name: mode === "english" ? "Take over" : "接过来" }).click());
    await look(daughter, `/m/pages/handover/index?id=${filed.id}`, "give", (p) => expect(p.getByRole("heading", { name: mode === "english" ? "Somebody opened it" : "有人打开了" })).toBeVisible());
    await context.close();
  });
}
