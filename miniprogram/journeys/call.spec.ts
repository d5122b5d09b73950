import { api, enter, expect, file, memberCode, somebody, test, tokenOf } from "./support";

interface Matter {
  timeline: { what: string; sentence: string; text?: string }[];
}

test("a member sees the number once to call, with a reason, and the visitor reads of it", async ({ page, server, request }) => {
  const m = memberCode(server, 16);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key, text: "水管冻裂了", contact: { phone: "13800138000" } });
  await enter(page, server, m.openid);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await expect(page.getByText("138****8000")).toBeVisible();
  await page.getByRole("button", { name: "打电话给对方" }).click();
  const dialog = page.getByRole("dialog", { name: "打电话给对方" });
  await dialog.getByRole("button", { name: "显示号码" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("请写明为什么打电话");
  await dialog.getByRole("button", { name: "问清楚具体位置" }).click();
  await dialog.getByRole("button", { name: "显示号码" }).click();
  await expect(dialog.getByRole("link", { name: "拨打 13800138000" })).toHaveAttribute("href", "tel:13800138000");
  await dialog.getByRole("button", { name: "关闭" }).click();
  await expect(page.getByText("查看了您留的电话，准备打给您")).toBeVisible();
  const seen = await api<Matter>(request, server, visitor, "get", `/submissions/${filed.id}`);
  expect(seen.timeline.at(-1)).toMatchObject({ what: "phone", sentence: `${m.name}委员查看了您留的电话，准备打给您` });
  expect(JSON.stringify(seen.timeline)).not.toMatch(/13800138000|具体位置/);
  // What the member does next is done on the newest version.
  await page.getByRole("button", { name: "受理", exact: true }).click();
  await expect(page.getByText("已受理，对方会看到")).toBeVisible();
});

test("whoever stays unknown to the member is called by the liaison", async ({ page, server, request }) => {
  const m = memberCode(server, 17);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key, text: "邻居占道堆料", anonymous: true, contact: { phone: "13800138000" } });
  await enter(page, server, m.openid);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await expect(page.getByText("不想让委员知道自己是谁")).toBeVisible();
  await expect(page.getByRole("button", { name: "打电话给对方" })).toHaveCount(0);
  await page.getByRole("button", { name: "请联络员打电话" }).click();
  await page.getByLabel("请联络员问什么、说什么").fill("请问料是哪家的");
  await page.getByRole("button", { name: "请联络员打", exact: true }).click();
  await expect(page.getByText("已请联络员打电话")).toBeVisible();
  await expect(page.getByRole("button", { name: "请联络员打电话" })).toHaveCount(0);
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const { items } = await api<{ items: { purpose: string; submission: { id: string } }[] }>(request, server, liaison, "get", "/station/untold?limit=100");
  expect(items.filter((u) => u.submission.id === filed.id && u.purpose === "visitor_call")).toHaveLength(1);
  expect(JSON.stringify(await api<Matter>(request, server, visitor, "get", `/submissions/${filed.id}`))).not.toContain("料是哪家的");
});

test("who left no number is told to look here, and who left one that somebody calls", async ({ page, server, request }) => {
  const m = memberCode(server, 18);
  const openid = somebody();
  const visitor = await enter(page, server, openid);
  const [without, with_] = [
    await file(request, server, visitor, { scene: m.key, text: "路灯不亮" }),
    await file(request, server, visitor, { scene: m.key, text: "井盖坏了", contact: { phone: "13800138000" } }),
  ];
  await page.goto(`/m/pages/receipt/index?id=${without.id}`);
  await expect(page.getByText(/前，委员在这里回复您$/)).toBeVisible();
  await expect(page.getByText("有人和您联系")).toHaveCount(0);
  await expect(page.getByText(without.number)).toBeVisible();
  await page.goto(`/m/pages/receipt/index?id=${with_.id}`);
  await expect(page.getByText(/前，有人和您联系$/)).toBeVisible();
  await expect(page.getByText("委员在这里回复您")).toHaveCount(0);
  await expect(page.getByText(with_.number)).toBeVisible();
});

test("the time is the server's, whatever the phone says", async ({ browser, server, request }) => {
  const m = memberCode(server, 19);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key, visitor: "tourist", text: "树枝压了电线" });
  const said: string[] = [];
  for (const days of [0, 3, -2, 400]) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "zh-CN", baseURL: server.url });
    const page = await context.newPage();
    await page.addInitScript((shift) => {
      const real = Date.now.bind(Date);
      Date.now = () => real() + shift;
    }, days * 86_400_000);
    await enter(page, server, m.openid);
    await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
    await expect(page.getByRole("button", { name: "受理", exact: true })).toBeVisible();
    await expect(page.locator(".standing-words")).toHaveText(/(今天|明天|周.|\d日).* 前，还有 \d+ /);
    await expect(page.locator(".standing-words")).not.toHaveClass(/late/);
    await page.getByRole("button", { name: "更多", exact: true }).click();
    await page.getByRole("button", { name: "请部门协办" }).click();
    const words = (await page.locator(".standing-words").textContent())!.replace(/还有.*/, "");
    said.push(`${words} ${(await page.locator("#days").inputValue())} ${(await page.getByText(/^对方最晚/).textContent())!}`);
    await context.close();
  }
  // A clock that is days wrong changes no word.
  expect(new Set(said).size, said.join("\n")).toBe(1);
});

test("a department is offered its own kind of sentences, and knows by when", async ({ page, server, request }) => {
  const m = memberCode(server, 20);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key, visitor: "tourist", text: "农家乐多收钱" });
  await enter(page, server, m.openid);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await page.getByRole("button", { name: "更多", exact: true }).click();
  await page.getByRole("button", { name: "请部门协办" }).click();
  await expect(page.getByText(/^对方最晚.*前答复，不会晚过这件事的期限$/)).toBeVisible();
  await page.getByRole("radio").first().check();
  await page.getByLabel("请他们做什么（对方看不到）").fill("请核实价格");
  await page.getByRole("button", { name: "发出" }).click();
  await expect(page.getByText("已请协办", { exact: true })).toBeVisible();
  const asked = await api<{ due_at: string; assists: { due_at: string }[] }>(request, server, await tokenOf(request, server, m.openid), "get", `/submissions/${filed.id}`);
  expect(Date.parse(asked.assists[0]!.due_at)).toBeLessThanOrEqual(Date.parse(asked.due_at));
});
