import type { Page, Route } from "@playwright/test";
import { api, enter, expect, file, memberCode, photo, somebody, test, tokenOf } from "./support";

/** What happens beside what somebody writes takes nothing from them. */

const later = 21_000;

/** Lets the pages' time pass at the test's word. */
async function ownTime(page: Page): Promise<void> {
  await page.clock.install();
}

/** Ends a session at the server alone. */
async function endSession(page: Page, url: string, token: string): Promise<void> {
  await page.request.delete(`${url}/api/v1/sessions`, { headers: { Authorization: `Bearer ${token}` } });
}

async function choose(page: Page, n: number): Promise<void> {
  const photos = [];
  for (let i = 0; i < n; i++) photos.push({ ...(await photo(page)), name: `${i}.jpg` });
  const picked = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "从相册选" }).click();
  await (await picked).setFiles(photos);
}

test("what a member writes, with its photos, is there after the page was closed without a line", async ({ page, context, server, request }) => {
  const m = memberCode(server, 0);
  const filed = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key });
  await enter(page, server, m.openid);
  const address = `/m/pages/matter/index?id=${filed.id}&as=member`;
  await page.goto(address);
  await page.getByRole("button", { name: "答复", exact: true }).click();
  await page.getByLabel("写给对方").fill("已退还二十元，票在照片里");
  await context.setOffline(true);
  await choose(page, 3);
  await expect(page.getByText("已选 3 张")).toBeVisible();
  // The photos lie where there is room for them.
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage).match(/"file\\+":/g)?.length ?? 0)).toBe(3);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("data:image");
  await context.setOffline(false);
  await page.goto("/m/pages/privacy/index");
  await page.goto(`${address}&act=reply`);
  await expect(page.getByLabel("写给对方")).toHaveValue("已退还二十元，票在照片里");
  await expect(page.getByText("✓ 已传好")).toHaveCount(3);
  await page.getByRole("button", { name: "发出答复" }).click();
  await expect(page.getByText("已答复", { exact: true }).first()).toBeVisible();
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((k) => k.includes(".act.")))).toEqual([]);
});

test("a session that ends in the background leaves the form, and sending goes on after the login", async ({ page, server, request }) => {
  const m = memberCode(server, 1);
  const openid = somebody();
  const token = await enter(page, server, openid);
  const filed = await file(request, server, await tokenOf(request, server, openid), { scene: m.key, text: "民宿不退定金" });
  await page.addInitScript((id) => localStorage.setItem("mashang.played", JSON.stringify({ type: "string", data: JSON.stringify(id) })), openid);
  await ownTime(page);
  await page.goto(`/m/pages/matter/index?id=${filed.id}`);
  await expect(page.getByRole("button", { name: "补充", exact: true })).toBeVisible();
  await endSession(page, server.url, token);
  const asked = page.waitForResponse((r) => r.status() === 401);
  await page.clock.runFor(later);
  await asked;
  await expect(page.getByText("登录过期了")).toBeVisible();
  await page.getByRole("button", { name: "补充", exact: true }).click();
  await page.getByLabel("写给委员").fill("河边人家");
  const send = page.getByRole("button", { name: "发出", exact: true });
  await expect(send).toBeInViewport({ ratio: 1 });
  await send.click();
  await expect(page.getByRole("heading", { level: 1, name: "登录" })).toBeVisible();
  await expect(page.getByText("登录以后自动发出去")).toBeVisible();
  // Whoever comes back without logging in finds the form, and nothing was sent.
  await page.goBack();
  await expect(page.getByLabel("写给委员")).toHaveValue("河边人家");
  const reader = await tokenOf(request, server, openid);
  const timeline = async (): Promise<{ text?: string }[]> => (await api<{ timeline: { text?: string }[] }>(request, server, reader, "get", `/submissions/${filed.id}`)).timeline;
  expect((await timeline()).filter((e) => e.text === "河边人家")).toHaveLength(0);
  await send.click();
  await expect(page.getByRole("heading", { level: 1, name: "登录" })).toBeVisible();
  await page.getByRole("button", { name: "以群众、游客身份进入" }).click();
  await expect(page.getByText("已补充", { exact: true })).toBeVisible();
  await expect(page.getByText("登录过期了")).toHaveCount(0);
  expect((await timeline()).filter((e) => e.text === "河边人家")).toHaveLength(1);
});

test("a member whose session ends in the background keeps the queue and its tab", async ({ page, server, request }) => {
  const m = memberCode(server, 2);
  const filed = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key });
  const token = await enter(page, server, m.openid);
  await ownTime(page);
  await page.goto("/m/pages/inbox/index");
  const card = page.locator(".ui-matter", { hasText: filed.number });
  await expect(card).toBeVisible();
  await endSession(page, server.url, token);
  const asked = page.waitForResponse((r) => r.status() === 401);
  await page.clock.runFor(later);
  await asked;
  await expect(page.getByRole("button", { name: "重新登录" })).toBeVisible();
  await expect(card).toBeVisible();
  await expect(page.getByText("请用工作站给的邀请码绑定")).toHaveCount(0);
  await page.getByRole("button", { name: "重新登录" }).click();
  await page.getByRole("button", { name: new RegExp(`^${m.name}`) }).click();
  await expect(card).toBeVisible();
  await expect(page.getByRole("button", { name: "重新登录" })).toHaveCount(0);
});

test("an older answer of the server does not undo what was just done", async ({ page, server, request }) => {
  const m = memberCode(server, 3);
  const filed = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key });
  await enter(page, server, m.openid);
  await ownTime(page);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await expect(page.getByRole("button", { name: "受理", exact: true })).toBeVisible();
  // The next reading is answered before 受理, and its answer comes only after it.
  let let_go = (): void => undefined;
  const accepted = new Promise<void>((done) => (let_go = done));
  let answered = (): void => undefined;
  const before = new Promise<void>((done) => (answered = done));
  const held: Promise<unknown>[] = [];
  await page.route(`**/api/v1/submissions/${filed.id}`, async (route: Route) => {
    const answer = await route.fetch();
    answered();
    held.push(accepted.then(() => route.fulfill({ response: answer })));
  });
  await page.clock.runFor(later);
  await before;
  await page.getByRole("button", { name: "受理", exact: true }).click();
  await expect(page.locator(".standing")).toContainText("办理中");
  const late = page.waitForResponse((r) => r.url().endsWith(`/submissions/${filed.id}`));
  let_go();
  await late;
  await Promise.all(held);
  await page.clock.runFor(100);
  await expect(page.locator(".standing")).toContainText("办理中");
});

test("the first answer comes while somebody reads: what they unfolded stays, and so does an open list of acts", async ({ page, server, request }) => {
  const m = memberCode(server, 4);
  const openid = somebody();
  const token = await enter(page, server, openid);
  const long = "出停车场时多收了我二十元，没有给票，收费员也不解释。".repeat(40);
  const filed = await file(request, server, token, { scene: m.key, text: long });
  const his = await tokenOf(request, server, m.openid);
  await ownTime(page);
  await page.goto(`/m/pages/matter/index?id=${filed.id}`);
  await page.getByRole("button", { name: "展开全文" }).click();
  await api(request, server, his, "post", `/submissions/${filed.id}/reply`, { version: filed.version, text: "已退还二十元" });
  await page.getByRole("button", { name: "更多", exact: true }).click();
  let asked = 0;
  page.on("request", (r) => (asked += r.url().endsWith(`/submissions/${filed.id}`) ? 1 : 0));
  await page.clock.runFor(later);
  await page.evaluate(async () => (await fetch("/readyz")).text()); // whatever was asked before has been counted
  expect(asked).toBe(0);
  await expect(page.getByRole("dialog", { name: "更多" })).toBeVisible();
  await expect(page.getByText("已退还二十元")).toHaveCount(0);
  await page.getByRole("button", { name: "取消" }).click();
  const read = page.waitForResponse((r) => r.url().endsWith(`/submissions/${filed.id}`));
  await page.clock.runFor(later);
  await read;
  await expect(page.getByText("已退还二十元")).toBeVisible();
  await expect(page.getByRole("button", { name: "收起" })).toBeVisible();
});

test("a form is read from its heading, and the first wrong field has the focus", async ({ page, server, request }) => {
  const m = memberCode(server, 5);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key });
  const his = await tokenOf(request, server, m.openid);
  await api(request, server, his, "post", `/submissions/${filed.id}/accept`, { version: filed.version });
  await enter(page, server, m.openid);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await page.getByRole("button", { name: "更多", exact: true }).click();
  await page.getByRole("button", { name: "办结" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "办结" })).toBeFocused();
  const send = page.getByRole("region", { name: "这一页能做的" }).getByRole("button", { name: "办结" });
  await send.click();
  await expect(page.getByRole("radio").first()).toBeFocused();
  await expect(page.getByRole("group", { name: "结果" })).toHaveAccessibleDescription("请选办成了什么样");
  await page.getByRole("radio", { name: /已解释说明/ }).check();
  await send.click();
  await expect(page.getByLabel("怎么办的（对方会看到）")).toBeFocused();
  await page.getByRole("button", { name: "取消" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("undo works on the next step and after the page was left", async ({ page, server }) => {
  const m = memberCode(server, 6);
  await page.goto(`/m/pages/scan/index?key=${m.key}`);
  await page.getByRole("button", { name: /我要反映问题/ }).click();
  await page.getByLabel("写下来").fill("河边的垃圾没人收");
  await page.getByRole("button", { name: "下一步" }).click();
  await choose(page, 2);
  await expect(page.getByText("已选 2 张")).toBeVisible();
  await page.getByRole("button", { name: "删除第 1 张照片" }).click();
  await expect(page.getByText("已选 1 张")).toBeVisible();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "撤销" }).click();
  await page.getByRole("button", { name: "上一步" }).click();
  await expect(page.getByText("已选 2 张")).toBeVisible();
  await page.getByRole("button", { name: "上一步" }).click();

  await page.reload();
  await page.getByRole("button", { name: "从头写" }).click();
  await expect(page.getByLabel("写下来")).toHaveValue("");
  await page.getByRole("button", { name: "先不写了" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${m.name} 委员` })).toBeVisible();
  await page.getByRole("button", { name: "撤销" }).click();
  await page.getByRole("button", { name: /我要反映问题/ }).click();
  await expect(page.getByLabel("写下来")).toHaveValue("河边的垃圾没人收");
  await page.getByRole("button", { name: "下一步" }).click();
  await expect(page.getByText("已选 2 张")).toBeVisible();
});

test("one Escape closes a photo, each time, and one back leaves the page then", async ({ page, server, request }) => {
  const m = memberCode(server, 7);
  const openid = somebody();
  const token = await enter(page, server, openid);
  const upload = await request.post(`${server.url}/api/v1/uploads`, { headers: { Authorization: `Bearer ${token}` }, multipart: { file: await photo(page) } });
  const filed = await file(request, server, token, { scene: m.key, photos: [((await upload.json()) as { id: string }).id] });
  await page.goto("/m/pages/mine/index");
  await page.getByRole("button", { name: new RegExp(filed.number) }).click();
  const small = page.getByRole("button", { name: "第 1 张照片，点开看大图" });
  const viewer = page.getByRole("dialog", { name: "看照片" });
  for (let n = 0; n < 3; n++) {
    await small.press("Enter");
    await expect(viewer).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(viewer).toBeHidden();
    await expect(small).toBeFocused();
  }
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "我的诉求" })).toBeVisible();
});

test("consent says what it is, and only whoever filed is asked beside a matter", async ({ page, browser, server, request }) => {
  const m = memberCode(server, 8);
  const openid = somebody();
  const token = await enter(page, server, openid);
  const filed = await file(request, server, token, { scene: m.key });
  const his = await tokenOf(request, server, m.openid);
  const departments = await api<{ items: { id: string }[] }>(request, server, his, "get", "/departments");
  await api(request, server, his, "post", `/submissions/${filed.id}/assist`, { version: filed.version, department: departments.items[1]!.id, text: "请查一查", days: 2 });
  await page.goto(`/m/pages/matter/index?id=${filed.id}`);
  await page.getByRole("button", { name: "有答复就通知我" }).click();
  await expect(page.getByText("已开，下一次有消息会在微信里告诉您")).toBeVisible();
  // It was for this; new matters are another consent.
  const other = await (await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "zh-CN", baseURL: server.url })).newPage();
  await enter(other, server, "demo-department-02");
  await other.goto(`/m/pages/matter/index?id=${filed.id}`);
  await expect(other.getByRole("button", { name: "答复协办" })).toBeVisible();
  await other.waitForLoadState("networkidle");
  await expect(other.getByRole("button", { name: "有答复就通知我" })).toHaveCount(0);
  await other.context().close();
});
