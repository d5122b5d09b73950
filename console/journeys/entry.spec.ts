import { accessible } from "./axe";
import { call, expect, person, test, tokenOf } from "./support";

test("a liaison signs in by phone: the page follows", async ({ page, server }) => {
  const sun = person(server, "liaison");
  const token = await tokenOf(page.request, server, sun.openid);
  await page.goto("/console/now");
  await expect(page.getByRole("img", { name: "登录二维码" })).toBeVisible();
  await accessible(page);
  const offered = page.waitForResponse((r) => r.url().endsWith("/console/logins") && r.request().method() === "POST");
  await page.reload();
  const { id } = (await (await offered).json()) as { id: string };
  const number = (await page.locator(".digits strong").innerText()).trim();

  await call(page.request, server, token, "get", `/console/logins/${id}`);
  await expect(page.getByText("已扫码，请在手机上输入")).toBeVisible();
  await call(page.request, server, token, "post", `/console/logins/${id}/answer`, { allow: true, number });
  await expect(page.getByRole("button", { name: new RegExp(sun.name) })).toBeVisible();
  await accessible(page);
});

test("in the demo another window is the phone", async ({ page, context, server }) => {
  await page.goto("/console/login");
  const number = (await page.locator(".digits strong").innerText()).trim();
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: /在新窗口里打开这个码/ }).click();
  const phone = await opened;
  await phone.getByRole("button", { name: person(server, "liaison").name }).click();
  await phone.getByLabel("电脑屏幕上的两位数字").fill(number);
  await phone.getByRole("button", { name: "同意登录" }).click();
  await expect(phone.getByText("手机可以收起来了")).toBeVisible();
  await expect(page.getByRole("button", { name: new RegExp(person(server, "liaison").name) })).toBeVisible();
});
