import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Filed, type Server, signIn, test, tokenOf } from "./support";

/** A fact of the matter that is open, by what it is called. */
const fact = (page: Page, name: string): Locator => page.locator(".facts > div").filter({ has: page.locator("dt").getByText(name, { exact: true }) }).locator("dd");
const thread = (page: Page): Locator => page.getByRole("region", { name: "经过" });

/** Files at the code of a member who can take it. */
async function filed(request: APIRequestContext, server: Server, who: string, body: Record<string, unknown>): Promise<Filed> {
  const member = server.cast.codes.find((c) => c.member_openid)!;
  return file(request, server, who, { scene: member.key, ...body });
}

const look = (request: APIRequestContext, server: Server, id: string): Promise<Filed & { state: string }> => call(request, server, "", "get", `/submissions/${id}`);

/** Returns a token of the member in charge. */
async function holder(request: APIRequestContext, server: Server, m: Filed): Promise<string> {
  return tokenOf(request, server, server.cast.members.find((x) => x.id === m.assignee!.id)!.openid);
}

/** Marks the page, to check later that it was not reloaded. */
const mark = (page: Page): Promise<void> => page.evaluate(() => void Object.assign(window, { kept: true }));
const marked = (page: Page): Promise<boolean> => page.evaluate(() => "kept" in window);

test("a matter goes from the list to its end by keyboard alone, and follows what others do", async ({ liaison: page, server }) => {
  const m = await filed(page.request, server, "keys-1", { text: "老街水井的井盖裂了一道口子，小孩路过危险" });
  await filed(page.request, server, "keys-2", { text: "村口的公告栏玻璃碎了" });
  await page.goto("/console/matters");
  await expect(page.locator("table.matters tbody tr").nth(1)).toBeVisible();
  await mark(page);
  // Counts the uses of the mouse until the end of the test.
  await page.evaluate(() => {
    Object.assign(window, { mouse: 0 });
    for (const kind of ["mousedown", "pointerdown"]) window.addEventListener(kind, () => ((window as unknown as { mouse: number }).mouse += 1), true);
  });
  await page.keyboard.press("/");
  await page.keyboard.type("井盖裂了");
  await expect(page.locator("table.matters tbody tr")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/matters/${m.id}(\\?|$)`));
  await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
  await expect(page.getByRole("region", { name: "分派理由" })).not.toContainText("重试");
  await accessible(page);

  // It is given to somebody else; a dialog that is left does nothing.
  await page.keyboard.press("a");
  const giving = page.getByRole("dialog", { name: `分派 ${m.number}` });
  await expect(giving.locator("input[type=radio]:focus")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(giving).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/matters/${m.id}(\\?|$)`));
  await page.keyboard.press("a");
  await expect(giving.locator("input[type=radio]:focus")).toHaveCount(1);
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  const to = (await giving.locator("label.choice.on strong").innerText()).trim();
  expect(to).not.toBe(m.assignee!.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type("更熟悉老街");
  await page.keyboard.press("Control+Enter");
  await expect(giving).toBeHidden();
  await expect(fact(page, "承办")).toContainText(to);

  // The assignment can be undone by keyboard.
  await page.keyboard.press("z");
  await expect(fact(page, "承办")).toContainText(m.assignee!.name);

  // The member answers: the page shows it by itself.
  const now = await look(page.request, server, m.id);
  await call(page.request, server, await holder(page.request, server, now), "post", `/submissions/${m.id}/reply`, { version: now.version, text: "井盖今天下午换好了，请放心" });
  await expect(thread(page)).toContainText("井盖今天下午换好了，请放心");
  await expect(page.locator(".head .state")).toHaveText("已答复");

  // And it is closed.
  await page.keyboard.press("c");
  const closing = page.getByRole("dialog", { name: "办结" });
  await expect(closing.getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(closing.getByRole("alert")).toContainText("请填写");
  await accessible(page);
  // Nothing is chosen beforehand, and what is called solved has something to show for it.
  await expect(closing.getByRole("radio", { checked: true })).toHaveCount(0);
  await page.keyboard.type("井盖已经更换，联络员到现场看过");
  await page.keyboard.press("Control+Enter");
  await expect(closing.getByRole("alert")).toHaveText("请选办理结果");
  await closing.getByRole("radio", { name: /已解决/ }).press("Space");
  await closing.getByRole("textbox").press("Control+Enter");
  await expect(closing.getByRole("alert")).toHaveText("请选凭什么说解决了");
  await accessible(page);
  await picture(page, "close-solved");
  await closing.getByRole("radio", { name: "当事人认可" }).press("Space");
  await closing.getByRole("textbox").press("Control+Enter");
  await expect(closing).toBeHidden();
  await expect(thread(page)).toContainText("联络员到现场看过。当事人已认可。");
  await expect(page.locator(".head .state")).toHaveText("已办结");
  await expect(fact(page, "结果")).toHaveText("已解决");
  await page.keyboard.press("c");
  await expect(closing).toBeHidden();

  // Back: the list is as it was left.
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/matters\?state=open$/);
  await expect(page.getByRole("textbox", { name: "搜索编号和内容" })).toHaveValue("井盖裂了");
  expect(await marked(page), "the page was loaded anew").toBe(true);
  expect(await page.evaluate(() => (window as unknown as { mouse: number }).mouse)).toBe(0);
});

test("a number is shown after a reason, and the audit says to whom", async ({ liaison: page, server }) => {
  const m = await filed(page.request, server, "phone-1", {
    text: "想请人上门看看屋后的滑坡", contact: { phone: "13800138021" }, on_behalf_of: { name: "孙大娘", relation: "母亲", phone: "13900139021" },
  });
  const answers: string[] = [];
  page.on("response", async (r) => {
    if (r.url().includes("/api/v1/") && !r.url().includes("/live")) answers.push(await r.text().catch(() => ""));
  });
  await page.goto(`/console/matters/${m.id}`);
  await expect(fact(page, "电话")).toContainText("138****8021");
  expect(await page.content()).not.toContain("13800138021");
  await page.keyboard.press("p");
  const asking = page.getByRole("dialog", { name: "显示电话号码" });
  await expect(asking.getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(asking.getByRole("alert")).toContainText("请填写为什么要看");
  expect(answers.join("\n")).not.toMatch(/13800138021|13900139021/);
  await page.keyboard.type("滑坡要先电话核实位置");
  await page.keyboard.press("Control+Enter");
  await expect(fact(page, "电话")).toContainText("13800138021");
  await expect(fact(page, "电话")).toContainText("13900139021");

  await page.goto("/console/audit");
  const row = page.getByRole("row").filter({ hasText: "滑坡要先电话核实位置" });
  await expect(row).toContainText(m.number);
  await expect(row).toContainText(server.cast.liaisons[0]!.name);
  await expect(row).toContainText("电话");
  expect(await page.content()).not.toMatch(/13800138021|13900139021/);
  // And it is hidden again for who comes back.
  await row.getByRole("link", { name: m.number }).click();
  await expect(fact(page, "电话")).toContainText("138****8021");
  expect(await page.content()).not.toContain("13800138021");
});

test("two that say the same go on as one, and part again", async ({ liaison: page, server }) => {
  const lead = await filed(page.request, server, "merge-1", { text: "老渡口的路灯坏了半个月，晚上黑漆漆的看不见台阶" });
  const other = await filed(page.request, server, "merge-2", { text: "老渡口路灯坏了，晚上看不见台阶，老人摔了一跤" });
  await page.goto(`/console/matters/${other.id}`);
  await page.getByRole("button", { name: "并案" }).click();
  const merging = page.getByRole("dialog", { name: /并案/ });
  await merging.getByRole("radio", { name: new RegExp(lead.number) }).check({ force: true });
  await expect(merging.locator(".direction")).toContainText(`${other.number} 并入 ${lead.number}`);
  await merging.getByRole("textbox", { name: "原因（群众会看到）" }).fill("同一处路灯，一起报修");
  await accessible(page);
  await merging.getByRole("button", { name: "并案", exact: true }).click();
  await expect(merging).toBeHidden();
  await expect(page.getByRole("alert").filter({ hasText: "一起办理" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^(分派|改派|办结|并案)$/ })).toHaveCount(0);
  await page.getByRole("link", { name: `打开带头的那件 ${lead.number}` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(lead.number);
  await expect(page.locator("header.head")).toContainText("2 人反映");
  // The linked one has its number and its words.
  const linked = page.getByRole("region", { name: "一起办理的诉求" }).getByRole("link");
  await expect(linked).toContainText(other.number);
  await expect(linked).toContainText("老人摔了一跤");
  await linked.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(other.number);
  await page.getByRole("button", { name: "单独办理" }).click();
  const parting = page.getByRole("dialog", { name: "单独办理" });
  await parting.getByRole("textbox").fill("原来是两处路灯");
  await parting.getByRole("button", { name: "单独办理", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "一起办理" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "并案" })).toBeVisible();
});

test("a department is asked to take part, and its answer comes by itself", async ({ liaison: page, server }) => {
  const m = await filed(page.request, server, "assist-1", { text: "河边烧烤摊的油烟直接排进河里" });
  const bureau = (server.cast as unknown as { departments: { openid: string; name: string }[] }).departments[4]!;
  await page.goto(`/console/matters/${m.id}`);
  await page.getByRole("button", { name: "请人协办" }).click();
  const asking = page.getByRole("dialog", { name: "请人协办" });
  await asking.getByRole("textbox", { name: "请他们做什么" }).fill("请到现场检查排污");
  await asking.getByRole("button", { name: "请协办" }).click();
  await expect(asking.getByRole("alert")).toContainText(/部门|委员/);
  await asking.getByRole("combobox", { name: "部门或委员" }).click({ force: true });
  await page.getByRole("option", { name: bureau.name }).click();
  await accessible(page);
  await asking.getByRole("button", { name: "请协办" }).click();
  await expect(asking).toBeHidden();
  const assists = page.getByRole("region", { name: "协办" });
  await expect(assists).toContainText(bureau.name);
  await expect(assists).toContainText("请到现场检查排污");
  await mark(page);
  const token = await tokenOf(page.request, server, bureau.openid);
  await call(page.request, server, token, "post", `/submissions/${m.id}/contribute`, { text: "已责令加装油烟净化器，本周内装好" });
  await expect(assists).toContainText("已责令加装油烟净化器，本周内装好");
  await expect(assists.getByRole("button", { name: "不用了" })).toHaveCount(0);
  expect(await marked(page)).toBe(true);
});

test("two liaisons at one matter know of one another, and the second is told who was first", async ({ liaison: page, server, browser }) => {
  const [first, second] = server.cast.liaisons;
  const m = await filed(page.request, server, "both-1", { text: "村口垃圾桶满了三天没有人收" });
  const next = await filed(page.request, server, "both-2", { text: "祠堂门口的石板松了" });
  const there = await browser.newContext({ baseURL: server.url, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  try {
    await signIn(there, server, second!.openid);
    const other = await there.newPage();
    const note = (p: Page): Locator => p.getByRole("status").filter({ hasText: "也在看这件" });
    await page.goto(`/console/matters/${m.id}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
    await expect(note(page)).toHaveCount(0);
    await other.goto(`/console/matters/${m.id}`);
    await expect(note(page)).toHaveText(`${second!.name}也在看这件`);
    await expect(note(other)).toHaveText(`${first!.name}也在看这件`);
    await accessible(page);

    // Both have their dialogs open when one of them acts.
    await other.keyboard.press("a");
    const late = other.getByRole("dialog", { name: /^分派/ });
    await expect(late.locator("input[type=radio]:focus")).toHaveCount(1);
    await page.keyboard.press("a");
    const giving = page.getByRole("dialog", { name: /^分派/ });
    await expect(giving.locator("input[type=radio]:focus")).toHaveCount(1);
    await page.keyboard.press("ArrowDown");
    const to = (await giving.locator("label.choice.on strong").innerText()).trim();
    await giving.getByLabel(/^原因/).fill("先一步");
    await page.keyboard.press("Control+Enter");
    await expect(giving).toBeHidden();
    await expect(fact(other, "承办")).toContainText(to);
    await other.keyboard.press("ArrowDown");
    await other.keyboard.press("ArrowDown");
    await late.getByLabel(/^原因/).fill("晚一步");
    await other.keyboard.press("Control+Enter");
    await expect(late.getByRole("alert")).toContainText(`${first!.name}`);
    await expect(late.getByRole("alert")).toContainText("刚刚处理过这件诉求");
    await expect(late.getByRole("alert")).toContainText(`现在由 ${to} 委员办理`);
    expect((await look(page.request, server, m.id)).assignee!.name).toBe(to);
    // The words are still there, and a second press is made in knowledge of the first.
    await expect(late.getByLabel(/^原因/)).toHaveValue("晚一步");
    await accessible(other);
    await late.getByRole("button", { name: /^还是改给/ }).click();
    await expect(late).toBeHidden();
    await expect.poll(async () => (await look(page.request, server, m.id)).assignee!.name).not.toBe(to);

    // The input stays, and a second try after the conflict succeeds.
    await other.getByRole("button", { name: "延期" }).click();
    const longer = other.getByRole("dialog", { name: "延期" });
    await longer.getByRole("textbox").fill("要等环卫车");
    const now = await look(page.request, server, m.id);
    await call(page.request, server, await holder(page.request, server, now), "post", `/submissions/${m.id}/accept`, { version: now.version });
    await expect(other.locator(".head .state")).toHaveText("办理中");
    await longer.getByRole("button", { name: "延期", exact: true }).click();
    await expect(longer.getByRole("alert")).toContainText(`${now.assignee!.name}刚刚处理过这件诉求`);
    await expect(longer.getByRole("textbox")).toHaveValue("要等环卫车");
    await longer.getByRole("button", { name: "延期", exact: true }).click();
    await expect(longer).toBeHidden();
    await expect(thread(page)).toContainText("要等环卫车");

    // A liaison who opens another matter is shown there and no longer here.
    await call(page.request, server, "", "post", `/submissions/${next.id}/merge`, { version: next.version, into: m.id, reason: "一起办" });
    await other.getByRole("region", { name: "一起办理的诉求" }).getByRole("link").click();
    await expect(other.getByRole("heading", { level: 1 })).toContainText(next.number);
    await expect(note(page)).toHaveCount(0);
    await page.getByRole("region", { name: "一起办理的诉求" }).getByRole("link").click();
    await expect(note(page)).toHaveText(`${second!.name}也在看这件`);
    await other.close();
    await expect(note(page)).toHaveCount(0);
  } finally {
    await there.close();
  }
});

test("what is no matter is ended from the pool, with a reason, and is told decently", async ({ liaison: page, server }) => {
  const m = await filed(page.request, server, "spam-1", { text: "哈哈哈试试能不能用" });
  await call(page.request, server, await holder(page.request, server, m), "post", `/submissions/${m.id}/return`, { version: m.version, reason: "是试填的" });
  await page.goto(`/console/matters/${m.id}`);
  await expect(page.locator(".head .state")).toHaveText("待分派");
  await page.getByRole("button", { name: "办结" }).click();
  const closing = page.getByRole("dialog", { name: "办结" });
  await expect(closing.getByRole("radio", { name: /已解决/ })).toHaveCount(0);
  await closing.getByText("不予受理").click();
  await closing.getByRole("button", { name: "办结" }).click();
  await expect(closing.getByRole("alert")).toContainText("请填写不予受理的原因");
  await picture(page, "close-invalid");
  await accessible(page);
  await closing.getByRole("textbox", { name: "不予受理的原因" }).fill("试填，没有内容");
  await closing.getByRole("button", { name: "办结" }).click();
  await expect(closing).toBeHidden();
  await expect(fact(page, "结果")).toHaveText("不予受理");
  await expect(thread(page)).toContainText("原因：试填，没有内容");
  const visitor = await tokenOf(page.request, server, "spam-1");
  const seen = await call<{ timeline: { sentence: string }[] }>(page.request, server, visitor, "get", `/submissions/${m.id}`);
  expect(seen.timeline.at(-1)?.sentence).toMatch(/没有作为诉求办理.*15 天内/);
  expect(JSON.stringify(seen.timeline)).not.toContain("试填，没有内容");
  await page.goto("/console/audit");
  await expect(page.getByText("试填，没有内容")).toBeVisible();
});

test("a call that a member asks for is on the page until it is ticked off", async ({ liaison: page, server }) => {
  const m = await filed(page.request, server, "call-1", { text: "楼道堆满了杂物", contact: { phone: "13800138000" } });
  await call(page.request, server, await holder(page.request, server, m), "post", `/submissions/${m.id}/askcall`, { version: m.version, reason: "请问是几单元" });
  await page.goto(`/console/matters/${m.id}`);
  const asked = page.getByRole("alert").filter({ hasText: "委员请您给群众打电话" });
  await expect(asked).toBeVisible();
  await expect(thread(page)).toContainText("请问是几单元");
  await picture(page, "call-asked");
  await accessible(page);
  await asked.getByRole("button", { name: "打过了，记下结果" }).click();
  const note = page.getByRole("dialog", { name: "打过电话" });
  await note.getByRole("textbox", { name: "说了什么" }).fill("是三单元");
  await note.getByRole("button", { name: "记下" }).click();
  await expect(asked).toHaveCount(0);
});

test("what was agreed at closing has its day, is moved with a reason, stands out when it is late, and is carried out", async ({ liaison: page, server }) => {
  const m = await filed(page.request, server, "promise-1", { text: "老街公厕没有扶手，老人起身难" });
  await call(page.request, server, await holder(page.request, server, m), "post", `/submissions/${m.id}/accept`, { version: m.version });
  await page.goto(`/console/matters/${m.id}`);
  await page.getByRole("button", { name: "办结" }).click();
  const closing = page.getByRole("dialog", { name: "办结" });
  await closing.getByText("商定待落实").click();
  await expect(closing.getByLabel("约定哪天前落实（群众会看到）")).toHaveValue(/^\d{4}-\d{2}-\d{2}$/);
  await picture(page, "close-agreed");
  await closing.getByRole("textbox", { name: "办理情况（群众会看到）" }).fill("镇里同意加装，年前装好");
  await closing.getByRole("button", { name: "办结" }).click();
  await expect(closing).toBeHidden();
  await expect(fact(page, "落实")).toContainText(/约定.*前/);
  await expect(fact(page, "结果")).toContainText("待落实");

  await page.getByRole("button", { name: "改期" }).click();
  const moving = page.getByRole("dialog", { name: "改落实日期" });
  await moving.getByRole("textbox", { name: "原因（群众会看到）" }).fill("扶手要定做");
  await moving.getByRole("button", { name: "确定" }).click();
  await expect(moving).toBeHidden();
  await expect(fact(page, "落实")).toContainText("改期 1 次");

  // The day passes: nobody turns the server's clock here, so its answer says so.
  await page.route(`**/api/v1/submissions/${m.id}`, async (r) => {
    const s = await (await r.fetch()).json();
    s.promise = { ...s.promise, day: "2026-11-01", late: true };
    await r.fulfill({ json: s });
  });
  await page.reload();
  await expect(fact(page, "落实")).toHaveText(/约定11月1日前，已过期/);
  await expect(fact(page, "落实")).toHaveClass(/late/);
  await picture(page, "promise-late");
  await accessible(page);
  await page.unroute(`**/api/v1/submissions/${m.id}`);
  await page.reload();

  await page.getByRole("button", { name: "已落实" }).click();
  const done = page.getByRole("dialog", { name: "已落实" });
  await done.getByRole("button", { name: "已落实" }).click();
  await expect(done.getByRole("alert")).toContainText("请填写");
  await done.getByRole("textbox", { name: "落实了什么（群众会看到）" }).fill("两个厕位都装了扶手");
  await expect(done.getByRole("alert")).toBeHidden(); // said of words that were not there yet
  await picture(page, "fulfil");
  await accessible(page);
  await done.getByRole("button", { name: "已落实" }).click();
  await expect(done).toBeHidden();
  await expect(fact(page, "结果")).toHaveText("已落实");
  await expect(fact(page, "落实")).toContainText("办结后");
  await expect(thread(page)).toContainText("两个厕位都装了扶手");
  await expect(page.getByRole("button", { name: "已落实" })).toHaveCount(0);
});
