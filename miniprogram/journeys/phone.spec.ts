import { api, expect, file, memberCode, photo, placeCode, test, tokenOf } from "./support";

test("an emulated phone shows the real client, each its own person, silently logged in", async ({ page, context, server }) => {
  await page.goto("/_emulator/phone/you-ke-li");
  await page.getByRole("tab", { name: "扫一扫" }).click();
  const place = placeCode(server);
  await page.getByLabel("找一个码").fill(place.name);
  await page.getByRole("button", { name: new RegExp(place.key) }).click();
  const program = page.frameLocator("#program");
  await expect(program.getByRole("heading", { level: 1 })).toContainText(place.name);
  await program.getByRole("button", { name: "我的事" }).click();
  await expect(program.getByText("还没有反映过事情")).toBeVisible(); // no login page

  // Another phone in the same browser is another person's.
  const other = await context.newPage();
  await other.goto(`/_emulator/phone/${memberCode(server, 15).openid}`);
  await other.getByRole("tab", { name: "小程序" }).click();
  const members = other.frameLocator("#program");
  await members.getByRole("button", { name: "我的事" }).click();
  await members.getByRole("button", { name: /^待办/ }).click();
  await expect(members.getByRole("button", { name: /^要办的/ })).toBeVisible();
  await members.getByRole("button", { name: "我", exact: true }).click();
  await expect(members.getByRole("button", { name: "我的值班" })).toBeVisible();
  await program.getByRole("button", { name: "我", exact: true }).click();
  await expect(program.getByText("已登录")).toBeVisible(); // somebody, and no member
  await expect(program.getByRole("button", { name: /^待办|我的值班/ })).toHaveCount(0);
  // It stays so after a reload: each has its own session in the one browser.
  await page.reload();
  await page.getByRole("tab", { name: "小程序" }).click();
  await program.getByRole("button", { name: "我", exact: true }).click();
  await expect(program.getByText("已登录")).toBeVisible();
  await expect(program.getByRole("button", { name: "我的值班" })).toHaveCount(0);

  // The contact button is the only way into the chat.
  await page.getByRole("tab", { name: "客服" }).click();
  await expect(page.getByText("会话还没有打开")).toBeVisible();
  await page.getByRole("tab", { name: "小程序" }).click();
  await program.getByRole("button", { name: /微信客服会话/ }).click();
  await expect(page.getByRole("tab", { name: "客服" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByLabel("写给客服")).toBeVisible();

  // A browser that is no emulated phone has neither that button nor anybody's session.
  await page.goto("/m/pages/me/index");
  await expect(page.getByRole("heading", { level: 1, name: "我" })).toBeVisible();
  await expect(page.getByText("微信客服会话")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "登录" })).toBeVisible();
});

test("a notice on an emulated phone opens the client where it leads", async ({ page, server, request }) => {
  const m = memberCode(server, 16);
  const visitor = await tokenOf(request, server, "dian-zhu-wang");
  await request.post(`${server.url}/_emulator/users/dian-zhu-wang/grants`);
  const filed = await file(request, server, visitor, { scene: m.key, text: "门口积水" });
  await api(request, server, await tokenOf(request, server, m.openid), "post", `/submissions/${filed.id}/reply`, { version: filed.version, text: "已疏通" });
  await page.goto("/_emulator/phone/dian-zhu-wang");
  await page.getByRole("button", { name: "进入小程序" }).first().click({ timeout: 60_000 });
  await expect(page.frameLocator("#program").getByRole("heading", { level: 1 })).toContainText(filed.number);
  await expect(page.frameLocator("#program").getByText("已疏通").first()).toBeVisible();
});

test("each emulated phone has its own draft of one sign, with its own photos, and neither blocks the other", async ({ page, context, server }) => {
  const m = memberCode(server, 17);
  const form = (phone: string): string => `/m/pages/file/index?key=${m.key}&kind=complaint&phone=${phone}`;
  await page.goto(form("journey-one"));
  await page.getByLabel("写下来").fill("一号手机写的");
  const other = await context.newPage();
  await other.goto(form("journey-two"));
  await expect(other.getByLabel("写下来")).toHaveValue("");
  await expect(other.getByText("正在另一个页面里写")).toHaveCount(0);
  await other.getByLabel("写下来").fill("二号手机写的");
  await expect(page.getByText("正在另一个页面里写")).toHaveCount(0);
  for (const [on, n] of [[page, 1], [other, 2]] as const) {
    await on.getByRole("button", { name: "下一步" }).click();
    const photos = [];
    for (let i = 0; i < n; i++) photos.push({ ...(await photo(on)), name: `${i}.jpg` });
    const picked = on.waitForEvent("filechooser");
    await on.getByRole("button", { name: "从相册选" }).click();
    await (await picked).setFiles(photos);
    await expect(on.getByText(`已选 ${n} 张`)).toBeVisible();
  }
  const names = await page.evaluate(async () => (await indexedDB.databases()).map((d) => d.name).sort());
  expect(names).toEqual(["mashang.journey-one", "mashang.journey-two"]);
});
