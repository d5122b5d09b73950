import { enter, expect, file, memberCode, somebody, test, tokenOf } from "./support";

test("whoever writes of a danger can call before anything is sent", async ({ page, server }) => {
  const m = memberCode(server, 14);
  await enter(page, server, somebody());
  await page.goto(`/m/pages/file/index?key=${m.key}&kind=help`);
  const call = (number: string) => page.getByRole("link", { name: new RegExp(`^${number}\\b`) });
  await page.getByLabel("写下来").fill("跳楼价促销骗人");
  await expect(page.getByText("没有网络")).toHaveCount(0);
  await page.getByLabel("写下来").fill("着火了");
  await expect(call("119")).toHaveAttribute("href", "tel:119");
  await expect(call("110")).toBeVisible();
  await expect(page.locator("[aria-live=assertive]")).toContainText("119");
  await expect(page.getByText("先离开起火的地方")).toBeVisible();
  // It blocks nothing, and stays in sight on the next screens.
  await page.getByRole("button", { name: "下一步" }).click();
  await expect(call("119")).toBeInViewport();
  await page.getByRole("button", { name: "上一步" }).click();
  await page.getByLabel("写下来").fill("路灯坏了，请修");
  await expect(call("119")).toHaveCount(0);
});

test("a message on a matter shows the numbers as well", async ({ page, server, request }) => {
  const m = memberCode(server, 15);
  const openid = somebody();
  await enter(page, server, openid);
  const filed = await file(request, server, await tokenOf(request, server, openid), { scene: m.key, text: "门口路灯不亮" });
  await page.goto(`/m/pages/matter/index?id=${filed.id}`);
  await page.getByRole("button", { name: "补充", exact: true }).click();
  await page.locator("#act-text").fill("電梯困人了");
  await expect(page.getByRole("link", { name: /^119/ })).toBeVisible();
});
