import { api, enter, expect, type Filed, memberCode, photo, placeCode, somebody, test, tokenOf } from "./support";

test("a tourist scans, files with a photo and a lost connection, is answered and rates", async ({ page, context, server, request }) => {
  const place = placeCode(server);
  const openid = somebody();

  await enter(page, server, openid);

  // The page behind the printed code leads on without a script.
  await page.goto(`/q/${place.key}`);
  await page.getByRole("link", { name: "我要反映问题" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "拍下来，写一句" })).toBeVisible();
  // Only what happened is compulsory, and it is said so.
  await page.getByRole("button", { name: "下一步" }).click();
  await expect(page.getByRole("alert")).toHaveText("请写下或说出发生了什么事");
  await page.getByLabel("写下来").fill("出停车场时多收了我二十元，没有给票，收费员也不解释");
  const picked = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "从相册选" }).click();
  await (await picked).setFiles([await photo(page)]);
  await expect(page.getByText("✓ 已传好")).toBeVisible();

  // The connection goes in the middle; a photo waits for it and goes by itself.
  await context.setOffline(true);
  await expect(page.getByText("没有网络。写的内容都存在手机里")).toBeVisible();
  const second = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "从相册选" }).click();
  await (await second).setFiles([await photo(page)]);
  await expect(page.getByText("等网络好了自动上传")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("✓ 已传好")).toHaveCount(2);
  await page.getByRole("button", { name: "下一步" }).click();

  await page.getByRole("button", { name: "改地点" }).click();
  await page.getByLabel("地点（可以不填）").fill("三号停车场出口");
  await page.getByRole("button", { name: "写上是哪家" }).click();
  await page.getByLabel("投诉的是谁家？（可以不填）").fill("渡口停车场");
  await page.getByLabel("涉及多少钱？（元，可以不填）").fill("20");
  await page.getByRole("radio", { name: /游客/ }).check();
  await page.getByLabel("您的电话（可以不填）").fill("13800138000");
  await expect(page.getByText("谁能看到")).toBeVisible();

  // It is sent while there is no line: kept, and sent when it is back.
  await context.setOffline(true);
  await page.getByRole("button", { name: "发出去" }).click();
  await expect(page.getByText("现在发不出去，内容已存在手机里")).toBeVisible();
  await context.setOffline(false);

  await expect(page.getByRole("heading", { level: 1, name: "收到了，谢谢您" })).toBeVisible();
  await expect(page.getByText("谁来办")).toBeVisible();
  const token = await tokenOf(request, server, openid);
  const { items } = await api<{ items: (Filed & { photos: string[]; visitor: string; against: { amount_fen: number } })[] }>(request, server, token, "get", "/submissions");
  expect(items).toHaveLength(1);
  const filed = items[0]!;
  expect(filed.photos).toHaveLength(2);
  expect(filed.visitor).toBe("tourist");
  expect(filed.against.amount_fen).toBe(2000);
  await expect(page.getByText(filed.number, { exact: true })).toBeVisible();

  // The consent tap, with its reason; both sides count it.
  await page.getByRole("button", { name: "有答复就通知我" }).click();
  await expect(page.getByText("已开，下一次有消息会在微信里告诉您")).toBeVisible();
  await page.getByRole("button", { name: "看办理情况" }).click();
  await expect(page.getByText("办理经过")).toBeVisible();
  await expect(page.getByRole("listitem")).toHaveCount(1);

  // The member answers and closes from their own phone.
  const member = server.cast.members.find((m) => m.id === filed.assignee?.id)!;
  const his = await tokenOf(request, server, member.openid);
  await api(request, server, his, "post", `/submissions/${filed.id}/reply`, { version: filed.version, text: "已退还二十元，并补开了票" });
  await api(request, server, his, "post", `/submissions/${filed.id}/close`, { version: filed.version + 1, outcome: "solved", text: "已退款" });
  await page.reload();
  await expect(page.getByText("已退还二十元，并补开了票")).toBeVisible();

  // Nothing is chosen for the visitor: two taps say nothing, so nothing is sent.
  await page.getByRole("button", { name: "打分" }).click();
  await expect(page.getByRole("radio", { checked: true })).toHaveCount(0);
  const asked: string[] = [];
  page.on("request", (r) => asked.push(r.url()));
  await page.getByRole("button", { name: "打分" }).click();
  await expect(page.getByRole("alert")).toHaveText("请选一项：解决了没有");
  expect(asked.filter((u) => u.endsWith("/rate"))).toEqual([]);
  await page.getByRole("radio", { name: "部分解决" }).check();
  await page.getByRole("radio", { name: /满意$/ }).first().check();
  await page.getByLabel("说一句为什么（可以不填）").fill("当天就退了");
  await page.getByRole("button", { name: "打分" }).click();
  await expect(page.getByText("谢谢您的打分")).toBeVisible();
  const rated = await api<{ rating: Record<string, unknown> }>(request, server, token, "get", `/submissions/${filed.id}`);
  expect(rated.rating).toMatchObject({ solved: "partly", satisfaction: "satisfied" });
  expect(rated.rating).not.toHaveProperty("speed");

  // Not solved after all: it goes back to the same member.
  await page.getByRole("button", { name: "没解决，重办" }).click();
  await page.getByLabel("哪里没解决").fill("票是假的");
  await page.getByRole("button", { name: "要求重办" }).click();
  await expect(page.getByText("已要求重办，还由原来的委员办")).toBeVisible();
});

test("a page that was closed in the middle goes on where it was", async ({ page, server }) => {
  const { key } = memberCode(server, 1);
  await enter(page, server, somebody());
  await page.goto(`/m/pages/file/index?key=${key}&kind=help`);
  await page.getByLabel("写下来").fill("老人一个人在家，水管冻裂了没人修");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByLabel("地点（可以不填）").fill("羊铃沟村口");
  await page.goto("/");
  await page.goto(`/m/pages/file/index?key=${key}&kind=help`);
  await expect(page.getByText("上次写的还在，接着写就行。")).toBeVisible();
  await expect(page.getByLabel("地点（可以不填）")).toHaveValue("羊铃沟村口");
  await page.getByRole("button", { name: "从头写" }).click();
  await expect(page.getByLabel("写下来")).toHaveValue("");
  await page.getByRole("button", { name: "撤销" }).click();
  await expect(page.getByLabel("地点（可以不填）")).toHaveValue("羊铃沟村口");
});

test("a voice message is recorded, heard and sent as it is", async ({ page, server, request }) => {
  const { key } = memberCode(server, 2);
  const openid = somebody();
  await enter(page, server, openid);
  await page.goto(`/m/pages/file/index?key=${key}&kind=help`);
  const speak = page.getByRole("button", { name: /按住说话/ });
  await speak.click();
  await expect(page.getByRole("button", { name: /正在录音 [1-9]/ })).toBeVisible();
  await page.getByRole("button", { name: /正在录音/ }).click();
  await expect(page.getByRole("button", { name: /听录音/ })).toBeVisible();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "下一步" }).click();
  await expect(page.getByText(/（语音 \d+ 秒）/)).toBeVisible();
  await page.getByRole("radio", { name: /本地群众/ }).check();
  await page.getByRole("button", { name: "发出去" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "收到了，谢谢您" })).toBeVisible();
  const { items } = await api<{ items: { voice?: string; text: string }[] }>(request, server, await tokenOf(request, server, openid), "get", "/submissions");
  expect(items[0]?.voice).toBeTruthy();
  expect(items[0]?.text).toBe("");
});
