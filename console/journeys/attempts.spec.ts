import { accessible } from "./axe";
import { picture } from "./picture";
import { expect, person, signIn, test } from "./support";

test.use({ alone: "attempts" });

test("the administrator sees what was refused", async ({ page, server }) => {
  await signIn(page.context(), server, person(server, "admin").openid);
  await page.goto("/console/attempts?kind=too_many");
  await expect(page.getByText("没有这一种")).toBeVisible();
  await picture(page, "attempts-empty");
  const liaison = person(server, "liaison");
  const { station } = (await (await page.request.get(`${server.url}/api/v1/console/session`)).json()) as { station: string };
  for (const password of ["guessed once", "guessed twice"]) {
    const r = await page.request.post(`${server.url}/api/v1/console/sessions`, {
      headers: { origin: server.url },
      data: { account: `${liaison.id}@${station}`, password, code: "000000" },
    });
    expect(r.status()).toBe(422);
  }
  await page.request.get(`${server.url}/api/v1/submissions/lj-0000000000000000`, { headers: { authorization: "Bearer none" } });
  await page.goto("/console/attempts");
  await expect(async () => {
    await page.getByRole("button", { name: "刷新" }).click();
    await expect(page.getByRole("row").filter({ hasText: "验证失败" })).toHaveCount(1, { timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText("没有登录").first()).toBeVisible();
  await picture(page, "attempts");
  await accessible(page);
});

test("a liaison does not", async ({ liaison }) => {
  await liaison.goto("/console/now");
  await expect(liaison.getByRole("navigation")).not.toContainText("异常访问");
});
