import { readFileSync } from "node:fs";
import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { barriers, wide } from "./checks";
import { api, enter, expect, type Filed, file, memberCode, photo, placeCode, type Server, somebody, test, tokenOf } from "./support";

/** The y under which what one came for must begin on a screen of 360 by 740. */
const fold = 400;

const top = async (of: Locator): Promise<number> => (await of.boundingBox())!.y;
const bottom = async (of: Locator): Promise<number> => {
  const box = (await of.boundingBox())!;
  return box.y + box.height;
};
const large = (page: Page): Promise<unknown> => page.addInitScript(() => localStorage.setItem("mashang.size", JSON.stringify({ type: "string", data: '"elder"' })));
const long = "出停车场时多收了我二十元，没有给票，收费员也不解释。".repeat(40);

async function upload(request: APIRequestContext, server: Server, token: string, page: Page): Promise<string> {
  const r = await request.post(`${server.url}/api/v1/uploads`, { headers: { Authorization: `Bearer ${token}` }, multipart: { file: await photo(page) } });
  expect(r.status()).toBe(201);
  return ((await r.json()) as { id: string }).id;
}

for (const size of ["normal", "elder"] as const) {
  test(`the other's word stands first and the main act at hand, ${size}`, async ({ page, server, request }) => {
    if (size === "elder") await large(page);
    const m = memberCode(server, 20);
    const visitor = somebody();
    const token = await tokenOf(request, server, visitor);
    const his = await tokenOf(request, server, m.openid);
    const photos = [await upload(request, server, token, page)];
    const filed = await file(request, server, token, { scene: m.key, text: long, photos });
    const bar = page.getByRole("region", { name: "这一页能做的" });

    // The member sees the filing and 受理 at once, however long it is.
    const deskPage = await (await page.context().browser()!.newContext({ viewport: { width: 360, height: 740 }, locale: "zh-CN", baseURL: server.url })).newPage();
    if (size === "elder") await large(deskPage);
    await enter(deskPage, server, m.openid);
    await deskPage.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
    const accept = deskPage.getByRole("button", { name: "受理", exact: true });
    await expect(accept).toBeInViewport({ ratio: 1 });
    expect(await top(deskPage.getByText(long))).toBeLessThan(fold);
    await accept.click();
    const toast = deskPage.getByText("已受理，对方会看到");
    await expect(toast).toBeVisible();
    expect(await bottom(toast)).toBeLessThan(await top(deskPage.getByRole("button", { name: "答复" })));
    expect(await top(toast)).toBeGreaterThan(await bottom(deskPage.locator(".standing")));
    await expect(deskPage.locator(".standing")).toContainText("办理中");

    // A question: first on the page, and right above the box while it is answered.
    const asked = await api<Filed>(request, server, his, "post", `/submissions/${filed.id}/ask`, { version: filed.version + 1, text: "是哪一个停车场？有票吗？" });
    await enter(page, server, visitor);
    await page.goto(`/m/pages/matter/index?id=${filed.id}`);
    const question = page.getByText("是哪一个停车场？有票吗？");
    await expect(question).toBeVisible();
    expect(await top(question)).toBeLessThan(fold);
    await expect(page.locator(".standing")).toHaveText(/等您补充.*您回话以后接着办/);
    await expect(page.locator(".standing")).not.toContainText("前");
    const answer = bar.getByRole("button", { name: "回话" });
    await expect(answer).toBeInViewport({ ratio: 1 });
    await answer.click();
    const box = page.getByLabel("写给委员");
    await expect(box).toBeInViewport();
    await expect(question).toBeInViewport({ ratio: 1 });
    expect(await bottom(question)).toBeLessThan(await top(box));
    await expect(bar.getByRole("button", { name: "发出", exact: true })).toBeInViewport({ ratio: 1 });
    await box.fill("三号停车场，没有票");
    await bar.getByRole("button", { name: "发出", exact: true }).click();
    await expect(page.getByText("您已经回过话了")).toBeVisible();

    // To the member the answer to the question is the newest word.
    await deskPage.reload();
    expect(await top(deskPage.getByText("三号停车场，没有票"))).toBeLessThan(fold);

    // The answer, with a photo; one's own text is folded and stands once.
    const answered = [await upload(request, server, his, page)];
    const now = await api<Filed>(request, server, his, "get", `/submissions/${filed.id}`);
    expect(now.version).toBeGreaterThan(asked.version);
    await api(request, server, his, "post", `/submissions/${filed.id}/reply`, { version: now.version, text: "已退还二十元，并补开了票", photos: answered });
    await page.reload();
    const words = page.getByText("已退还二十元，并补开了票");
    await expect(words).toHaveCount(1);
    expect(await top(words)).toBeLessThan(fold);
    await expect(page.locator(".standing")).toHaveText(/^已答复/);
    const own = page.getByText(long);
    await expect(own).toHaveCount(1);
    const folded = (await own.boundingBox())!.height;
    await page.getByRole("button", { name: "展开全文" }).click();
    expect((await own.boundingBox())!.height).toBeGreaterThan(2 * folded);
    await page.getByRole("button", { name: "收起" }).click();
    await expect(page.locator(".ui-gallery-cell")).toHaveCount(2);
    expect(await page.locator(".ui-button.main:visible").count()).toBe(1);
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await wide(page)).toBe(false);
    await deskPage.context().close();
  });
}

test("photos open in full screen before and after sending, and back closes them only", async ({ page, server, request }) => {
  const m = memberCode(server, 23);
  const openid = somebody();
  await enter(page, server, openid);
  const viewer = page.getByRole("dialog", { name: "看照片" });
  const scale = (): Promise<number> => viewer.getByRole("img").evaluate((e) => Number(/scale\(([\d.]+)\)/.exec((e as HTMLElement).style.transform)?.[1]));

  // Before sending: two photos in one row, each with its ×.
  await page.goto(`/m/pages/file/index?key=${m.key}&kind=complaint`);
  await page.getByLabel("写下来").fill("停车场多收了二十元");
  await page.getByRole("button", { name: "下一步" }).click();
  for (let i = 0; i < 2; i++) {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "从相册选" }).click();
    await (await chooser).setFiles([await photo(page)]);
  }
  const cells = page.locator(".ui-photos-cell");
  await expect(cells).toHaveCount(4);
  expect(await top(cells.nth(0))).toBe(await top(cells.nth(1)));
  await page.getByRole("button", { name: "第 1 张照片，点开看大图" }).click();
  await expect(viewer).toBeVisible();
  await page.goBack();
  await expect(viewer).toBeHidden();
  await expect(cells).toHaveCount(4);
  await page.getByRole("button", { name: "删除第 2 张照片" }).click();
  await expect(cells).toHaveCount(3);

  // After it.
  const token = await tokenOf(request, server, openid);
  const photos = [await upload(request, server, token, page), await upload(request, server, token, page), await upload(request, server, token, page)];
  const filed = await file(request, server, token, { scene: m.key, photos });
  await page.goto("/m/pages/mine/index");
  await page.getByRole("button", { name: new RegExp(filed.number) }).click();
  await page.getByRole("button", { name: "第 1 张照片，点开看大图" }).click();
  await expect(viewer.getByText("第 1 张，共 3 张")).toBeVisible();
  expect((await viewer.boundingBox())!).toMatchObject({ x: 0, y: 0, width: 360, height: 740 });
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press("ArrowRight");
  await expect(viewer.getByText("第 2 张，共 3 张")).toBeVisible();
  // A swipe to the left leads to the next, one to the right back.
  const swipe = async (from: number, to: number): Promise<void> => {
    await page.mouse.move(from, 370);
    await page.mouse.down();
    await page.mouse.move((from + to) / 2, 370);
    await page.mouse.move(to, 370);
    await page.mouse.up();
  };
  await swipe(300, 80);
  await expect(viewer.getByText("第 3 张，共 3 张")).toBeVisible();
  await swipe(80, 300);
  await expect(viewer.getByText("第 2 张，共 3 张")).toBeVisible();
  await viewer.getByRole("button", { name: "上一张" }).click();
  await expect(viewer.getByText("第 1 张，共 3 张")).toBeVisible();
  await page.mouse.dblclick(100, 300);
  await expect.poll(scale).toBe(2.5);
  await viewer.getByRole("button", { name: "缩小" }).click();
  await expect.poll(scale).toBe(1);
  await viewer.getByRole("button", { name: "放大" }).click();
  await expect.poll(scale).toBe(2.5);
  // Two fingers draw the photo apart.
  await viewer.getByRole("button", { name: "缩小" }).click();
  await viewer.locator(".ui-viewer-stage").evaluate((stage) => {
    const at = (type: string, id: number, x: number): void => void stage.dispatchEvent(new PointerEvent(type, { pointerId: id, pointerType: "touch", clientX: x, clientY: 370, bubbles: true }));
    (stage as HTMLElement).setPointerCapture = () => undefined; // these fingers are made up
    at("pointerdown", 11, 160);
    at("pointerdown", 12, 200);
    at("pointermove", 11, 120);
    at("pointermove", 12, 240);
    at("pointerup", 11, 120);
    at("pointerup", 12, 240);
  });
  await expect.poll(scale).toBeCloseTo(3, 1);
  await page.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
  await expect(page.getByRole("button", { name: "第 1 张照片，点开看大图" })).toBeFocused();
  await page.getByRole("button", { name: "第 2 张照片，点开看大图" }).click();
  await expect(viewer).toBeVisible();
  await page.goBack();
  await expect(viewer).toBeHidden();
  await expect(page.getByText("办理经过")).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "我的诉求" })).toBeVisible();
});

test("a member opens the filed point on a map, and nothing is asked elsewhere before", async ({ page, server, request }) => {
  const m = memberCode(server, 21);
  const filed = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key, place: { text: "三号停车场", lat: 38.5, lng: 105.1, coord: "wgs84" } });
  await enter(page, server, m.openid);
  await page.goto(`/m/pages/matter/index?id=${filed.id}&as=member`);
  await page.getByRole("button", { name: /三号停车场/ }).click();
  await expect(page.getByText("38.500000,105.100000")).toBeVisible();
  await expect(page.getByRole("link", { name: "用手机里的地图打开" })).toHaveAttribute("href", "geo:38.500000,105.100000?q=38.500000,105.100000");
  await expect(page.getByRole("link", { name: "打开高德地图的网页" })).toHaveAttribute("href", /^https:\/\/uri\.amap\.com\/marker\?position=105\.10\d+,38\.\d+&coordinate=gaode$/);
  expect(await barriers(page)).toEqual([]);
});

test("a department reads first what is asked of it, with its own deadline", async ({ page, server, request }) => {
  const m = memberCode(server, 22);
  const his = await tokenOf(request, server, m.openid);
  const filed = await file(request, server, await tokenOf(request, server, somebody()), { scene: m.key, text: long });
  const departments = await api<{ items: { id: string }[] }>(request, server, his, "get", "/departments");
  const department = departments.items[1]!.id;
  await api(request, server, his, "post", `/submissions/${filed.id}/assist`, { version: filed.version, department, text: "请查一查收费牌", days: 2 });
  await enter(page, server, "demo-department-02");
  await page.goto(`/m/pages/matter/index?id=${filed.id}`);
  const task = page.getByText("请查一查收费牌");
  await expect(task).toHaveCount(1);
  expect(await top(task)).toBeLessThan(fold);
  await expect(page.getByRole("heading", { name: `${m.name}委员请您协办` })).toBeVisible();
  await expect(page.locator(".standing")).toHaveText(/前，还有 \d/);
  await expect(page.getByRole("button", { name: "答复协办" })).toBeInViewport({ ratio: 1 });
});

test("the page behind a printed code is dark when the phone is, and has the client's colours", async ({ page, server }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`/q/${placeCode(server).key}`);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(18, 17, 16)");
  expect(await barriers(page)).toEqual([]);
  const colours = (path: string): string[] => [...readFileSync(new URL(path, import.meta.url), "utf8").matchAll(/--(?:ink|link|soft|line|paper|ground|red|green|amber)(?:-soft|-ink)?: #\w+/g)].map((x) => x[0]);
  const own = new Set(colours("../src/tokens.css"));
  expect(colours("../../handlers/pages/style.css").filter((c) => !own.has(c))).toEqual([]);
});
