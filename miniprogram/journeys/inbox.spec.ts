import { api, enter, expect, file, memberCode, placeCode, somebody, test, tokenOf } from "./support";

test.use({ viewport: { width: 360, height: 740 } });

test("the clerk of a department finds what was asked of them without the notice, and answers from the card", async ({ page, server, request }) => {
  const m = memberCode(server, 12);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key, text: "市场门口的秤不准，少了二两" });
  const member = await tokenOf(request, server, m.openid);
  await api(request, server, member, "post", `/submissions/${filed.id}/assist`, { version: filed.version, department: "d02", text: "请核对这家的秤", days: 1 });

  await enter(page, server, "demo-department-02");
  await page.goto("/m/pages/me/index");
  await page.getByRole("button", { name: /^待办，\d+ 件$/ }).click();
  await expect(page.getByRole("button", { name: /^协办 \d+/ })).toBeVisible();
  const card = page.locator(".ui-matter", { hasText: filed.number });
  await expect(card).toContainText("请您：请核对这家的秤");
  // The deadline is the clerk's own.
  const mine = await api<{ items: { id: string; assists: { mine?: boolean; due_at: string }[] }[] }>(request, server, await tokenOf(request, server, "demo-department-02"), "get", "/assists");
  const own = Date.parse(mine.items.find((s) => s.id === filed.id)!.assists.find((a) => a.mine)!.due_at);
  const hours = Math.floor((own - Date.now()) / 3_600_000);
  await expect(card).toContainText(hours < 24 ? `还有 ${hours} 小时` : `还有 ${Math.floor(hours / 24)} 天`);
  await card.getByRole("button", { name: /^答复协办/ }).click();
  await page.locator("#act-text").fill("已核对，责令换秤");
  await page.getByRole("button", { name: "发出", exact: true }).click();
  await expect(page.getByText("已答复协办")).toBeVisible();
  await page.getByRole("button", { name: "返回" }).click();
  await expect(page.locator(".ui-matter", { hasText: filed.number })).toHaveCount(0);
  await page.getByRole("button", { name: "协办过的" }).click();
  await expect(page.locator(".ui-matter", { hasText: filed.number })).toBeVisible();
});

test("a member's list follows by itself, keeps its place and shows what is new", async ({ page, server, request }) => {
  const m = memberCode(server, 13);
  const visitor = await tokenOf(request, server, somebody());
  const filed = [];
  for (let n = 0; n < 8; n++) filed.push(await file(request, server, visitor, { scene: m.key, text: `第 ${n + 1} 件：路口的灯不亮，晚上看不见路` }));
  await enter(page, server, m.openid);
  await page.goto("/m/pages/inbox/index");
  await expect(page.getByRole("button", { name: "要办的 8" })).toBeVisible();
  await expect(page.getByRole("button", { name: "待办，8 件" })).toBeVisible();

  // Opening one far below and coming back leaves the list where it was.
  const number = /\d{6}-\d{4}/.exec((await page.locator(".ui-matter").nth(6).textContent()) ?? "")?.[0];
  const seventh = filed.find((f) => f.number === number)!;
  const far = page.locator(".ui-matter", { hasText: seventh.number });
  await far.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  expect(before).toBeGreaterThan(300);
  await far.locator(".ui-tap").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(seventh.number);
  await page.goBack();
  await expect(far).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(before);

  // Accepted on the card, in one tap.
  await far.getByRole("button", { name: /^受理/ }).click();
  await expect(page.getByText("已受理，对方会看到")).toBeVisible();
  await expect(far.getByRole("button", { name: /^办结/ })).toBeVisible();
  await expect(far.getByRole("img", { name: "有新情况" })).toHaveCount(0);

  // What the visitor adds, and what is newly filed, come without a press.
  await api(request, server, visitor, "post", `/submissions/${seventh.id}/messages`, { text: "今天更暗了" });
  const fresh = await file(request, server, visitor, { scene: m.key, text: "第 9 件：井盖松了" });
  await expect(page.locator(".ui-matter", { hasText: fresh.number })).toBeVisible({ timeout: 40_000 });
  await expect(far.getByRole("img", { name: "有新情况" })).toBeVisible();
  await expect(page.getByRole("button", { name: "要办的 9" })).toBeVisible();
});

test("a liaison on a phone sees a danger first, takes it, and gives on what waits", async ({ page, server, request }) => {
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: placeCode(server).key, kind: "help", text: "码头有孩子掉进河里了，快来救人" });
  const m = memberCode(server, 14);
  const back = await file(request, server, visitor, { scene: m.key, text: "村里的健身器材生锈了" });
  await api(request, server, await tokenOf(request, server, m.openid), "post", `/submissions/${back.id}/return`, { version: back.version, reason: "不归我管" });

  await enter(page, server, server.cast.liaisons[0]!.openid);
  await page.goto("/m/pages/inbox/index");
  const card = page.locator(".ui-matter", { hasText: filed.number });
  await expect(card).toContainText("有危险");
  await card.getByRole("button", { name: /^我来处理/ }).click();
  await page.getByRole("button", { name: "已报急救、报警" }).click();
  await page.getByRole("button", { name: "我来处理", exact: true }).click();
  await expect(page.getByText("已记下，这件事有人在管了")).toBeVisible();
  await expect(card).toHaveCount(0);

  await page.getByRole("button", { name: /^待分派/ }).click();
  const waiting = page.locator(".ui-matter", { hasText: back.number });
  await waiting.getByRole("button", { name: /^派给委员/ }).click();
  const sheet = page.getByRole("dialog", { name: "派给委员" });
  await expect(sheet.getByRole("radio").first()).toBeVisible();
  await sheet.getByRole("button", { name: "按规则，这件事归您" }).click();
  await sheet.getByRole("button", { name: "派给委员", exact: true }).click();
  await expect(page.getByText(/^已派给.+委员$/)).toBeVisible();
  await expect(waiting).toHaveCount(0);
});

test("a liaison whom another forestalled reads it, and the next try ends; a tap beside the sheet loses nothing", async ({ page, server, request }) => {
  const visitor = await tokenOf(request, server, somebody());
  const m = memberCode(server, 15);
  const back = await file(request, server, visitor, { scene: m.key, text: "河堤的护栏松了" });
  const his = await tokenOf(request, server, m.openid);
  await api(request, server, his, "post", `/submissions/${back.id}/return`, { version: back.version, reason: "不归我管" });
  await enter(page, server, server.cast.liaisons[0]!.openid);
  await page.goto("/m/pages/inbox/index");
  const waiting = page.locator(".ui-matter", { hasText: back.number });
  const sheet = page.getByRole("dialog", { name: "派给委员" });
  await page.getByRole("button", { name: /^待分派/ }).click();
  await waiting.getByRole("button", { name: /^派给委员/ }).click();
  await expect(sheet.getByRole("radio").first()).toBeVisible();
  await sheet.getByLabel(/^为什么给这位委员/).fill("离他最近");
  await page.mouse.click(180, 8);
  await expect(sheet).toBeHidden();
  await waiting.getByRole("button", { name: /^派给委员/ }).click();
  await expect(sheet.getByLabel(/^为什么给这位委员/)).toHaveValue("离他最近");
  await expect(sheet.getByRole("radio", { checked: true })).toHaveCount(1);
  // Meanwhile a colleague assigns it.
  const colleague = await tokenOf(request, server, server.cast.liaisons[1]!.openid);
  const now = await api<{ version: number }>(request, server, colleague, "get", `/submissions/${back.id}`);
  await api(request, server, colleague, "post", `/submissions/${back.id}/assign`, { version: now.version, to: memberCode(server, 16).id, reason: "他管河道" });
  await sheet.getByRole("button", { name: "派给委员", exact: true }).click();
  await expect(sheet.getByRole("alert")).toContainText(memberCode(server, 16).name);
  await expect(sheet.getByRole("button", { name: "派给委员", exact: true })).toHaveCount(0);
  await sheet.getByRole("button", { name: "关闭" }).click();
  await expect(sheet).toBeHidden();
});

test("what a liaison wrote and did not send is not shown to the next one on the same phone", async ({ page, server, request }) => {
  const m = memberCode(server, 18);
  const back = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key, text: "桥栏杆断了一截" });
  await api(request, server, await tokenOf(request, server, m.openid), "post", `/submissions/${back.id}/return`, { version: back.version, reason: "不归我管" });
  const [first, second] = [server.cast.liaisons[0]!, server.cast.liaisons[1]!];
  await page.goto("/m/pages/login/index?back=%2Fpages%2Finbox%2Findex");
  const logIn = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
  const card = page.locator(".ui-matter", { hasText: back.number });
  const reason = page.getByRole("dialog", { name: "派给委员" }).getByLabel(/^为什么给这位委员/);
  const begin = async (): Promise<void> => {
    await page.getByRole("button", { name: /^待分派/ }).click();
    await card.getByRole("button", { name: /^派给委员/ }).click();
  };
  const changeTo = async (name: string, keeping: boolean): Promise<void> => {
    await page.getByRole("dialog", { name: "派给委员" }).getByRole("button", { name: "取消" }).click();
    await page.getByRole("button", { name: "我", exact: true }).click();
    await page.getByRole("button", { name: "退出登录" }).click();
    if (keeping) await page.getByRole("checkbox", { name: /没发出的留在手机里/ }).check();
    await page.getByRole("dialog").getByRole("button", { name: "退出登录" }).click();
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await logIn(name);
    await page.getByRole("button", { name: /^待办/ }).click();
  };
  await logIn(first.name);
  await begin();
  await reason.fill("他家就在桥边，电话里说好了");
  await changeTo(second.name, true);
  await begin();
  await expect(reason).toHaveValue("");
  await changeTo(first.name, false);
  await begin();
  await expect(reason).toHaveValue("他家就在桥边，电话里说好了");
});

test("what a member sought is not shown to the next one who logs in over the list, who sees all of theirs", async ({ page, server, request }) => {
  const [first, second] = [memberCode(server, 20), memberCode(server, 21)];
  const visitor = await tokenOf(request, server, somebody());
  const sought = await file(request, server, visitor, { scene: first.key, text: "井盖松了，晚上有人绊倒" });
  const theirs = await file(request, server, visitor, { scene: second.key, text: "校车不停这一站" });
  const token = await enter(page, server, first.openid);
  await page.clock.install();
  await page.goto("/m/pages/inbox/index");
  await page.getByRole("button", { name: "查找、筛选" }).click();
  await page.getByLabel("查找", { exact: true }).fill("井盖松了");
  await page.getByRole("button", { name: "查找", exact: true }).click();
  await expect(page.getByRole("button", { name: "清除筛选" })).toBeVisible();
  await expect(page.locator(".ui-matter", { hasText: sought.number })).toBeVisible();
  await request.delete(`${server.url}/api/v1/sessions`, { headers: { Authorization: `Bearer ${token}` } });
  await page.clock.runFor(16_000);
  await page.getByRole("button", { name: "重新登录" }).click();
  await page.getByRole("button", { name: new RegExp(`^${second.name}`) }).click();
  await expect(page.locator(".ui-matter", { hasText: theirs.number })).toBeVisible();
  await expect(page.locator(".ui-matter", { hasText: sought.number })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "清除筛选" })).toHaveCount(0);
  await page.getByRole("button", { name: "查找、筛选" }).click();
  await expect(page.getByLabel("查找", { exact: true })).toHaveValue("");
});

for (const [where, label, button] of [["phrases", "新的常用语", "加上"], ["away", "原因（可以不填）", "登记"]] as const) {
  test(`what a member wrote and did not send is not shown to the next one who logs in over the page, ${where}`, async ({ page, server, request }) => {
    const [first, second] = [memberCode(server, 20), memberCode(server, 21)];
    const token = await enter(page, server, first.openid);
    await page.goto(`/m/pages/${where}/index`);
    await page.getByLabel(label, { exact: true }).fill("住院三天");
    await request.delete(`${server.url}/api/v1/sessions`, { headers: { Authorization: `Bearer ${token}` } });
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("button", { name: "重新登录" }).click();
    await page.getByRole("button", { name: new RegExp(`^${second.name}`) }).click();
    await expect(page.getByLabel(label, { exact: true })).toHaveValue("");
  });
}

test("an act on a card of somebody whose session is over asks for the login, and the list stays", async ({ page, server, request }) => {
  const m = memberCode(server, 19);
  const filed = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key });
  const token = await enter(page, server, m.openid);
  await page.goto("/m/pages/inbox/index");
  const accept = page.locator(".ui-matter", { hasText: filed.number }).getByRole("button", { name: /^受理/ });
  await expect(accept).toBeVisible();
  await request.delete(`${server.url}/api/v1/sessions`, { headers: { Authorization: `Bearer ${token}` } });
  await accept.click();
  await page.getByRole("button", { name: new RegExp(`^${m.name}`) }).click();
  await accept.click();
  await expect(page.getByText("已受理，对方会看到")).toBeVisible();
});

test("the list that a liaison reads stays when an alarm comes", async ({ page, server, request }) => {
  const visitor = await tokenOf(request, server, somebody());
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const m = memberCode(server, 17);
  const back = await file(request, server, visitor, { scene: m.key, text: "村口的路牌倒了" });
  await api(request, server, await tokenOf(request, server, m.openid), "post", `/submissions/${back.id}/return`, { version: back.version, reason: "不归我管" });
  for (const a of (await api<{ items: { id: string; version: number }[] }>(request, server, liaison, "get", "/station/alarms")).items) {
    await api(request, server, liaison, "post", `/submissions/${a.id}/attend`, { version: a.version, reason: "已到场" });
  }
  await enter(page, server, server.cast.liaisons[0]!.openid);
  await page.clock.install();
  await page.goto("/m/pages/inbox/index");
  const pool = page.getByRole("button", { name: /^待分派/ });
  await expect(pool).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".ui-matter", { hasText: back.number })).toBeVisible();
  await file(request, server, visitor, { scene: placeCode(server).key, kind: "help", text: "有人掉进河里了，快来救人" });
  await page.clock.runFor(16_000);
  await expect(page.getByRole("button", { name: /^有危险 1/ })).toBeVisible();
  await expect(pool).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".ui-matter", { hasText: back.number })).toBeVisible();
});
