import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Filed, test, tokenOf, type Server } from "./support";
import type { APIRequestContext, Page } from "@playwright/test";

const words = ["停车场多收了二十元，收费员不给票据", "三号码头公厕没有水，游客很多", "村口路灯坏了半个月，老人晚上不敢出门", "景区门口摆摊占道，车开不过去", "想咨询合作医疗报销要带什么材料"];

/** Files some matters at the station's and at members' codes. */
async function some(request: APIRequestContext, server: Server, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    const code = server.cast.codes[i % server.cast.codes.length];
    await file(request, server, `visitor-${i}`, {
      scene: code?.key, kind: (["complaint", "help", "inquiry"] as const)[i % 3], text: `第${i + 1}件：${words[i % words.length]}`,
    });
  }
}

const rows = (page: Page) => page.locator("table.matters tbody tr");

test("a liaison finds, chooses and gives matters by keyboard alone", async ({ liaison: page, server }) => {
  await some(page.request, server, 12);
  await page.goto("/console/matters");
  await expect(rows(page).first()).toBeVisible();
  await expect(page).toHaveURL(/state=open/);
  await accessible(page);

  // Search: the text stays out of the address.
  await page.keyboard.press("/");
  await page.keyboard.type("公厕 没有水");
  await expect(rows(page).first()).toContainText("公厕");
  await expect(rows(page).filter({ hasText: "路灯" })).toHaveCount(0);
  expect(decodeURIComponent(page.url())).not.toContain("公厕");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "搜索编号和内容" })).toHaveValue("公厕 没有水");
  await expect(rows(page).filter({ hasText: "路灯" })).toHaveCount(0);
  await page.keyboard.press("/");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Backspace");
  await expect(rows(page).filter({ hasText: "路灯" }).first()).toBeVisible();
  await page.keyboard.press("Escape");

  // Move, choose two, give them.
  await page.keyboard.press("j");
  await expect(rows(page).nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(rows(page).nth(0)).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText("已选 2 件")).toBeVisible();
  const before = await rows(page).nth(1).locator("td").nth(5).innerText();
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog", { name: "分派 2 件诉求" });
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  await expect(dialog.locator("input[type=radio]:focus")).toHaveCount(1);
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const name = (await dialog.locator("label.choice.on strong").innerText()).trim();
  await page.keyboard.press("Tab");
  await page.keyboard.type("更熟悉当地情况");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/已把 \d 件交给/)).toBeVisible();
  await expect(rows(page).nth(1)).toContainText(name);
  await expect(rows(page).nth(1)).toBeFocused();

  // And back.
  await page.getByRole("button", { name: "撤销" }).click();
  await expect(page.getByText(/已交还原来的委员/)).toBeVisible();
  await expect(rows(page).nth(1).locator("td").nth(5)).toHaveText(before.replace(/\s+/g, ""), { useInnerText: false });

  // The help lists the keys.
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "键盘快捷键" })).toContainText("下一件");
  await page.keyboard.press("Escape");
});

test("filters are counted, kept under a name, and stand in the address", async ({ liaison: page, server }) => {
  await some(page.request, server, 6);
  await page.goto("/console/matters");
  await expect(rows(page).first()).toBeVisible();
  const state = page.getByRole("group", { name: "状态" });
  await state.getByRole("button", { name: /待受理/ }).click();
  await expect(page).toHaveURL(/state=assigned/);
  const count = Number((await state.getByRole("button", { name: /待受理/ }).innerText()).replace(/\D/g, ""));
  await expect(page.getByRole("status").filter({ hasText: "件" }).first()).toContainText(`${count} 件`);
  await page.getByRole("button", { name: "更多条件" }).click();
  await page.getByRole("combobox", { name: "类型" }).click({ force: true });
  await page.getByRole("option", { name: "求助" }).click();
  await expect(page).toHaveURL(/kind=help/);
  await page.keyboard.press("Escape");
  await expect(rows(page).filter({ hasNotText: "求助" })).toHaveCount(0);
  await expect(rows(page).first()).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "保存这个筛选" }).click();
  await page.getByRole("dialog", { name: "保存筛选" }).getByRole("textbox").fill("求助待受理");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByRole("button", { name: "求助待受理", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "清除条件" }).click();
  await expect(page).not.toHaveURL(/kind=help/);
  await page.reload();
  await page.getByRole("button", { name: "求助待受理", exact: true }).click();
  await expect(page).toHaveURL(/kind=help/);
  await page.getByRole("button", { name: "删除筛选 求助待受理" }).click();
  await expect(page.getByRole("button", { name: "求助待受理", exact: true })).toHaveCount(0);

  // Nothing to find, and a server that does not answer, are said.
  await page.goto("/console/matters?state=open&from=2001-01-01&to=2001-01-02");
  await expect(page.getByText("没有符合条件的诉求")).toBeVisible();
  await page.route("**/api/v1/station/submissions?**", (r) => r.abort());
  await page.keyboard.press("r");
  await expect(page.getByRole("alert").filter({ hasText: "连不上服务器" })).toBeVisible();
  await page.unroute("**/api/v1/station/submissions?**");
});

test("what another changed is seen, and a late assignment says who acted", async ({ liaison: page, server }) => {
  await some(page.request, server, 1);
  await page.goto("/console/matters");
  await rows(page).first().press("a");
  const dialog = page.getByRole("dialog", { name: /^分派/ });
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  const list = await call<{ items: { id: string; version: number; assignee: { id: string } | null }[] }>(page.request, server, "", "get", "/station/submissions?state=open&limit=1");
  const first = list.items[0];
  const other = server.cast.members.find((m) => m.id !== first?.assignee?.id);
  await call(page.request, server, "", "post", "/station/submissions/assign", { items: [{ id: first?.id, version: first?.version }], to: other?.id, reason: "先一步" });
  await dialog.getByRole("radio").nth(2).check();
  await dialog.getByLabel(/^原因/).fill("晚一步");
  await dialog.getByRole("button", { name: /^交给/ }).click();
  await expect(dialog.getByRole("alert")).toContainText("刚刚处理过这件诉求");
  await expect(dialog.getByRole("alert")).toContainText(`现在由 ${other?.name} 委员办理`);
});

test("the list as it is narrowed is kept as a spreadsheet, with a reason", async ({ liaison, server }) => {
  const code = server.cast.codes.find((c) => c.member_openid)!;
  await file(liaison.request, server, "exporter-1", { scene: code.key, text: "要导出的一件：水渠堵了" });
  await liaison.goto("/console/matters");
  await liaison.getByRole("button", { name: "导出" }).click();
  const dialog = liaison.getByRole("dialog", { name: "导出清单（Excel）" });
  await dialog.getByRole("button", { name: "导出" }).click();
  await expect(dialog.getByRole("alert")).toContainText("请填写用来做什么");
  await dialog.getByLabel("用来做什么").fill("月底核对");
  const kept = liaison.waitForEvent("download");
  await dialog.getByRole("button", { name: "导出" }).click();
  expect((await kept).suggestedFilename()).toMatch(/诉求清单.*\.xlsx$/);
  await expect(dialog).toBeHidden();
  await liaison.goto("/console/audit");
  await expect(liaison.getByText("月底核对")).toBeVisible();
});

test("the list has its rows after a matter that was opened by itself", async ({ liaison: page, server }) => {
  const code = server.cast.codes.find((c) => c.member_openid)!;
  const m = await file(page.request, server, "direct-1", { scene: code.key, text: "直接打开的一件：渡口的灯不亮" });
  await page.goto(`/console/matters/${m.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
  // Beside no list there is no next matter.
  await expect(page.locator("p.keys")).not.toContainText("下一件");
  await page.keyboard.press("Escape");
  await expect(rows(page).filter({ hasText: m.number })).toHaveCount(1);
  await expect(page).toHaveURL(/\/matters\?state=open$/);
});

test("a search stays with a matter that another one links to", async ({ liaison: page, server }) => {
  const code = server.cast.codes.find((c) => c.kind === "place")!;
  const lead = await file(page.request, server, "link-1", { scene: code.key, text: "西岸长廊的瓦片掉了（连）" });
  const other = await file(page.request, server, "link-2", { scene: code.key, text: "长廊顶上掉瓦片" });
  await call(page.request, server, "", "post", `/submissions/${other.id}/merge`, { version: other.version, into: lead.id, reason: "同一处" });
  await page.goto("/console/matters");
  const search = page.getByRole("textbox", { name: "搜索编号和内容" });
  await search.fill("（连）");
  await expect(rows(page)).toHaveCount(1);
  await rows(page).first().click();
  await page.getByRole("region", { name: "一起办理的诉求" }).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(other.number);
  // The list stands beside it as before, and says that this one is not in it.
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole("navigation", { name: "逐件办理" })).toContainText("不在清单里");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(other.number);
  await page.keyboard.press("Escape");
  await expect(search).toHaveValue("（连）");
  await expect(rows(page)).toHaveCount(1);
  expect(decodeURIComponent(page.url())).not.toContain("连");
});

test("matters are found by a whole phone number, with a reason of its own each time", async ({ liaison: page, server }) => {
  const code = server.cast.codes.find((c) => c.member_openid)!;
  const m = await file(page.request, server, "phoned-1", { scene: code.key, text: "后山的水渠漏水", contact: { phone: "13800138055" } });
  await page.goto("/console/matters");
  await page.getByRole("button", { name: "按电话查找" }).click();
  const dialog = page.getByRole("dialog", { name: "按电话查找" });
  await dialog.getByRole("button", { name: "来电人问办理进度" }).click();
  await dialog.getByRole("button", { name: "查找", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("请填完整的电话号码");
  await dialog.getByRole("textbox", { name: "完整的电话号码" }).fill("138 0013 8099");
  await dialog.getByRole("button", { name: "查找", exact: true }).click();
  await expect(dialog.getByRole("status").filter({ hasText: "没有留过这个号码的诉求" })).toBeVisible();
  await dialog.getByRole("textbox", { name: "完整的电话号码" }).fill("138 0013 8055");
  await dialog.getByRole("button", { name: "查找", exact: true }).click();
  await expect(dialog.getByRole("link")).toContainText("后山的水渠漏水");
  await expect(dialog).not.toContainText("更早的");
  await accessible(page);
  // What was found is that of the number above it, and says where it is not all.
  await dialog.getByRole("textbox", { name: "完整的电话号码" }).fill("138 0013 805");
  await expect(dialog.getByRole("link")).toHaveCount(0);
  await dialog.getByRole("textbox", { name: "完整的电话号码" }).fill("138 0013 8055");
  await page.route("**/by-phone", async (r) => {
    const answer = await r.fetch();
    await r.fulfill({ response: answer, json: { ...((await answer.json()) as object), partial: true } });
  }, { times: 1 });
  await dialog.getByRole("button", { name: "查找", exact: true }).click();
  await expect(dialog).toContainText("列出最新的 1 件，更早的可能还有");
  await picture(page, "phone-search");
  expect(page.url() + (await page.evaluate(() => JSON.stringify({ ...sessionStorage })))).not.toMatch(/138\D*0013\D*80/);
  await dialog.getByRole("link").click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "按电话查找" }).click();
  await expect(dialog.getByRole("textbox", { name: "为什么要查" })).toHaveValue("");
  await expect(dialog.getByRole("textbox", { name: "完整的电话号码" })).toHaveValue("");
  await page.goto("/console/audit");
  await expect(page.getByText("来电人问办理进度").first()).toBeVisible();
});

test("a merge of several goes on after somebody else acted on one of them", async ({ liaison: page, server }) => {
  const code = server.cast.codes.find((c) => c.kind === "place")!;
  const list: Filed[] = [];
  for (const t of ["东岸的石凳裂了", "石凳裂开了", "河边石凳坏了"]) list.push(await file(page.request, server, `merge-late-${list.length}`, { scene: code.key, text: `${t}（晚）` }));
  const [one, two, three] = list as [Filed, Filed, Filed];
  await page.goto("/console/matters");
  await page.getByRole("textbox", { name: "搜索编号和内容" }).fill("（晚）");
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole("checkbox", { name: "选中列出的全部" }).check();
  await page.keyboard.press("m");
  const merging = page.getByRole("dialog", { name: "合并选中的 3 件" });
  await merging.getByRole("button", { name: "同一地方的同一件事" }).click();
  const now = await call<Filed>(page.request, server, "", "get", `/submissions/${two.id}`);
  const to = server.cast.members.find((m) => m.id !== now.assignee?.id)!;
  await call(page.request, server, "", "post", "/station/submissions/assign", { items: [{ id: two.id, version: now.version }], to: to.id, reason: "先一步" });
  await merging.getByRole("button", { name: "合并", exact: true }).click();
  await expect(merging.getByRole("alert")).toContainText(/已并入 1 件；.*刚刚处理过这件诉求。上面已是最新情况，看过以后可以再按一次/);
  await expect(merging.locator(".direction")).toHaveText(`${two.number} 并入 ${one.number}`);
  await merging.getByRole("button", { name: "合并", exact: true }).click();
  await expect(merging).toBeHidden();
  for (const m of [two, three]) await expect(rows(page).filter({ hasText: m.number })).toContainText("已并入其他诉求");
});

test("a matter that is opened while a search is on its way opens, with the search", async ({ liaison: page, server }) => {
  const scene = server.cast.codes.find((c) => c.member_openid)!.key;
  const m = await file(page.request, server, "quick-1", { scene, text: "老街的井盖翘起来了（快）" });
  await file(page.request, server, "quick-2", { scene, text: "老街的水管漏水" });
  // The page of a matter is not there yet when the search begins.
  let go: () => void = () => undefined;
  const held = new Promise<void>((answer) => (go = answer));
  await page.route("**/assets/Matter-*.js", async (r) => {
    await held;
    await r.continue();
  });
  await page.clock.install();
  await page.goto("/console/matters");
  const row = rows(page).filter({ hasText: m.number });
  await expect(row).toBeVisible();
  // The search waits for more letters, the person does not.
  await page.clock.pauseAt(Date.now() + 60_000);
  const found = page.waitForResponse((r) => r.url().includes("/station/submissions?") && r.url().includes("q="));
  await page.getByRole("textbox", { name: "搜索编号和内容" }).fill("（快）");
  await row.click();
  await page.clock.runFor(1_000);
  await page.clock.resume();
  await found;
  await expect(rows(page)).toHaveCount(1);
  go();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
  await expect(page.getByText("第 1 / 1 件")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("textbox", { name: "搜索编号和内容" })).toHaveValue("（快）");
  await expect(rows(page)).toHaveCount(1);
});

test("spam is ended together: each has its own result, and what a colleague took on is tried again", async ({ liaison: page, server }) => {
  const scene = server.cast.codes.find((c) => c.kind === "place")!.key;
  const list: Filed[] = [];
  for (const t of ["加群领红包", "刷单日结三百", "点链接领大奖"]) list.push(await file(page.request, server, `spam-many-${list.length}`, { scene, text: `${t}（广）` }));
  const [, two] = list as [Filed, Filed, Filed];
  await page.goto("/console/matters");
  await page.getByRole("textbox", { name: "搜索编号和内容" }).fill("（广）");
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole("checkbox", { name: "选中列出的全部" }).check();
  await page.keyboard.press("c");
  const closing = page.getByRole("dialog", { name: "办结选中的 3 件" });
  // What needs work is not ended by the dozen, and nothing is chosen beforehand.
  await expect(closing.getByRole("radio")).toHaveCount(3);
  await expect(closing.getByRole("radio", { checked: true })).toHaveCount(0);
  await expect(closing.getByRole("radio", { name: /已解决/ })).toHaveCount(0);
  await closing.getByText("不予受理").click();
  await closing.getByRole("button", { name: "广告、垃圾信息" }).click();
  await closing.getByRole("textbox", { name: "告诉群众的话（可不填）" }).fill("这里只收诉求");
  await accessible(page);
  await picture(page, "close-selected");
  const now = await call<Filed>(page.request, server, "", "get", `/submissions/${two.id}`);
  const to = server.cast.members.find((m) => m.id !== now.assignee?.id)!;
  await call(page.request, server, "", "post", "/station/submissions/assign", { items: [{ id: two.id, version: now.version }], to: to.id, reason: "先看看" });
  await closing.getByRole("button", { name: "办结", exact: true }).click();
  await expect(closing.getByRole("alert")).toContainText("已办结 2 件；1 件没有办成");
  const items = closing.getByRole("list", { name: "要办结的诉求" }).getByRole("listitem");
  await expect(items.filter({ hasText: two.number })).toContainText("刚刚处理过这件诉求；这里已是最新情况");
  await expect(items.filter({ hasText: "已办结" })).toHaveCount(2);
  await accessible(page);
  await picture(page, "close-selected-partly");
  await closing.getByRole("button", { name: "办结", exact: true }).click();
  await expect(closing).toBeHidden();
  await expect(page.getByText("没有符合条件的诉求")).toBeVisible();
  for (const [i, m] of list.entries()) {
    const visitor = await tokenOf(page.request, server, `spam-many-${i}`);
    const seen = JSON.stringify(await call(page.request, server, visitor, "get", `/submissions/${m.id}`));
    expect(seen).toContain("这里只收诉求");
    expect(seen).not.toContain("垃圾信息");
  }
});
