import type { Browser, Page } from "@playwright/test";
import { enter, expect, type Server, somebody, test } from "./support";

/** A computer that shows the console's login, in a browser of its own. */
async function computer(browser: Browser, server: Server): Promise<{ screen: Page; address: string; number: string }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, hasTouch: false, baseURL: server.url });
  const screen = await context.newPage();
  const offered = screen.waitForResponse((r) => r.url().endsWith("/console/logins") && r.request().method() === "POST");
  await screen.goto("/console/");
  const { url } = (await (await offered).json()) as { url: string };
  await expect(screen.getByRole("img", { name: "登录二维码" })).toBeVisible();
  // The address names the installation; the phone here reaches it on this machine.
  return { screen, address: new URL(url).pathname + new URL(url).search, number: (await screen.locator(".digits strong").innerText()).trim() };
}

/** Returns a wrong number. */
const other = (number: string): string => (number === "10" ? "11" : "10");

test("a liaison's phone lets a computer in, and the computer follows", async ({ page, server, browser }) => {
  const sun = server.cast.liaisons[0]!;
  const { screen, address, number } = await computer(browser, server);

  // The phone has no session yet: it logs in and comes back to the code.
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1, name: "登录" })).toBeVisible();
  await page.getByRole("button", { name: sun.name }).click();
  await expect(page.getByRole("heading", { level: 1, name: "登录电脑工作台" })).toBeVisible();
  await expect(page.getByText("Linux · Chrome")).toBeVisible();
  await expect(page.getByText("只有您本人坐在这台电脑前时才同意")).toBeVisible();
  await expect(screen.getByText("已扫码，请在手机上输入")).toBeVisible();

  await page.getByRole("button", { name: "同意登录" }).click();
  await expect(page.getByRole("alert")).toHaveText("请看电脑屏幕，填上面的两位数字");
  await page.getByLabel("电脑屏幕上的两位数字").fill(other(number));
  await page.getByRole("button", { name: "同意登录" }).click();
  await expect(page.getByRole("alert")).toHaveText("数字不对，请看电脑屏幕上的两位数字");
  await page.getByLabel("电脑屏幕上的两位数字").fill(number);
  await page.getByLabel("电脑屏幕上的两位数字").press("Enter");
  await expect(page.getByText("手机可以收起来了")).toBeVisible();
  await expect(screen.getByRole("button", { name: new RegExp(sun.name) })).toBeVisible();

  // A login works once.
  await page.goto(address);
  await expect(page.getByText("这次登录已经处理过了")).toBeVisible();
  await screen.context().close();
});

test("a liaison refuses, and a wrong number twice ends a login", async ({ page, server, browser }) => {
  await enter(page, server, server.cast.liaisons[0]!.openid);
  const first = await computer(browser, server);
  await page.goto(first.address);
  await page.getByRole("button", { name: "拒绝" }).click();
  await expect(page.getByText("已拒绝，那台电脑没有登录")).toBeVisible();
  await expect(first.screen.getByText("手机上没有同意这次登录")).toBeVisible();
  await first.screen.context().close();

  const second = await computer(browser, server);
  await page.goto(second.address);
  const field = page.getByLabel("电脑屏幕上的两位数字");
  for (const words of ["数字不对，请看电脑屏幕上的两位数字", "数字不对，这次登录已取消"]) {
    await field.fill(other(second.number));
    await page.getByRole("button", { name: "同意登录" }).click();
    await expect(page.getByText(words)).toBeVisible();
  }
  await expect(field).toBeHidden();
  await expect(second.screen.getByText("手机上没有同意这次登录")).toBeVisible();
  await second.screen.getByRole("button", { name: "换一个二维码" }).click();
  await expect(second.screen.getByRole("button", { name: "换一个二维码" })).toBeHidden();
  await second.screen.context().close();
});

test("from the page of theirs the staff paste the address, and whoever is no staff is told so", async ({ page, server, browser }) => {
  const { screen, address, number } = await computer(browser, server);
  const visitor = await (await browser.newContext({ baseURL: server.url })).newPage();
  await enter(visitor, server, somebody());
  await visitor.goto(address);
  await expect(visitor.getByText("电脑工作台只给联络员和管理员用")).toBeVisible();
  await expect(visitor.getByRole("button", { name: "同意登录" })).toBeHidden();
  await visitor.context().close();

  await enter(page, server, server.cast.liaisons[1]!.openid);
  await page.goto("/m/pages/me/index");
  await page.getByRole("button", { name: "登录电脑工作台" }).click();
  await page.getByLabel("二维码里的网址").fill("https://example.cn/q/abcdefghjk");
  await page.getByRole("button", { name: "打开" }).click();
  await expect(page.getByRole("alert")).toHaveText("这不是登录码，请粘贴电脑上二维码里的网址");
  await page.getByLabel("二维码里的网址").fill(`https://ma.example.cn${address}`);
  await page.getByRole("button", { name: "打开" }).click();
  await page.getByLabel("电脑屏幕上的两位数字").fill(number);
  await page.getByRole("button", { name: "同意登录" }).click();
  await expect(page.getByText("手机可以收起来了")).toBeVisible();
  await expect(screen.getByRole("button", { name: new RegExp(server.cast.liaisons[1]!.name) })).toBeVisible();
  await screen.context().close();
});
