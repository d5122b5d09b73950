import type { Page } from "@playwright/test";
import { api, enter, expect, type Filed, memberCode, placeCode, somebody, test, tokenOf } from "./support";

const next = (page: Page): Promise<void> => page.getByRole("button", { name: "下一步" }).click();
/** Says who files: nobody is taken for anything. */
const resident = (page: Page): Promise<void> => page.getByRole("radio", { name: /本地群众/ }).check();
const form = (key: string, kind = "complaint"): string => `/m/pages/file/index?key=${key}&kind=${kind}`;
const step = (page: Page, n: number, of = 3) => expect(page.getByText(`第 ${n} 步，共 ${of} 步`)).toBeVisible();

/** Lets the demo's login know this browser as a new person. */
async function known(page: Page): Promise<string> {
  const openid = somebody();
  await page.evaluate((id) => localStorage.setItem("mashang.played", JSON.stringify({ type: "string", data: JSON.stringify(id) })), openid);
  return openid;
}

/** Photos as heavy as a phone's: noise, over 700 KB each also after the client made them smaller. */
async function heavy(page: Page, n: number): Promise<{ name: string; mimeType: string; buffer: Buffer }[]> {
  const list: { name: string; mimeType: string; buffer: Buffer }[] = [];
  for (let i = 0; i < n; i++) {
    const data = await page.evaluate(() => {
      const c = document.createElement("canvas");
      [c.width, c.height] = [1200, 900];
      const x = c.getContext("2d")!;
      const picture = x.createImageData(c.width, c.height);
      for (let p = 0; p < picture.data.length; p += 65_536) crypto.getRandomValues(picture.data.subarray(p, Math.min(p + 65_536, picture.data.length)));
      for (let p = 3; p < picture.data.length; p += 4) picture.data[p] = 255;
      x.putImageData(picture, 0, 0);
      return c.toDataURL("image/jpeg", 0.9);
    });
    list.push({ name: `${i}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(data.split(",")[1]!, "base64") });
  }
  return list;
}

async function choose(page: Page, photos: Awaited<ReturnType<typeof heavy>>): Promise<void> {
  const picked = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "从相册选" }).click();
  await (await picked).setFiles(photos);
  await expect(page.getByText(`已选 ${photos.length} 张`)).toBeVisible();
}

/** How many bytes of photos the browser keeps. */
function keptBytes(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done, failed) => {
        const open = indexedDB.open("mashang", 1);
        open.onerror = () => failed(open.error);
        open.onsuccess = () => {
          const all = open.result.transaction("files").objectStore("files").getAll();
          all.onsuccess = () => done((all.result as { blob: Blob }[]).reduce((sum, f) => sum + f.blob.size, 0));
          all.onerror = () => failed(all.error);
        };
      }),
  );
}

test("one tap from the sign to writing; the login comes last, and sending goes on by itself", async ({ page, server, request }) => {
  const m = memberCode(server, 3);
  await page.goto(`/q/${m.key}`);
  await page.getByRole("link", { name: "我要反映问题" }).click();
  await page.getByLabel("写下来").fill("村口路灯坏了半个月，晚上看不清路");
  // The main act is always in sight, and has most of the room.
  const main = page.getByRole("button", { name: "下一步" });
  await expect(main).toBeInViewport({ ratio: 1 });
  expect((await main.boundingBox())!.width).toBeGreaterThan(180);
  const openid = await known(page);
  await next(page);
  await next(page);
  await expect(page.getByRole("radio", { checked: true })).toHaveCount(0);
  await resident(page);
  await page.getByLabel("您的电话（可以不填）").fill("13800138000");
  await page.getByRole("button", { name: "发出去" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "登录" })).toBeVisible();
  await expect(page.getByText("登录以后自动发出去")).toBeVisible();
  await expect(page.getByLabel("手机号")).toHaveValue("13800138000"); // typed once is enough

  // Back from the login everything is there, and nothing was sent.
  await page.goBack();
  await step(page, 3);
  await expect(page.getByText("村口路灯坏了半个月")).toBeVisible();
  await page.getByRole("button", { name: "发出去" }).click();
  const sent = page.waitForRequest((r) => r.url().endsWith("/api/v1/submissions") && r.method() === "POST");
  await page.getByRole("button", { name: "以群众、游客身份进入" }).click();
  await sent;
  await expect(page.getByRole("heading", { level: 1, name: "收到了，谢谢您" })).toBeVisible();
  const token = await tokenOf(request, server, openid);
  expect((await api<{ items: Filed[] }>(request, server, token, "get", "/submissions")).items).toHaveLength(1);

  // Back from the receipt no form is open any more.
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "发生了什么事？" })).toBeHidden();
});

test("a session that ended is renewed at sending, with every word", async ({ page, server, request }) => {
  const m = memberCode(server, 4);
  const token = await enter(page, server, somebody());
  await page.goto(form(m.key, "help"));
  await page.getByLabel("写下来").fill("家里水管冻裂了");
  const openid = await known(page);
  await request.delete(`${server.url}/api/v1/sessions`, { headers: { Authorization: `Bearer ${token}` } });
  await next(page);
  await page.getByLabel("地点（可以不填）").fill("羊铃沟村口");
  await choose(page, await heavy(page, 1));
  await next(page);
  await resident(page);
  await page.getByLabel("您的电话（可以不填）").fill("13800138000");
  await page.getByRole("checkbox", { name: /不让委员知道我是谁/ }).check();
  await page.getByRole("button", { name: "发出去" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "登录" })).toBeVisible();
  await page.getByRole("button", { name: "以群众、游客身份进入" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "收到了，谢谢您" })).toBeVisible();
  const { items } = await api<{ items: (Filed & Record<string, unknown>)[] }>(request, server, await tokenOf(request, server, openid), "get", "/submissions");
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ kind: "help", text: "家里水管冻裂了", place: { text: "羊铃沟村口" }, phone_mask: "138****8000", anonymous: true, visitor: "resident" });
  expect(items[0]?.photos).toHaveLength(1);
});

test("nine photos taken without a connection survive a reload and are sent", async ({ page, context, server, request }) => {
  const m = memberCode(server, 5);
  await page.goto(form(m.key));
  await page.getByLabel("写下来").fill("河边的垃圾没人收");
  const openid = await known(page);
  await next(page);
  const photos = await heavy(page, 9);
  await context.setOffline(true);
  await choose(page, photos);
  await expect.poll(() => keptBytes(page)).toBeGreaterThan(9 * 600_000);
  await context.setOffline(false);
  await page.reload();
  await expect(page.getByText("上次写的还在，接着写就行。")).toBeVisible();
  await expect(page.getByText("已选 9 张")).toBeVisible();
  await expect(page.getByText("手机没能存下")).toHaveCount(0);
  await step(page, 2);
  await next(page);
  await resident(page);
  await page.getByRole("button", { name: "发出去" }).click();
  await page.getByRole("button", { name: "以群众、游客身份进入" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "收到了，谢谢您" })).toBeVisible();
  const { items } = await api<{ items: (Filed & { photos: string[] })[] }>(request, server, await tokenOf(request, server, openid), "get", "/submissions");
  expect(items[0]?.photos).toHaveLength(9);
  expect(await keptBytes(page)).toBe(0); // what was sent takes no room any more
});

test("what the phone has no room for is named, and leaving asks", async ({ page, server }) => {
  const m = memberCode(server, 6);
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await page.goto(`/m/pages/scan/index?key=${m.key}`);
  await page.getByRole("button", { name: /我要反映问题/ }).click();
  await page.getByLabel("写下来").fill("河边的垃圾没人收");
  await next(page);
  await choose(page, await heavy(page, 2));
  await expect(page.getByRole("alert")).toContainText("手机存不下第 1、2 张照片了");
  await page.goBack();
  await step(page, 1);
  await page.goBack();
  await expect(page.getByRole("dialog").getByText("现在离开就没有了")).toBeVisible();
  await page.getByRole("button", { name: "接着写" }).click();
  await expect(page.getByLabel("写下来")).toHaveValue("河边的垃圾没人收");
  await page.goBack();
  await page.getByRole("button", { name: "不要了，离开" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${m.name} 委员` })).toBeVisible();
  // The words are there, and it is said how much is not.
  await page.getByRole("button", { name: /我要反映问题/ }).click();
  await expect(page.getByRole("alert")).toContainText("有 2 张照片或录音手机没能存下");
  await expect(page.getByLabel("写下来")).toHaveValue("河边的垃圾没人收");
});

test("back is the step before, forward the next one, and a reload stays", async ({ page, server }) => {
  const m = memberCode(server, 7);
  await page.goto(`/m/pages/scan/index?key=${m.key}`);
  await page.getByRole("button", { name: /我要反映问题/ }).click();
  await page.getByLabel("写下来").fill("民宿不退定金");
  await next(page);
  await page.getByLabel("地点（可以不填）").fill("星滩");
  await next(page);
  await step(page, 3);
  await page.goBack();
  await step(page, 2);
  await expect(page.getByLabel("地点（可以不填）")).toHaveValue("星滩");
  await page.goForward();
  await step(page, 3);
  await page.reload();
  await step(page, 3);
  await page.goBack();
  await page.goBack();
  await step(page, 1);
  await expect(page.getByLabel("写下来")).toHaveValue("民宿不退定金");
  await page.goForward();
  await step(page, 2);
  // The page's own buttons go the same way and leave no detour behind.
  await page.getByRole("button", { name: "上一步" }).click();
  await step(page, 1);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: `${m.name} 委员` })).toBeVisible();
  // Who comes back later is where they were, with the steps before behind them.
  await page.getByRole("button", { name: /我要反映问题/ }).click();
  await next(page);
  await step(page, 2);
  await page.goto(form(m.key));
  await step(page, 2);
  await page.goBack();
  await step(page, 1);
});

test("each way in has its own draft, and of two pages with one draft one writes", async ({ page, context, server }) => {
  const m = memberCode(server, 8);
  await page.goto(form(m.key, "complaint"));
  await page.getByLabel("写下来").fill("停车场多收了钱");
  const help = await context.newPage();
  await help.goto(form(m.key, "help"));
  await expect(help.getByLabel("写下来")).toHaveValue("");
  await expect(help.getByText("算哪一类")).toHaveCount(0); // there is one kind

  const second = await context.newPage();
  await second.goto(form(m.key, "complaint"));
  await expect(second.getByText("这件事正在另一个页面里写")).toBeVisible();
  await expect(second.getByLabel("写下来")).toHaveCount(0);
  await page.getByLabel("写下来").fill("停车场多收了二十元");
  await second.getByRole("button", { name: "在这里接着写" }).click();
  await expect(second.getByLabel("写下来")).toHaveValue("停车场多收了二十元");
  await expect(page.getByText("这件事正在另一个页面里写")).toBeVisible();
});

test("a draft of before is taken over", async ({ page, server }) => {
  const m = memberCode(server, 9);
  await page.goto("/m/pages/privacy/index");
  await page.evaluate((key) => {
    const old = {
      id: "abcdefghijklmnopqrstuvwx", scene: key, kind: "dispute", category: "", text: "邻居盖房挡了光", place: "", photos: [{ local: "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7" }], visitor: "resident",
      untilDate: "", phone: "", phoneCode: "", anonymous: false, aboutMember: false, forOther: false, otherName: "", otherRelation: "", otherPhone: "", against: "", amount: "", sameAs: "", at: "what", savedAt: 1,
    };
    localStorage.setItem(`mashang.draft.${key}`, JSON.stringify({ type: "string", data: JSON.stringify(old) }));
  }, m.key);
  await page.goto(form(m.key, "help"));
  await expect(page.getByLabel("写下来")).toHaveValue("");
  await page.goto(form(m.key, "complaint"));
  await expect(page.getByLabel("写下来")).toHaveValue("邻居盖房挡了光");
  await expect.poll(() => page.evaluate((key) => localStorage.getItem(`mashang.draft.${key}`), m.key)).toBeNull();
  await page.reload();
  await expect(page.getByLabel("写下来")).toHaveValue("邻居盖房挡了光");
  await next(page);
  await expect(page.getByText("已选 1 张")).toBeVisible();
});

test("a tourist at a place files two photos and a phone with seven taps", async ({ page, server, request }) => {
  const place = placeCode(server);
  await page.goto(`/m/pages/scan/index?key=${place.key}`);
  await expect(page.getByRole("button", { name: /我要反映问题/ })).toBeVisible();
  const openid = await known(page);
  let taps = 0;
  const tap = async (what: ReturnType<Page["getByRole"]>): Promise<void> => {
    taps += 1;
    await what.click();
  };
  await tap(page.getByRole("button", { name: /我要反映问题/ }));
  // The camera comes first, and the sign says where.
  await expect(page.getByRole("heading", { level: 1, name: "拍下来，写一句" })).toBeVisible();
  await expect(page.getByText(`第 1 步，共 2 步 · ${place.name}`)).toBeVisible();
  const camera = page.getByRole("button", { name: "拍照" });
  expect((await camera.boundingBox())!.y).toBeLessThan((await page.getByLabel("写下来").boundingBox())!.y);
  await expect(camera).toBeInViewport();
  const picked = page.waitForEvent("filechooser");
  await tap(page.getByRole("button", { name: "从相册选" }));
  await (await picked).setFiles(await heavy(page, 2));
  await expect(page.getByText("已选 2 张")).toBeVisible();
  await tap(page.getByLabel("写下来"));
  await page.keyboard.type("多收了二十元，不给票");
  await tap(page.getByRole("button", { name: "下一步" }));
  await expect(page.getByText(`在 ${place.name}`)).toBeVisible();
  // Nobody is taken for a tourist before they say so.
  await expect(page.getByRole("radio", { checked: true })).toHaveCount(0);
  await tap(page.getByRole("radio", { name: /游客/ }));
  await tap(page.getByLabel("您的电话（可以不填）"));
  await page.keyboard.type("+44 (0)20 7946 0958");
  await tap(page.getByRole("button", { name: "发出去" }));
  expect(taps).toBeLessThanOrEqual(7);
  await page.getByRole("button", { name: "以群众、游客身份进入" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "收到了，谢谢您" })).toBeVisible();
  const { items } = await api<{ items: (Filed & { photos: string[]; visitor: string; phone_mask: string })[] }>(request, server, await tokenOf(request, server, openid), "get", "/submissions");
  expect(items).toMatchObject([{ visitor: "tourist", phone_mask: "+44******0958" }]);
  expect(items[0]?.photos).toHaveLength(2);
});

test("a tourist says when they leave by a tap, and the sign's place can be corrected", async ({ page, server, request }) => {
  const place = placeCode(server);
  const openid = somebody();
  await enter(page, server, openid);
  await page.goto(form(place.key));
  await page.getByLabel("写下来").fill("多收了二十元");
  await next(page);
  await page.getByRole("button", { name: "发出去" }).click();
  await expect(page.getByText("请点一下您是谁")).toBeVisible();
  await expect(page.getByRole("radio").first()).toBeFocused();
  await page.getByRole("radio", { name: /游客/ }).check();
  await page.getByRole("button", { name: "明天走" }).click();
  await expect(page.getByRole("button", { name: "明天走" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "改地点" }).click();
  await expect(page.getByLabel("地点（可以不填）")).toHaveValue(place.name);
  await page.getByLabel("地点（可以不填）").fill(`${place.name}三号口`);
  await page.getByRole("button", { name: "写上是哪家" }).click();
  await page.getByLabel("投诉的是谁家？（可以不填）").fill("渡口停车场");
  await page.getByRole("button", { name: "发出去" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "收到了，谢谢您" })).toBeVisible();
  await expect(page.getByText("委员在这里回复您")).toBeVisible(); // no number was left
  const { items } = await api<{ items: (Filed & { until: string; filed_at: string; place: { text: string } })[] }>(request, server, await tokenOf(request, server, openid), "get", "/submissions");
  const tomorrow = new Date(Date.parse(items[0]!.filed_at) + 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
  expect(items[0]).toMatchObject({ until: `${tomorrow}T23:59:00+08:00`, place: { text: `${place.name}三号口` } });
  // The receipt says what is missing, with a button to add it.
  await page.getByRole("button", { name: "现在补充" }).click();
  await expect(page).toHaveURL(/matter\/index\?id=.*act=messages/);
});

test("the sign that was scanned last is one tap away", async ({ page, server }) => {
  const place = placeCode(server);
  await page.goto("/m/");
  await expect(page.getByText("您刚扫的")).toHaveCount(0);
  // Whoever has no sign reads whom to call.
  await expect(page.getByRole("link", { name: /打电话 0900/ })).toBeVisible();
  await page.goto(`/m/pages/scan/index?key=${place.key}`);
  await page.getByRole("button", { name: "我", exact: true }).click();
  await page.getByRole("button", { name: "首页" }).click();
  await expect(page.getByText("您刚扫的")).toBeVisible();
  await expect(page.getByText(place.name)).toBeVisible();
  await page.getByRole("button", { name: "有事接着说" }).click();
  await expect(page.getByRole("heading", { level: 1, name: place.name })).toBeVisible();
});

test("in large type the three buttons come first, and three screens lead with the voice", async ({ page, server }) => {
  const m = memberCode(server, 10);
  await page.addInitScript(() => localStorage.setItem("mashang.size", JSON.stringify({ type: "string", data: '"elder"' })));
  await page.goto(`/m/pages/scan/index?key=${m.key}`);
  for (const way of [/我要反映问题/, /我想问/, /我要求助/]) await expect(page.getByRole("button", { name: way })).toBeInViewport({ ratio: 1 });
  await page.getByRole("button", { name: /我要求助/ }).click();
  await step(page, 1);
  const voice = (await page.getByRole("button", { name: /按住说话/ }).boundingBox())!;
  expect(voice.y + voice.height).toBeLessThan(740);
  expect(voice.height).toBeGreaterThan(150);
  expect(voice.y).toBeLessThan((await page.getByLabel("写下来").boundingBox())!.y);
  await page.getByRole("button", { name: /按住说话/ }).click();
  await page.getByRole("button", { name: /正在录音 [1-9]/ }).click();
  await expect(page.getByRole("button", { name: /听录音/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /打电话问工作站/ })).toBeVisible();
  await next(page);
  await step(page, 2);
  await resident(page);
  await next(page);
  await step(page, 3);
  await page.reload();
  await expect(page.getByText(/（语音 \d+ 秒）/)).toBeVisible();
  await expect(page.getByRole("link", { name: /打电话问工作站/ })).toBeVisible();
});
