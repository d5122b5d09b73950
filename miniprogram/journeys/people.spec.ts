import { api, enter, expect, file, memberCode, photo, placeCode, somebody, test, tokenOf } from "./support";

test("a villager in elder mode files by keyboard alone, on three screens", async ({ page, server, request }) => {
  const m = memberCode(server, 12);
  const openid = somebody();
  await enter(page, server, openid);
  await page.goto(`/m/pages/scan/index?key=${m.key}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${m.name} 委员`);

  /** Tabs on until what has the focus is called so; a keyboard has no other way. */
  const reach = async (name: RegExp | string): Promise<void> => {
    const target = page.getByRole("button", { name }).or(page.getByRole("textbox", { name })).or(page.getByRole("radio", { name })).or(page.getByRole("checkbox", { name })).first();
    await expect(target).toBeVisible();
    for (let i = 0; i < 80; i++) {
      if (await target.evaluate((e) => e === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard does not reach ${String(name)}`);
  };
  const press = async (name: RegExp | string): Promise<void> => {
    await reach(name);
    await page.keyboard.press("Enter");
  };

  await press("大字");
  expect(await page.evaluate(() => getComputedStyle(document.querySelector(".page-body")!).fontSize)).toBe("26px");
  await press(/我要求助/);
  await expect(page.getByText("第 1 步，共 3 步")).toBeVisible();
  await reach("也可以写下来");
  await page.keyboard.type("家里水管冻裂了，找不到人修");
  await press("写上地点");
  await reach("地点（可以不填）");
  await page.keyboard.type("羊铃沟村");
  await press("下一步"); // no photos
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByText("第 2 步，共 3 步")).toBeVisible();
  await reach(/本地群众/);
  await page.keyboard.press("Space");
  await reach("您的电话（可以不填）");
  await page.keyboard.type("12");
  await press("下一步");
  await expect(page.getByRole("alert")).toContainText("电话号码好像不对，请核对");
  await expect(page.getByLabel("您的电话（可以不填）")).toBeFocused();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("0931-8888888");
  await press("下一步");
  await press("发出去");
  await expect(page.getByRole("heading", { level: 1, name: "收到了，谢谢您" })).toBeVisible();
  const { items } = await api<{ items: { kind: string; text: string }[] }>(request, server, await tokenOf(request, server, openid), "get", "/submissions");
  expect(items).toMatchObject([{ kind: "help", text: "家里水管冻裂了，找不到人修" }]);
});

test("somebody files for a parent, who logs in by phone and takes it over", async ({ page, browser, server, request }) => {
  const m = memberCode(server, 13);
  await enter(page, server, somebody());
  await page.goto(`/m/pages/file/index?key=${m.key}&kind=help`);
  await page.getByLabel("写下来").fill("母亲的养老金停发了两个月");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /本地群众/ }).check();
  await page.getByRole("checkbox", { name: /我是替别人反映/ }).check();
  await page.getByRole("button", { name: "发出去" }).click();
  await expect(page.getByText("请写上是替谁反映")).toBeVisible();
  await page.getByLabel("他叫什么").fill("王秀英");
  await page.getByLabel("他是您的什么人").fill("母亲");
  await page.getByRole("button", { name: "发出去" }).click();
  await page.getByRole("button", { name: "看办理情况" }).click();
  const phone = `139${String(Date.now()).slice(-8)}`;
  await page.getByRole("button", { name: /让王秀英自己也能跟着办/ }).click();
  await page.getByRole("checkbox", { name: /交出以后我不再看/ }).check();
  await page.getByLabel("王秀英的手机号").fill(phone);
  await page.getByRole("button", { name: "生成六位数字" }).click();
  const code = await page.locator(".handover-digits").innerText();

  // The mother has no WeChat: a phone and a browser do.
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "zh-CN", baseURL: server.url });
  const hers = await context.newPage();
  await hers.goto("/m/pages/takeover/index");
  await hers.getByLabel("六位数字").fill(code);
  await hers.getByRole("button", { name: "接过来" }).click();
  await hers.getByLabel("手机号").fill("123");
  await hers.getByRole("button", { name: "发验证码" }).click();
  await expect(hers.getByRole("alert")).toHaveText("请填写 11 位手机号");
  await hers.getByLabel("手机号").fill(phone);
  await hers.getByRole("button", { name: "发验证码" }).click();
  await expect(hers.getByText("验证码已发出，5 分钟内有效")).toBeVisible();
  const { items } = (await (await request.get(`${server.url}/_emulator/texts`)).json()) as { items: { phone: string; code: string }[] };
  const sms = items.find((t) => t.phone === phone)!.code;
  await hers.getByLabel("验证码", { exact: true }).fill(sms === "000000" ? "111111" : "000000");
  await hers.getByRole("button", { name: "登录", exact: true }).click();
  await expect(hers.getByText("验证码不对或已过期")).toBeVisible();
  await hers.getByLabel("验证码", { exact: true }).fill(sms);
  await hers.getByRole("button", { name: "登录", exact: true }).click();
  await hers.getByLabel("六位数字").fill(code);
  await hers.getByRole("button", { name: "接过来" }).click();
  await expect(hers.getByText("母亲的养老金停发了两个月", { exact: true }).first()).toBeVisible();
  await expect(hers.getByText("接手办理这件诉求")).toBeVisible();
  await context.close();

  await page.goto("/m/pages/mine/index");
  await expect(page.getByText("还没有反映过事情")).toBeVisible();
});

test("somebody answers a question, corrects the number and withdraws", async ({ page, server, request }) => {
  const m = memberCode(server, 14);
  const openid = somebody();
  const token = await tokenOf(request, server, openid);
  const filed = await file(request, server, token, { scene: m.key, text: "民宿不退定金", contact: { phone: "13800138000" } });
  const his = await tokenOf(request, server, m.openid);
  await api(request, server, his, "post", `/submissions/${filed.id}/ask`, { version: filed.version, text: "是哪一家民宿？" });
  await enter(page, server, openid);
  await page.goto("/m/pages/mine/index");
  await expect(page.getByText("有 1 件事在等您补充")).toBeVisible();
  await page.getByRole("button", { name: new RegExp(filed.number) }).click();
  await expect(page.getByText("是哪一家民宿？")).toBeVisible();
  await page.getByRole("button", { name: "回话" }).click();
  await page.getByRole("button", { name: "发出", exact: true }).click();
  await expect(page.getByText("请先写几个字")).toBeVisible();
  await page.getByLabel("写给委员").fill("河边人家");
  await page.getByRole("button", { name: "发出", exact: true }).click();
  await expect(page.getByText("已补充", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "改电话" }).click();
  await page.getByLabel("新的电话").fill("13900139000");
  await page.getByRole("button", { name: "改成这个" }).click();
  await expect(page.getByText("电话 139****9000")).toBeVisible();

  await page.getByRole("button", { name: "更多", exact: true }).click();
  await page.getByRole("button", { name: "撤回这件事" }).click();
  await expect(page.getByText("撤回以后不能恢复")).toBeVisible();
  await page.getByRole("button", { name: "撤回", exact: true }).click();
  await expect(page.getByText("已撤回", { exact: true }).first()).toBeVisible();
});

test("somebody reads, copies and deletes what is kept of them", async ({ page, server, request }) => {
  const m = memberCode(server, 15);
  const openid = somebody();
  const token = await tokenOf(request, server, openid);
  const filed = await file(request, server, token, { scene: m.key, text: "只有我知道的一件事" });
  await enter(page, server, openid);
  // Something was written and not sent, with a photo.
  await page.goto(`/m/pages/file/index?key=${m.key}&kind=complaint`);
  await page.getByLabel("写下来").fill("还没有发出的话");
  await page.getByRole("button", { name: "下一步" }).click();
  const picked = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "从相册选" }).click();
  await (await picked).setFiles([await photo(page)]);
  const kept = (): Promise<[string, number]> =>
    page.evaluate(
      () =>
        new Promise<[string, number]>((done) => {
          const open = indexedDB.open("mashang", 1);
          open.onsuccess = () => {
            const files = open.result.transaction("files").objectStore("files").count();
            files.onsuccess = () => done([JSON.stringify(localStorage), files.result]);
          };
        }),
    );
  await expect.poll(async () => (await kept())[1]).toBe(1);
  expect((await kept())[0]).toContain("还没有发出的话");
  await page.goto("/m/pages/data/index");
  await expect(page.getByText("这里存着您反映过的 1 件事")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "复制一份给我" }).click();
  const copy = (await download).suggestedFilename();
  expect(copy).toBe("mashang-my-data.json");
  await page.getByRole("button", { name: "删除我的信息" }).click();
  const confirm = page.getByRole("dialog").getByRole("button", { name: "删除我的信息" });
  await expect(confirm).toBeDisabled();
  await page.getByLabel("要删除，请写“删除”两个字").fill("删除");
  await confirm.click();
  await expect(page.getByText("已经删除。谢谢您用过码上。")).toBeVisible();
  await expect.poll(async () => (await kept())[1]).toBe(0);
  expect((await kept())[0]).not.toMatch(/还没有发出的话|draft|session|seen|sign/);
  expect((await request.get(`${server.url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } })).status()).toBe(401);
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const left = await api<{ text: string; state: string }>(request, server, liaison, "get", `/submissions/${filed.id}`);
  expect(left).toMatchObject({ text: "（应本人要求删除）", state: "withdrawn" });
});

test("codes: what leads nowhere says where to turn, a typed number leads there", async ({ page, server, request }) => {
  const m = memberCode(server, 16);
  await page.goto("/m/");
  await page.getByLabel("或者输入牌子上的编号").fill("没有");
  await page.getByRole("button", { name: "打开" }).click();
  await expect(page.getByRole("alert")).toContainText("这个码不是本平台的码");
  await page.getByLabel("或者输入牌子上的编号").fill(` ${m.key.slice(0, 5)} ${m.key.slice(5).toUpperCase()} `);
  await page.getByRole("button", { name: "打开" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${m.name} 委员` })).toBeVisible();
  await expect(page.getByRole("link", { name: /打电话/ })).toHaveAttribute("href", /^tel:\d+$/);

  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const made = await api<{ key: string }>(request, server, liaison, "post", "/codes", { target: { kind: "station" } });
  await request.patch(`${server.url}/api/v1/codes/${made.key}`, { headers: { Authorization: `Bearer ${liaison}` }, data: { revoked: true } });
  // As the platform passes a plain-link code and a mini-program code.
  await page.goto(`/m/pages/scan/index?q=${encodeURIComponent(`${server.url}/q/${made.key}`)}`);
  await expect(page.getByRole("alert")).toContainText("这个码已经停用");
  await page.goto(`/m/pages/scan/index?scene=${m.key}`);
  await expect(page.getByRole("heading", { level: 1, name: `${m.name} 委员` })).toBeVisible();
});

test("a foreign tourist reads English, also of what has happened", async ({ page, server, request }) => {
  const m = memberCode(server, 17);
  const openid = somebody();
  const token = await tokenOf(request, server, openid);
  const filed = await file(request, server, token, { scene: m.key, text: "The ferry ticket was 20 yuan too much", visitor: "tourist" });
  await enter(page, server, openid);
  await page.goto("/m/pages/me/index");
  await page.getByRole("radio", { name: "English" }).check();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByRole("button", { name: "My reports" }).click();
  await page.getByRole("button", { name: new RegExp(filed.number) }).click();
  await expect(page.getByText("What happened")).toBeVisible();
  await page.goto(`/m/pages/file/index?key=${m.key}&kind=complaint`);
  await expect(page.getByRole("heading", { level: 1, name: "What happened?" })).toBeVisible();
  const words = await page.locator(".page-body").innerText();
  expect(words.replace(m.name, "").replace(/[^一-鿿]/g, "")).toBe("");
});

test("what was reported already is offered, and joined", async ({ page, server, request }) => {
  const place = placeCode(server);
  await file(request, server, await tokenOf(request, server, somebody()), { scene: place.key, text: "售票口东边的路灯坏了半个月，晚上看不清路" });
  await enter(page, server, somebody());
  await page.goto(`/m/pages/file/index?key=${place.key}&kind=complaint`);
  await page.getByLabel("写下来").fill("售票口东边路灯坏了半个月，晚上看不清路");
  await expect(page.getByRole("heading", { name: "是不是同一件事？" })).toBeVisible();
  await page.getByRole("group", { name: "是不是同一件事？" }).getByRole("checkbox").first().check();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /本地群众/ }).check();
  await page.getByRole("button", { name: "发出去" }).click();
  await page.getByRole("button", { name: "看办理情况" }).click();
  await expect(page.getByText(/共有 2 人反映同一件事|一起办理/).first()).toBeVisible();
});

test("who logs out leaves nothing on the phone that they did not choose to leave", async ({ page, server }) => {
  const m = memberCode(server, 16);
  await enter(page, server, somebody());
  const write = async (): Promise<void> => {
    await page.goto(`/m/pages/file/index?key=${m.key}&kind=help`);
    await page.getByLabel("写下来").fill("家里的难处");
  };
  const leave = async (keep: boolean): Promise<string> => {
    await page.goto("/m/pages/me/index");
    await page.getByRole("button", { name: "退出登录" }).click();
    if (keep) await page.getByRole("checkbox", { name: /没发出的留在手机里/ }).check();
    await page.getByRole("dialog").getByRole("button", { name: "退出登录" }).click();
    await expect(page.getByRole("button", { name: "登录", exact: true })).toBeVisible();
    return page.evaluate(() => JSON.stringify(localStorage));
  };
  await write();
  expect(await leave(true)).toContain("家里的难处");
  await enter(page, server, somebody());
  await write();
  expect(await leave(false)).not.toMatch(/家里的难处|reach|seen/);
});
