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
