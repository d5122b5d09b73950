import type { Page } from "@playwright/test";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Filed, type Server, test, tokenOf } from "./support";

const alarms = (page: Page) => page.getByRole("region", { name: "险情", exact: true });
const group = (page: Page, title: string) => page.getByRole("region", { name: new RegExp(`^${title}`) });

for (const [width, height] of [[1440, 900], [360, 740]] as const) {
  test(`a danger that is filed is on the page by itself, at ${width} × ${height}`, async ({ liaison: page, server }) => {
    await page.setViewportSize({ width, height });
    await page.goto("/console/now");
    await expect(page.getByRole("heading", { level: 1, name: "现在" })).toBeVisible();
    await expect(page.getByText("实时更新中")).toBeVisible();
    await page.evaluate(() => void Object.assign(window, { kept: true }));
    const place = server.cast.codes.find((c) => c.kind === "place")!;
    const m = await file(page.request, server, `now-${width}`, { scene: place.key, text: `景区${width}号栏杆断了，有孩子掉进河里，快来救人！` });
    const row = alarms(page).getByRole("listitem").filter({ hasText: m.number });
    await expect(row).toBeVisible();
    await expect(row).toContainText("有孩子掉进河里");
    await expect(row).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await accessible(page);

    // It is seen to, and the page says so by itself in another window.
    const beside = await page.context().newPage();
    await beside.setViewportSize({ width, height });
    await beside.goto(`/console/matters/${m.id}`);
    await beside.getByRole("button", { name: "已处置，记下做了什么" }).click();
    const dialog = beside.getByRole("dialog", { name: "记下处置情况" });
    await dialog.getByRole("textbox").fill("水上救援已到场，孩子平安");
    await dialog.getByRole("button", { name: "已处置" }).click();
    await expect(dialog).toBeHidden();
    expect(await beside.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await accessible(beside);
    await expect(row).toHaveCount(0);
    expect(await page.evaluate(() => "kept" in window), "the page was loaded anew").toBe(true);
  });
}

/** Makes something for several groups: a danger, what is held, given back, opened again and ill rated. */
async function trouble(page: Page, server: Server): Promise<void> {
  const scene = server.cast.codes.find((c) => c.member_openid)!.key;
  const by = async (m: Filed): Promise<string> => tokenOf(page.request, server, server.cast.members.find((x) => x.id === m.assignee!.id)!.openid);
  const act = (token: string, m: Filed, what: string, body: Record<string, unknown>): Promise<Filed> =>
    call<Filed>(page.request, server, token, "post", `/submissions/${m.id}/${what}`, { version: m.version, ...body });
  for (let i = 0; i < 7; i++) await file(page.request, server, `trouble-danger-${i}`, { scene, text: `第${i}处：有人落水，快来救人！` });
  for (let i = 0; i < 2; i++) await file(page.request, server, `trouble-held-${i}`, { scene, text: `测试复审 第${i}件 请问办证要什么材料` });
  const back = await file(page.request, server, "trouble-back", { scene, text: "村里的广播太早，吵得睡不着" });
  await act(await by(back), back, "return", { reason: "不归我管" });
  for (const who of ["trouble-again", "trouble-rated"]) {
    let m = await file(page.request, server, who, { scene, text: `${who}：公厕的门坏了，关不上`, contact: { phone: "13900139000" } });
    const member = await by(m);
    const visitor = await tokenOf(page.request, server, who);
    m = await act(member, m, "reply", { text: "已经报修" });
    m = await act(member, m, "close", { outcome: "solved", text: "已经报修" });
    if (who === "trouble-again") await act(visitor, m, "reopen", { reason: "门还是关不上" });
    else await act(visitor, m, "rate", { solved: "not", satisfaction: "dissatisfied", reason: "没有人来修" });
  }
}

test("each group leads to a list that holds it, and each matter stands once", async ({ liaison: page, server }) => {
  await trouble(page, server);
  // An earlier search does not narrow the list.
  await page.goto("/console/matters");
  await page.getByRole("textbox", { name: "搜索编号和内容" }).fill("绝没有这样的内容");
  await expect(page.getByText("没有符合条件的诉求")).toBeVisible();
  await page.getByRole("link", { name: /^现在/ }).click();
  const needs = page.locator("section.need");
  await expect(needs.first()).toBeVisible();
  for (const title of ["内容待核对", "被委员退回", "群众要求重新办理", "评价不满意"]) await expect(group(page, title)).toBeVisible();
  await expect(alarms(page).getByRole("listitem").filter({ hasText: /第\d处：有人落水/ })).toHaveCount(7);
  const rows = await page.locator("[data-need]").evaluateAll((list) => list.map((r) => r.getAttribute("data-need")));
  expect(new Set(rows).size).toBe(rows.length);
  const titles = await needs.getByRole("heading").allInnerTexts();
  for (const heading of titles) {
    const [, title, count] = /^(.*?)\s*(\d+)$/.exec(heading)!;
    const section = group(page, title!);
    const numbers = await section.locator("[data-need] a.number").allInnerTexts();
    expect(numbers.length).toBe(Math.min(20, Number(count)));
    await section.getByRole("link", { name: "在列表里看" }).click();
    for (const n of numbers) await expect(page.locator("table.matters tbody").getByRole("link", { name: n }), title).toBeVisible();
    await page.goBack();
    await expect(section).toBeVisible();
  }
  // So do the numbers of what is under way.
  const under = page.locator(".counts a");
  for (let i = 0; i < (await under.count()); i++) {
    const count = await under.nth(i).locator("strong").innerText();
    await under.nth(i).click();
    await expect(page.getByRole("search").getByRole("status")).toHaveText(`${count} 件`);
    await page.goBack();
    await expect(under.first()).toBeVisible();
  }
});

test("what somebody says on the phone is filed, and handed over to them", async ({ liaison: page, server }) => {
  await page.goto("/console/file");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "请写下反映的问题" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "反映的问题" })).toBeFocused();
  await accessible(page);
  await page.getByRole("textbox", { name: "反映的问题" }).fill("家门口的水管爆了，想问谁来修");
  await page.getByRole("textbox", { name: "反映人" }).fill("周奶奶");
  await page.getByRole("textbox", { name: /^电话/ }).fill("12");
  await page.getByRole("textbox", { name: /^地点/ }).fill("柳荫村 12 号");
  await page.getByRole("combobox", { name: "怎么来的" }).click({ force: true });
  await page.getByRole("option", { name: "来访" }).click();
  await page.getByRole("spinbutton", { name: "几个人一起反映" }).fill("3");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: /电话|号码/ }).first()).toBeVisible();
  await page.getByRole("textbox", { name: /^电话/ }).fill("13700137000");
  // Half of it is not lost by a slip.
  await page.getByRole("link", { name: "现在" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "现在" })).toBeVisible();
  await page.getByRole("link", { name: "登记" }).click();
  await expect(page.getByRole("status").filter({ hasText: "上次没登记完" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "反映人" })).toHaveValue("周奶奶");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  const receipt = page.getByRole("status").filter({ hasText: "已登记，编号" });
  await expect(receipt).toContainText("答复期限");
  const number = /编号 (\S+)/.exec(await receipt.innerText())![1]!;
  await accessible(page);
  await page.getByRole("button", { name: /生成六位数字/ }).click();
  const code = (await receipt.locator(".code").innerText()).trim();
  expect(code).toMatch(/^\d{6}$/);
  await accessible(page);

  await receipt.getByRole("link", { name: "打开这件" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(number);
  await expect(page.locator(".facts").first()).toContainText("周奶奶（本人）");
  await expect(page.locator(".facts").first()).toContainText("来访，3 人一起反映");
  await expect(page.locator(".facts").first()).toContainText("柳荫村 12 号");
  expect(await page.content()).not.toContain("13700137000");
  // The caller takes it over, and sees it as their own.
  const caller = await tokenOf(page.request, server, "phone-caller");
  const proof = (await (await page.request.post(`${server.url}/_emulator/users/phone-caller/phonecode`, { data: { phone: "13700137000" } })).json()) as { code: string };
  const theirs = await call<Filed>(page.request, server, caller, "post", "/takeovers", { code, phone_code: proof.code });
  expect(theirs.number).toBe(number);
  const mine = await call<{ items: Filed[] }>(page.request, server, caller, "get", "/submissions");
  expect(mine.items.map((x) => x.number)).toEqual([number]);
});

test("who called from a landline is told what works, and a mobile takes it over", async ({ liaison: page }) => {
  await page.goto("/console/file");
  await page.getByRole("textbox", { name: "反映的问题" }).fill("巷子里的下水道堵了");
  await page.getByRole("textbox", { name: "反映人" }).fill("吴爷爷");
  await page.getByRole("textbox", { name: /^电话/ }).fill("0931-8412345");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  const receipt = page.getByRole("status").filter({ hasText: "已登记，编号" });
  await expect(receipt).toContainText("0931-8412345 不是手机号，收不到验证码");
  const make = page.getByRole("button", { name: /生成六位数字/ });
  await expect(make).toBeDisabled();
  await accessible(page);
  await receipt.getByRole("textbox", { name: "反映人的手机号" }).fill("138 0013 8077");
  await make.click();
  await expect(receipt.locator(".code")).toHaveText(/^\d{6}$/);
  await expect(receipt).not.toContainText("不是手机号");
});

test("what WeChat pushed and could not be read is a table, or said to be none", async ({ liaison: page }) => {
  await page.goto("/console/unread");
  await expect(page.getByText("最近 30 天的推送都读出了，没有要处理的")).toBeVisible();
  await accessible(page);
  // WeChat's part is played here: the emulated platform sends nothing that cannot be read.
  const items = [
    { at: "2026-11-30T07:41:00+08:00", kind: "文字消息", size: 512, why: "内容格式不对，读不出来", next: "已请写的人再发一次；反复出现请告诉运行码上的人" },
    { at: "2026-11-29T21:03:00+08:00", kind: "未知类型", size: 96, why: "解不开：请核对 EncodingAESKey 和 AppID 与微信公众平台后台一致", next: "请管理员核对这两项并重启；改好以前，微信里的消息都读不出" },
  ];
  await page.route("**/api/v1/station/unread-pushes", (r) => r.fulfill({ json: { items, next_cursor: "" } }));
  await page.route("**/api/v1/station/now", async (r) => {
    const now = await (await r.fetch()).json();
    now.today.unread_pushes = items.length;
    await r.fulfill({ json: now });
  });
  await page.goto("/console/now");
  await page.getByRole("link", { name: /没有读出的微信推送（2 条）/ }).click();
  const rows = page.getByRole("region", { name: "没有读出的微信推送" }).locator("tbody tr");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("文字消息");
  await expect(rows.first()).toContainText("已请写的人再发一次");
  await picture(page, "unread");
  await accessible(page);
});
