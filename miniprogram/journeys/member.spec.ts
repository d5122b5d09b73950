import { api, enter, expect, file, memberCode, photo, somebody, test, tokenOf } from "./support";

interface Matter {
  version: number;
  state: string;
  outcome?: string;
  assignee: { id: string } | null;
  timeline: { what: string; text?: string; photos?: string[] }[];
}

test("a member accepts, asks, answers with a phrase of their own and closes", async ({ page, server, request }) => {
  const m = memberCode(server, 5);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key, kind: "help", text: "门前的路灯坏了三天" });
  await enter(page, server, m.openid);

  await page.goto("/m/pages/phrases/index");
  await page.getByLabel("新的常用语").fill("您好，已联系电力所，今天去修。");
  await page.getByRole("button", { name: "加上" }).click();
  await expect(page.getByText("您好，已联系电力所，今天去修。")).toBeVisible();

  await page.goto("/m/pages/inbox/index");
  const card = page.locator(".ui-tap", { hasText: filed.number });
  await expect(card).toContainText("新来的");
  // Found by words and by kind.
  await page.getByRole("button", { name: "查找、筛选" }).click();
  await page.getByLabel("查找", { exact: true }).fill("没有这样的字");
  await page.getByRole("button", { name: "查找", exact: true }).click();
  await expect(page.getByText("没有符合的。换个词，或清除筛选")).toBeVisible();
  await page.getByLabel("查找", { exact: true }).fill("路灯坏了三天");
  await page.getByRole("button", { name: "查找", exact: true }).click();
  await card.click();

  await page.getByRole("button", { name: "受理", exact: true }).click();
  await expect(page.getByText("已受理，对方会看到")).toBeVisible();
  await page.getByRole("button", { name: "请他补充" }).click();
  await page.getByLabel("想问什么").fill("是哪一盏灯？");
  await page.getByRole("button", { name: "发出问题" }).click();
  await expect(page.getByText("已请对方补充，时间暂停")).toBeVisible();

  await page.getByRole("button", { name: "答复" }).click();
  // One's own come first, then those for this act.
  const phrases = page.getByRole("button", { name: /^用常用语/ });
  await expect(phrases).toHaveCount(5);
  await phrases.first().click();
  await expect(page.getByLabel("写给对方")).toHaveValue("您好，已联系电力所，今天去修。");
  await page.getByRole("button", { name: "发出答复" }).click();
  await expect(page.getByText("已答复", { exact: true }).first()).toBeVisible();

  // Nothing is chosen beforehand, and what is called solved has something to show for it.
  await page.getByRole("button", { name: "办结" }).click();
  await expect(page.getByRole("radio", { checked: true })).toHaveCount(0);
  await page.getByLabel("怎么办的（对方会看到）").fill("电力所已换新灯");
  await page.getByRole("button", { name: "办结" }).click();
  await expect(page.getByRole("alert")).toHaveText("请选办成了什么样");
  await page.getByRole("radio", { name: /已解决/ }).check();
  await page.getByRole("button", { name: "办结" }).click();
  await expect(page.getByRole("alert")).toHaveText("请选凭什么说解决了");
  await page.getByRole("radio", { name: /当事人认可/ }).check();
  await expect(page.getByLabel("怎么办的（对方会看到）")).toHaveValue("电力所已换新灯。当事人已认可。");
  await page.getByRole("radio", { name: /^照片/ }).check();
  await expect(page.getByLabel("怎么办的（对方会看到）")).toHaveValue("电力所已换新灯。");
  await page.getByRole("button", { name: "办结" }).click();
  await expect(page.getByRole("alert")).toHaveText("请拍一张照片，或换一种凭据");
  const picked = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "从相册选" }).click();
  await (await picked).setFiles([await photo(page)]);
  await expect(page.getByText("✓ 已传好")).toBeVisible();
  await page.getByRole("button", { name: "办结" }).click();
  const now = () => api<Matter>(request, server, visitor, "get", `/submissions/${filed.id}`);
  await expect.poll(async () => (await now()).state).toBe("closed");
  const s = await now();
  expect(s.outcome).toBe("solved");
  expect(s.timeline.map((e) => e.what)).toEqual(["file", "accept", "ask", "reply", "close"]);
  expect(s.timeline.at(-1)?.photos).toHaveLength(1);
});

test("whoever is second learns who was first, and what was written stays", async ({ page, server, request }) => {
  const m = memberCode(server, 6);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key });
  await enter(page, server, m.openid);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await page.getByRole("button", { name: "答复" }).click();
  await page.getByLabel("写给对方").fill("我来问问停车场");
  // Meanwhile the same member answers on another phone.
  const his = await tokenOf(request, server, m.openid);
  await api(request, server, his, "post", `/submissions/${filed.id}/reply`, { version: filed.version, text: "已退还二十元" });
  await page.getByRole("button", { name: "发出答复" }).click();
  const clash = page.getByRole("alert");
  await expect(clash).toContainText(`刚刚${m.name}委员更新了这件事`);
  await expect(clash).toContainText("已退还二十元");
  await expect(page.getByLabel("写给对方")).toHaveValue("我来问问停车场");
  await page.getByRole("button", { name: "发出答复" }).click();
  await expect(page.getByText("已答复", { exact: true }).first()).toBeVisible();
});

test("what another did is said in the form that met it, and not in the next one", async ({ page, server, request }) => {
  const m = memberCode(server, 4);
  const filed = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key });
  await enter(page, server, m.openid);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await page.getByRole("button", { name: "答复", exact: true }).click();
  await page.getByLabel("写给对方").fill("我来问问停车场");
  const his = await tokenOf(request, server, m.openid);
  await api(request, server, his, "post", `/submissions/${filed.id}/accept`, { version: filed.version });
  // The reading after the refusal is slow, and the member turns to something else meanwhile.
  let letGo = (): void => undefined;
  const turned = new Promise<void>((done) => (letGo = done));
  await page.route(`**/api/v1/submissions/${filed.id}`, async (route) => {
    await turned;
    await route.continue();
  });
  const reading = page.waitForRequest((r) => r.url().endsWith(`/submissions/${filed.id}`));
  await page.getByRole("button", { name: "发出答复" }).click();
  await reading;
  await page.getByRole("button", { name: "取消" }).click();
  await page.getByRole("button", { name: "更多", exact: true }).click();
  await page.getByRole("button", { name: "请他补充" }).click();
  await expect(page.getByLabel("想问什么")).toBeVisible();
  letGo();
  await expect(page.locator(".standing")).toContainText("办理中");
  await expect(page.getByRole("status").filter({ hasText: "更新了这件事" })).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "更新了这件事" })).toHaveCount(0);
});

for (const refused of [false, true]) {
  test(`a slow 受理 leaves the form alone that was opened meanwhile, ${refused ? "refused" : "done"}`, async ({ page, server, request }) => {
    const m = memberCode(server, refused ? 0 : 1);
    const filed = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key });
    await enter(page, server, m.openid);
    let letGo = (): void => undefined;
    const opened = new Promise<void>((done) => (letGo = done));
    await page.route(`**/api/v1/submissions/${filed.id}/accept`, async (route) => {
      await opened;
      await route.continue();
    });
    await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
    await page.getByRole("button", { name: "受理", exact: true }).click();
    await page.getByRole("button", { name: "答复", exact: true }).click();
    await page.getByLabel("写给对方").fill("我来问问停车场");
    if (refused) {
      const his = await tokenOf(request, server, m.openid);
      await api(request, server, his, "post", `/submissions/${filed.id}/accept`, { version: filed.version });
    }
    letGo();
    await expect(page.getByRole("status").filter({ hasText: refused ? "更新了这件事" : "已受理，对方会看到" })).toBeVisible();
    await expect(page.locator(".standing")).toContainText("办理中");
    await expect(page.getByLabel("写给对方")).toHaveValue("我来问问停车场");
    await expect(page.getByRole("alert").filter({ hasText: "更新了这件事" })).toHaveCount(0);
    await page.getByRole("button", { name: "发出答复" }).click();
    await expect(page.getByRole("status").filter({ hasText: /^已答复$/ })).toBeVisible();
  });
}

test("a member hands over, returns and puts off", async ({ page, server, request }) => {
  const m = memberCode(server, 7);
  const other = server.cast.members[8]!;
  const visitor = await tokenOf(request, server, somebody());
  const [first, second, third] = [
    await file(request, server, visitor, { scene: m.key, text: "第一件：村口垃圾没人收" }),
    await file(request, server, visitor, { scene: m.key, text: "第二件：孩子入学手续" }),
    await file(request, server, visitor, { scene: m.key, text: "第三件：邻居占道" }),
  ];
  await enter(page, server, m.openid);
  await page.clock.install();
  await page.goto(`/m/pages/matter/index?id=${first.id}&as=member`);
  await page.getByRole("button", { name: "更多", exact: true }).click();
  await page.getByRole("button", { name: "转给别的委员" }).click();
  await page.getByLabel("找委员").fill(other.name);
  await page.getByRole("radio", { name: new RegExp(other.name) }).check();
  await page.getByLabel(/^为什么转/).fill("归他联系的村");
  await page.getByRole("button", { name: "转出" }).click();
  await expect(page.getByRole("heading", { name: "已转出" })).toBeVisible();
  expect((await api<Matter>(request, server, visitor, "get", `/submissions/${first.id}`)).assignee?.id).toBe(other.id);
  // It is somebody else's now: the page says what was done, and asks for it no more.
  let asked = 0;
  page.on("request", (r) => (asked += r.url().endsWith(`/submissions/${first.id}`) ? 1 : 0));
  await page.clock.runFor(21_000);
  await page.evaluate(async () => (await fetch("/readyz")).text()); // whatever was asked before has been counted
  expect(asked).toBe(0);
  await expect(page.getByRole("button", { name: "回到列表" })).toBeVisible();

  await page.goto(`/m/pages/matter/index?id=${second.id}&as=member`);
  await page.getByRole("button", { name: "更多", exact: true }).click();
  await page.getByRole("button", { name: "不归我，退回" }).click();
  await page.getByRole("button", { name: "退回联络员" }).click();
  await expect(page.getByRole("alert")).toHaveText("请先写几个字");
  await page.getByLabel("原因").fill("是教育界别的事");
  await page.getByRole("button", { name: "退回联络员" }).click();
  await expect(page.getByRole("heading", { name: "已退回联络员" })).toBeVisible();

  await page.goto(`/m/pages/matter/index?id=${third.id}&as=member`);
  await page.getByRole("button", { name: "受理", exact: true }).click();
  await page.getByRole("button", { name: "更多", exact: true }).click();
  await page.getByRole("button", { name: "延期" }).click();
  await page.getByLabel("几个工作日").fill("4");
  await page.getByLabel("为什么要延期").fill("等国土所测量");
  await page.getByRole("button", { name: "延期" }).click();
  await expect(page.getByText("已延期 4 个工作日")).toBeVisible();
});

test("a member binds, sees their duty, code and record, goes away and comes back", async ({ page, server, request }) => {
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const m = memberCode(server, 10);
  const { invitation } = await api<{ invitation: string }>(request, server, liaison, "post", `/members/${m.id}/invitations`, { again: true });
  await enter(page, server, somebody());
  await page.goto("/m/pages/me/index");
  await page.getByRole("button", { name: "委员绑定" }).click();
  await page.getByLabel("邀请码").fill("不对的码");
  await page.getByRole("button", { name: "绑定", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("邀请码无效");
  await page.getByLabel("邀请码").fill(invitation.toUpperCase());
  await page.getByRole("button", { name: "绑定", exact: true }).click();
  await expect(page.getByText(`绑定好了，${m.name}`)).toBeVisible();
  await page.getByRole("button", { name: "去看待办" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();

  await page.getByRole("button", { name: "我", exact: true }).click();
  await page.getByRole("button", { name: "我的二维码" }).click();
  await expect(page.getByRole("img", { name: `${m.name}委员的二维码` })).toBeVisible();
  await page.getByRole("button", { name: "返回" }).click();
  await page.getByRole("button", { name: "我的值班" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "我的值班" })).toBeVisible();
  await page.getByRole("button", { name: "返回" }).click();
  await page.getByRole("button", { name: "我的履职" }).click();
  await expect(page.getByText("件诉求交给我")).toBeVisible();
  await page.getByRole("button", { name: "返回" }).click();

  await page.getByRole("button", { name: "我要外出" }).click();
  const substitute = server.cast.members[11]!;
  await page.getByLabel("找委员").fill(substitute.name);
  await page.getByRole("radio", { name: new RegExp(substitute.name) }).check();
  await page.getByLabel("原因（可以不填）").fill("开会");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByText(`由${substitute.name}委员代办`)).toBeVisible();
  await page.getByRole("button", { name: "我回来了" }).click();
  await expect(page.getByText("已取消，您随时可以接件")).toBeVisible();
});

test("an answer is taken back while that is possible, and the visitor sees that it was", async ({ page, server, request }) => {
  const m = memberCode(server, 9);
  const visitor = await tokenOf(request, server, somebody());
  const filed = await file(request, server, visitor, { scene: m.key, kind: "help", text: "自来水停了两天" });
  await enter(page, server, m.openid);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await expect(page.getByRole("button", { name: "答复", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "撤回刚才的答复" })).toHaveCount(0);
  await page.getByRole("button", { name: "答复", exact: true }).click();
  await page.getByLabel("写给对方").fill("这是写给另一个人的");
  await page.getByRole("button", { name: "发出答复" }).click();
  const back = page.getByRole("button", { name: "撤回刚才的答复" });
  await expect(back).toContainText(/还有 \d+ 秒/);
  // A form that was opened and closed meanwhile gives no more time.
  const left = async (): Promise<number> => Number(/还有 (\d+) 秒/.exec((await back.textContent()) ?? "")?.[1]);
  const before = await left();
  await expect.poll(left).toBeLessThan(before - 2);
  await page.getByRole("button", { name: "办结" }).click();
  await expect(back).toHaveCount(0);
  await page.getByRole("button", { name: "取消" }).click();
  expect(await left()).toBeLessThan(before - 2);
  await back.click();
  await expect(page.getByText("已撤回，对方看不到内容了。请重新答复")).toBeVisible();
  await expect(back).toHaveCount(0);
  await expect(page.locator(".event").filter({ hasText: "（已撤回）" })).toHaveCount(1);
  const s = await api<Matter>(request, server, visitor, "get", `/submissions/${filed.id}`);
  expect(s.state).toBe("assigned");
  expect(s.timeline.map((e) => e.what)).toEqual(["file", "reply", "takeback"]);
  expect(JSON.stringify(s.timeline)).not.toContain("写给另一个人");
});
