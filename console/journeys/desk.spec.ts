import type { APIRequestContext, Page } from "@playwright/test";
import { accessible } from "./axe";
import { printed } from "./paper";
import { picture } from "./picture";
import { call, expect, file, type Filed, type Server, settled, test, tokenOf } from "./support";

// The list here has what this spec files, and no more.
test.use({ alone: "desk" });

const rows = (page: Page) => page.locator("table.matters tbody tr");
const spot = (server: Server) => server.cast.codes.find((c) => c.kind === "place")!;
const member = (server: Server) => server.cast.codes.find((c) => c.member_openid)!;
let filed = 0;
const at = (request: APIRequestContext, server: Server, key: string, text: string): Promise<Filed> => file(request, server, `desk-${(filed += 1)}`, { scene: key, text });

/** Searches the list, which may have as many rows before. */
async function search(page: Page, words: string): Promise<void> {
  const found = page.waitForResponse((r) => r.url().includes("/station/submissions?") && r.url().includes("q="));
  await page.getByRole("textbox", { name: "搜索编号和内容" }).fill(words);
  await found;
}

/** What is wider than the page and makes it scroll sideways. */
const sticksOut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const inside = (e: Element): boolean => {
      for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible") return true;
      return false;
    };
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1 && !inside(e));
    return wide.map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 12);
  });

test("on a phone each matter is a card with its words and its deadline, and nothing sticks out", async ({ liaison: page, server }) => {
  await at(page.request, server, member(server).key, "渡口停车场收了二十元，牌子上写的是十元，收费员不给票，问了几次都说没有票据，游客都在排队等着，请来看看。");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/console/matters");
  const card = rows(page).first();
  await expect(card).toBeVisible();
  const text = (await card.locator(".text").boundingBox())!;
  const line = await card.locator(".text").evaluate((e) => parseFloat(getComputedStyle(e).lineHeight));
  expect(text.height).toBeGreaterThanOrEqual(2 * line - 1);
  expect(text.width).toBeGreaterThan(240);
  await expect(card.locator(".due")).toBeVisible();
  await expect(card.locator(".who")).toBeVisible();
  expect((await card.boundingBox())!.height).toBeLessThan(180);
  await accessible(page);
  await picture(page, "matters-phone");
  for (const path of ["/matters", `/matters?state=open`, "/people/members", "/people", "/routing", "/file", "/figures"]) {
    await page.goto(`/console${path}`);
    // What is loaded later may be wider than what is there at first.
    await settled(page);
    expect(await sticksOut(page), path).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
  }
  // At 200 % a window of 1440 is 720 wide.
  await page.setViewportSize({ width: 720, height: 450 });
  await page.goto("/console/matters");
  await expect(rows(page).first().locator(".due")).toBeVisible();
  // Beside the menu of a small laptop the words have room.
  await page.setViewportSize({ width: 1024, height: 768 });
  expect((await rows(page).first().locator(".what").boundingBox())!.width).toBeGreaterThan(260);
});

test("matters are worked through side by side, one after the other, and the next is offered after an act", async ({ liaison: page, server }) => {
  const list: Filed[] = [];
  for (const n of [1, 2, 3]) list.push(await at(page.request, server, member(server).key, `逐件办理第 ${n} 件：桥头的第 ${n} 块石板松了`));
  const [third, second, first] = list; // newest first
  await page.goto("/console/matters");
  await search(page, "逐件办理");
  await expect(rows(page)).toHaveCount(3);
  await rows(page).filter({ hasText: first!.number }).click();
  const heading = page.getByRole("heading", { level: 1 });
  const work = page.getByRole("navigation", { name: "逐件办理" });
  await expect(heading).toContainText(first!.number);
  await expect(work).toContainText("第 1 / 3 件");
  // The list stands beside it, and the current row is marked.
  await expect(rows(page)).toHaveCount(3);
  await expect(page.locator("tr[aria-current]")).toContainText(first!.number);
  await expect(page.getByRole("checkbox", { name: "选中列出的全部" })).toBeVisible();
  const [left, right] = [(await page.locator(".side table").first().boundingBox())!, (await heading.boundingBox())!];
  expect(left.x + left.width).toBeLessThan(right.x);
  await accessible(page);
  await picture(page, "worklist");

  await page.keyboard.press("j");
  await expect(heading).toContainText(second!.number);
  await expect(heading).toBeFocused();
  await expect(work).toContainText("第 2 / 3 件");
  await page.keyboard.press("k");
  await expect(heading).toContainText(first!.number);
  await work.getByRole("button", { name: "下一件" }).click();
  await expect(heading).toContainText(second!.number);
  await page.reload();
  await expect(heading).toContainText(second!.number);
  await expect(work).toContainText("第 2 / 3 件");

  // An act offers the next one.
  await page.keyboard.press("a");
  const giving = page.getByRole("dialog", { name: `分派 ${second!.number}` });
  await expect(giving.locator("input[type=radio]:focus")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await giving.getByRole("button", { name: "更熟悉当地情况" }).click();
  await page.keyboard.press("Control+Enter");
  await expect(giving).toBeHidden();
  await page.getByRole("button", { name: `下一件 ${third!.number}（J）` }).click();
  await expect(heading).toContainText(third!.number);
  await expect(work.getByRole("button", { name: "下一件" })).toBeDisabled();

  // What an act takes off the list leaves its place to the next.
  await page.keyboard.press("k");
  await expect(heading).toContainText(second!.number);
  const now = await call<Filed>(page.request, server, "", "get", `/submissions/${second!.id}`);
  const token = await tokenOf(page.request, server, server.cast.members.find((m) => m.id === now.assignee!.id)!.openid);
  await call(page.request, server, token, "post", `/submissions/${second!.id}/accept`, { version: now.version });
  await call(page.request, server, token, "post", `/submissions/${second!.id}/close`, { version: now.version + 1, outcome: "solved", text: "已经换好" });
  await expect(rows(page)).toHaveCount(2);
  await expect(work).toContainText("不在清单里");
  await page.keyboard.press("j");
  await expect(heading).toContainText(third!.number);
  // However many were worked through, one Escape leads back to the list as it was.
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { level: 1, name: "诉求" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "搜索编号和内容" })).toHaveValue("逐件办理");
  await expect(rows(page).filter({ hasText: third!.number })).toBeFocused();

  // Below 1280 the matter has the page.
  await page.setViewportSize({ width: 1200, height: 900 });
  await page.keyboard.press("Enter");
  await expect(work).toContainText("第 2 / 2 件");
  await expect(page.locator("table.matters")).toBeHidden();
  await expect(heading).toBeFocused();
});

test("selected matters are merged with the direction in sight, and one is found by the end of its number", async ({ liaison: page, server }) => {
  const texts = ["停车多收了我二十，牌子写十元", "收费员不给票据", "东边的车位被摊子占了", "西岸收费乱"];
  const list: Filed[] = [];
  for (const t of texts) list.push(await at(page.request, server, spot(server).key, `${t}（合并）`));
  const [one, two, three, four] = list as [Filed, Filed, Filed, Filed];
  await page.goto("/console/matters");
  await search(page, "（合并）");
  await expect(rows(page)).toHaveCount(4);
  for (const m of [one, two]) await rows(page).filter({ hasText: m.number }).getByRole("checkbox").check();
  await page.getByRole("button", { name: /合并所选/ }).click();
  const merging = page.getByRole("dialog", { name: "合并选中的 2 件" });
  await expect(merging.locator(".direction")).toHaveText(`${two.number} 并入 ${one.number}`);
  await merging.getByRole("radio", { name: `由 ${two.number} 来带` }).check({ force: true });
  await expect(merging.locator(".direction")).toHaveText(`${one.number} 并入 ${two.number}`);
  await merging.getByRole("button", { name: "同一地方的同一件事" }).click();
  await accessible(page);
  await picture(page, "merge-selected");
  await merging.getByRole("button", { name: "合并", exact: true }).click();
  await expect(merging).toBeHidden();
  await expect(rows(page).filter({ hasText: one.number })).toContainText("已并入其他诉求");
  await expect(rows(page).filter({ hasText: two.number })).toContainText("2 人反映");

  // In a matter: the same spot and week is listed, and a number finds one.
  await page.goto(`/console/matters/${three.id}`);
  await page.getByRole("button", { name: "并案" }).click();
  const dialog = page.getByRole("dialog", { name: /并案/ });
  await expect(dialog.getByRole("radio", { name: new RegExp(four.number) })).toBeVisible();
  await expect(dialog.locator("label").filter({ hasText: four.number })).toContainText("同一处、同一周");
  await dialog.getByRole("textbox", { name: "按编号或内容找要并案的诉求" }).fill(two.number.split("-")[1]!);
  await expect(dialog.getByRole("radio", { name: new RegExp(two.number) })).toBeChecked();
  await expect(dialog.locator(".direction")).toContainText(`${three.number} 并入 ${two.number}`);
  await picture(page, "merge");
  await dialog.getByRole("button", { name: "对调" }).click();
  await expect(dialog.locator(".direction")).toContainText(`${two.number} 并入 ${three.number}`);
  await dialog.getByRole("button", { name: "对调" }).click();
  await dialog.getByRole("button", { name: "同一问题，一起答复" }).click();
  await accessible(page);
  await dialog.getByRole("button", { name: "并案", exact: true }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`/console/matters/${two.id}`);
  await expect(page.locator("header.head")).toContainText("3 人反映");
});

test("while a call is written down, what is alike has its number and words", async ({ liaison: page, server }) => {
  const m = await at(page.request, server, spot(server).key, "西岸渡口的长椅少了两块木板，候船的人没处坐");
  await page.goto("/console/file");
  await page.getByRole("combobox", { name: "记在哪个码下" }).click({ force: true });
  await page.getByRole("option", { name: new RegExp(spot(server).name) }).first().click();
  await page.getByRole("textbox", { name: "反映的问题" }).fill("渡口的长椅少了木板，候船的人没处坐");
  const choice = page.getByRole("radio", { name: new RegExp(m.number) });
  await expect(choice).toBeVisible();
  await expect(page.locator(".alike")).toContainText("候船的人没处坐");
  await picture(page, "file-alike");
  await choice.check({ force: true });
  await page.getByRole("textbox", { name: "反映人" }).fill("王大爷");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "已登记，编号" })).toContainText("一起办理");
});

test("a refresh that fails keeps the rows, and nothing is counted as zero before it is counted", async ({ liaison: page, server }) => {
  await at(page.request, server, member(server).key, "断网时也要看得见的一件");
  let hold: () => void = () => undefined;
  const held = new Promise<void>((go) => (hold = go));
  let asked = 0;
  await page.route("**/api/v1/station/submissions?**", async (r) => {
    asked += 1;
    await held;
    await r.continue();
  });
  await page.goto("/console/matters");
  const states = page.getByRole("group", { name: "状态" });
  await expect(states).toContainText("全部 …");
  await expect(page.getByRole("search").getByRole("status")).toHaveText("正在数…");
  expect(asked).toBe(1);
  hold();
  await expect(rows(page).first()).toBeVisible();
  await page.unroute("**/api/v1/station/submissions?**");
  // The server does not answer until 重试 is pressed: a change elsewhere makes the page read by itself, too.
  await page.evaluate(() => document.addEventListener("click", (e) => {
    if ((e.target as Element).closest("button")?.textContent?.includes("重试")) document.body.dataset.retried = "";
  }, true));
  await page.route("**/api/v1/station/submissions?**", async (r) => ((await page.evaluate(() => "retried" in document.body.dataset)) ? r.continue() : r.abort()));
  const before = await rows(page).count();
  await page.getByRole("button", { name: "刷新" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "连不上服务器" })).toBeVisible();
  expect(await rows(page).count()).toBe(before);
  await page.getByRole("alert").filter({ hasText: "连不上服务器" }).getByRole("button", { name: "重试" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "连不上服务器" })).toHaveCount(0);
  const list = await page.request.get(`${server.url}/api/v1/station/choices`, { headers: { "Accept-Encoding": "gzip" } });
  expect(list.headers()["content-encoding"]).toBe("gzip");
});

test("Escape closes the large photo alone", async ({ liaison: page, server }) => {
  const visitor = await tokenOf(page.request, server, "photographer");
  const photo = await page.evaluate(() => {
    const c = document.createElement("canvas");
    c.width = c.height = 400;
    c.getContext("2d")!.fillRect(50, 50, 200, 300);
    return c.toDataURL("image/png").split(",")[1]!;
  });
  const up = await page.request.post(`${server.url}/api/v1/uploads`, { headers: { Authorization: `Bearer ${visitor}` }, multipart: { file: { name: "a.png", mimeType: "image/png", buffer: Buffer.from(photo, "base64") } } });
  const { id } = (await up.json()) as { id: string };
  const m = await file(page.request, server, "photographer", { scene: member(server).key, text: "井盖裂了，有照片", photos: [id] });
  await page.goto("/console/matters?state=open");
  await rows(page).filter({ hasText: m.number }).click();
  await page.locator(".photos .el-image").first().click();
  await expect(page.locator(".el-image-viewer__wrapper")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator(".el-image-viewer__wrapper")).toBeHidden();
  await expect(page).toHaveURL(new RegExp(m.id));
  await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
});

test("worksheets and the list are made for paper", async ({ liaison: page, server }) => {
  const text = "渡口的护栏松了，小孩爱在那里玩（印）";
  const one = await at(page.request, server, spot(server).key, text);
  const two = await at(page.request, server, spot(server).key, "渡口的护栏又松了（印）");
  const now = await call<Filed>(page.request, server, "", "get", `/submissions/${two.id}`);
  await call(page.request, server, "", "post", `/submissions/${two.id}/merge`, { version: now.version, into: one.id, reason: "同一处" });
  await page.goto(`/console/matters/${one.id}`);
  await expect(page.getByRole("region", { name: "一起办理的诉求" })).toContainText(two.number);
  await expect(page.locator(".print-only img")).toHaveAttribute("src", /^data:image\/svg/);
  const sheet = printed(await page.pdf({ format: "A4", preferCSSPageSize: true }), "worksheet");
  const whole = sheet.join("\n").replace(/\s/g, "");
  for (const want of ["诉求办理工作单", one.number, two.number, "办理结果", "联系电话", "办理人签字", "第1/"]) expect(whole).toContain(want);
  expect(whole.split(text).length - 1, "the words once").toBe(1);
  expect(whole).not.toMatch(/今天|明天|还有\d|刚刚|并案|按键/);
  expect(whole).toMatch(/\d{4}年\d+月\d+日\d\d:\d\d/);

  // Several at once, each on its own page.
  await page.goto("/console/matters");
  await search(page, "（印）");
  await expect(rows(page)).toHaveCount(2);
  const list = printed(await page.pdf({ format: "A4", preferCSSPageSize: true }), "list").join("\n").replace(/\s/g, "");
  for (const want of ["诉求清单", one.number, spot(server).name.slice(0, 4), "前", "搜索“（印）”", "打印于"]) expect(list).toContain(want);
  expect(list).not.toMatch(/今天|明天|快捷键|更多条件|保存这个筛选|已全部显示/);
  await page.getByRole("checkbox", { name: "选中列出的全部" }).check();
  // The papers stay while the browser prints, so the sheet is looked at then.
  await page.evaluate(() => {
    window.print = () => Object.assign(window, { papers: [...document.querySelectorAll(".print-only.only .sheet")].map((s) => s.textContent) });
  });
  // While they are made it is said how far that is, and it can be stopped.
  let go: () => void = () => undefined;
  const held = new Promise<void>((answer) => (go = answer));
  await page.route("**/worksheet", async (r) => {
    await held;
    await r.continue();
  });
  await page.getByRole("button", { name: "打印工作单" }).click();
  await expect(page.getByRole("status").filter({ hasText: "正在准备工作单，0/2" })).toBeVisible();
  await picture(page, "worksheets-making");
  await page.getByRole("button", { name: "不打印了" }).click();
  await expect(page.getByText("正在准备工作单")).toHaveCount(0);
  go();
  await page.getByRole("button", { name: "打印工作单" }).click();
  await expect.poll(() => page.evaluate(() => (window as unknown as { papers?: string[] }).papers?.length)).toBe(2);
  const papers = await page.evaluate(() => (window as unknown as { papers: string[] }).papers);
  expect(papers.join()).toContain(one.number);
  expect(papers.join()).toContain(two.number);
  await expect(page.locator(".print-only.only")).toHaveCount(0);
});
