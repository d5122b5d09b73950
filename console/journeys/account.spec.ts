import { createHmac } from "node:crypto";
import { accessible } from "./axe";
import { expect, person, signIn, test } from "./support";

/** The code an authenticator app shows at the time, in milliseconds (RFC 6238). */
function totp(secret: string, at: number): string {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const n = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff;
  return String(n % 1_000_000).padStart(6, "0");
}

// Colours that are still changing would be read as too pale.
test.use({ contextOptions: { reducedMotion: "reduce" } });

const password = "渡口的船 早上六点开";

test("a liaison sets password and app, signs in by them, and ends another computer's session", async ({ liaison: page, server, browser }) => {
  const sun = person(server, "liaison");
  await page.goto("/console/account");
  await expect(page.getByRole("region", { name: "动态码" })).toBeVisible();
  const account = /账号 (\S+@[a-z]+)/.exec(await page.getByText(/^账号 l/).innerText())?.[1] ?? "";
  expect(account).toContain(`${sun.id}@`);
  await expect(page.getByText("还没有设置；设置密码并启用动态码后")).toBeVisible();

  await page.getByLabel("新密码").fill("too short");
  await page.getByLabel("再填一次").fill("too shor");
  await page.getByRole("button", { name: "保存密码" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /^两次填写的密码不一样$/ })).toBeVisible();
  await page.getByLabel("再填一次").fill("too short");
  await page.getByRole("button", { name: "保存密码" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "密码须为 10 至 128 个字符" })).toBeVisible();
  await page.getByLabel("新密码").fill(password);
  await page.getByLabel("再填一次").fill(password);
  await page.getByRole("button", { name: "保存密码" }).click();
  await expect(page.getByText("密码已保存")).toBeVisible();

  await page.getByRole("button", { name: "启用动态码" }).click();
  await expect(page.getByRole("img", { name: /动态码二维码/ })).toBeVisible();
  const secret = (await page.locator("code").innerText()).trim();
  await page.getByLabel("应用里显示的 6 位数字").fill("000000");
  await page.getByRole("button", { name: "确认启用" }).click();
  await expect(page.getByText("动态码不对，请核对手机时间后重试")).toBeVisible();
  const now = Date.now();
  await page.getByLabel("应用里显示的 6 位数字").fill(totp(secret, now));
  await page.getByRole("button", { name: "确认启用" }).click();
  await expect(page.locator(".codes li")).toHaveCount(10);
  const recovery = (await page.locator(".codes li").first().innerText()).trim();
  await expect(page.getByText("还剩 10 个备用码")).toBeVisible();
  await accessible(page);

  await page.getByRole("button", { name: new RegExp(sun.name) }).click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await expect(page.getByRole("img", { name: "登录二维码" })).toBeVisible();
  await page.goto("/console/account");
  await expect(page.getByRole("heading", { name: "码上 · 联络员工作台" })).toBeVisible();

  // By the keyboard alone: the way of signing in, the three fields, Enter.
  await page.getByRole("radio", { name: "手机扫码" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByLabel("账号")).toBeVisible();
  await accessible(page);
  const type = async (label: string, text: string): Promise<void> => {
    await page.keyboard.press("Tab");
    await expect(page.getByLabel(label, { exact: true })).toBeFocused();
    await page.keyboard.insertText(text);
  };
  await type("账号", account);
  await type("密码", password);
  await type("动态码", "000000");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("账号、密码或动态码不对");
  await expect(page.getByLabel("动态码", { exact: true })).toHaveValue("");
  await expect(page.getByLabel("动态码", { exact: true })).toBeFocused();
  // The code that confirmed the app is spent; the next one is good already.
  await page.keyboard.insertText(totp(secret, now + 30_000));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "已登录的电脑" })).toBeVisible(); // where they wanted to go
  await expect(page.getByText(/密码和动态码登录于/)).toBeVisible();

  const elsewhere = await browser.newContext({ baseURL: server.url });
  await signIn(elsewhere, server, sun.openid);
  const other = await elsewhere.newPage();
  await other.goto("/console/account");
  await expect(other.getByRole("button", { name: new RegExp(sun.name) })).toBeVisible();
  await page.reload();
  await expect(page.locator(".seats li")).toHaveCount(2);
  await page.getByRole("button", { name: /^结束/ }).click();
  await expect(page.getByText("已结束那里的登录")).toBeVisible();
  await expect(page.locator(".seats li")).toHaveCount(1);
  await other.reload();
  await expect(other.getByRole("img", { name: "登录二维码" })).toBeVisible();

  // The app is lost: a code on paper stands in, once.
  await other.getByText("密码和动态码", { exact: true }).click();
  for (const words of ["还剩 9 个备用码", "账号、密码或动态码不对"]) {
    await other.getByLabel("账号").fill(account);
    await other.getByLabel("密码", { exact: true }).fill(password);
    await other.getByLabel("动态码", { exact: true }).fill(recovery);
    await other.getByRole("button", { name: "登录", exact: true }).click();
    await expect(other.getByText(words)).toBeVisible();
    await other.context().clearCookies();
    await other.goto("/console/login?to=/account");
    await other.getByText("密码和动态码", { exact: true }).click();
  }
  await elsewhere.close();
});

test("an account rests after five wrong tries, and says how to get in", async ({ page }) => {
  await page.goto("/console/login");
  await page.getByText("密码和动态码", { exact: true }).click();
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText("请填写账号、密码和动态码");
  const tried = (): Promise<unknown> => page.waitForResponse((r) => r.url().endsWith("/console/sessions"));
  for (let n = 1; n <= 6; n++) {
    await page.getByLabel("账号").fill("nobody@hexi");
    await page.getByLabel("密码", { exact: true }).fill("not the password");
    await page.getByLabel("动态码", { exact: true }).fill("123456");
    const answered = tried();
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await answered;
    await expect(page.getByRole("alert")).toContainText(n <= 5 ? "账号、密码或动态码不对" : "试错次数太多，请 15 分钟后再试，或用手机扫码登录");
  }
  await accessible(page);
});
