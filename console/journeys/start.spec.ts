import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, person, settled, signIn, test } from "./support";

// A server of its own: nothing has been scanned or filed there yet.
test.use({ alone: "start" });

test("the first day: what is left is told, leads where it is done, and goes by itself", async ({ liaison: page, server }) => {
  const menu = page.getByRole("navigation", { name: "主菜单" });
  const card = page.getByRole("region", { name: "开始使用：还差 1 步" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/console/now");
  await expect(card).toContainText("下一步：第一次扫码或第一件诉求");
  await expect(card).toBeInViewport();
  await settled(page);
  await accessible(page);
  await picture(page, "start-now");

  // The page says of each step what there is, and where it is done.
  await card.getByRole("link", { name: "看全部 8 步" }).click();
  await expect(page.getByText("8 步做好了 7 步")).toBeVisible();
  const steps = page.getByRole("region", { name: "要做的事" }).getByRole("listitem");
  await expect(steps).toHaveCount(8);
  await expect(page.locator("[data-step=wechat]")).toContainText("演示");
  await expect(page.locator("[data-step=duty]")).toContainText(/\d+ 班/);

  // The connection is examined on demand, and what is wrong comes with what to do.
  const check = page.locator("[data-step=wechat]");
  await check.getByRole("button", { name: "现在检查" }).click();
  const found = page.getByRole("region", { name: "微信检查的结果" });
  await expect(found).toContainText("演示：微信由本系统模拟");
  await expect(found).toBeFocused();
  await page.route("**/platform-check", (r) => r.fulfill({ json: { findings: [
    { mark: "good", text: "微信：可以连通，时钟相差 0s", more: [] },
    { mark: "bad", text: "微信：本机 IP 不在白名单里", more: ["要加入的 IP：203.0.113.7，几分钟后生效"] },
  ] } }));
  await check.getByRole("button", { name: "再检查一次" }).click();
  await expect(found).toContainText("1 项必须处理，0 项请留意");
  await expect(found).toContainText("203.0.113.7");
  await page.unroute("**/platform-check");
  await expect(page.locator("li.next")).toContainText("用自己的手机扫一张码牌");
  await settled(page);
  await accessible(page);
  await picture(page, "start");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await accessible(page);
  await picture(page, "start-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  const links: [string, string, string][] = [["roster", "/people/import", "导入名册"], ["calendar", "/routing?tab=calendar", "分派与时限"], ["member", "/people/invitations", "发邀请码"], ["first", "/codes/signs", "做码牌"]];
  for (const [step, path, title] of links) {
    await page.locator(`[data-step=${step}]`).getByRole("link").click();
    await expect(page).toHaveURL(new RegExp(`${path.replace("?", "\\?")}$`));
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await menu.getByRole("link", { name: "开始使用" }).click();
  }

  // Hidden, it stays hidden for this person alone, until they want it back.
  await page.getByRole("button", { name: "不再显示" }).click();
  await expect(menu.getByRole("link", { name: "开始使用" })).toHaveCount(0);
  await page.goto("/console/now");
  await expect(page.getByText("都处理完了")).toBeVisible();
  await settled(page);
  await expect(card).toHaveCount(0);
  await page.goto("/console/start");
  await page.getByRole("button", { name: "重新显示" }).click();
  await expect(menu.getByRole("link", { name: "开始使用" })).toBeVisible();
  await page.goto("/console/now");
  await expect(card).toBeVisible();
  await card.getByRole("button", { name: "不再显示" }).click();
  await expect(card).toHaveCount(0);

  // An administrator still begins there; with the first submission it is over.
  const admin = await page.context().browser()!.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  const theirs = await admin.newPage();
  await signIn(admin, server, person(server, "admin").openid);
  await theirs.goto("/console/");
  await expect(theirs).toHaveURL(/\/console\/start$/);
  await file(page.request, server, "start-first", { scene: server.cast.codes.find((c) => c.kind === "place")!.key, text: "路灯不亮，晚上看不见路" });
  await theirs.getByRole("button", { name: "刷新" }).click();
  await expect(theirs.getByText("都做好了，可以接诉求了")).toBeVisible();
  await expect(theirs.getByRole("navigation", { name: "主菜单" }).getByRole("link", { name: "开始使用" })).toHaveCount(0);
  await picture(theirs, "start-over");
  expect(await call(admin.request, server, "", "get", "/station/start")).toMatchObject({ left: 0, over: true });
  await theirs.goto("/console/");
  await expect(theirs).toHaveURL(/\/console\/people$/);
  await admin.close();
});
