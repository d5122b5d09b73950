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
