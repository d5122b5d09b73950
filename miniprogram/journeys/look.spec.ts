import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { barriers, small, tiny, wide } from "./checks";
import { api, enter, expect, file, memberCode, placeCode, type Server, somebody, test, tokenOf } from "./support";

/** The folder for pictures of the pages. They are taken only if SCREENS names one. */
const screens = process.env.SCREENS ? resolve(process.env.SCREENS) : "";

interface Look {
  name: string;
  path: string;
  /** Shows when the page is there. */
  ready: RegExp;
  as?: "visitor" | "member" | "liaison";
  before?: (page: Page) => Promise<void>;
}

/** Matters in the states a page can show. */
async function prepared(server: Server, request: import("@playwright/test").APIRequestContext): Promise<{ looks: Look[]; visitor: string; member: string; liaison: string }> {
  const m = memberCode(server, 19);
  const visitor = somebody();
  const token = await tokenOf(request, server, visitor);
  const open = await file(request, server, token, { scene: m.key, text: "停车场出来多收了我二十元，不给票，收费员态度也不好", visitor: "tourist", contact: { phone: "13800138000" }, on_behalf_of: { name: "王秀英", relation: "母亲" } });
  const asked = await file(request, server, token, { scene: m.key, kind: "help", text: "老人一个人在家，水管冻裂了没人修" });
  const closed = await file(request, server, token, { scene: m.key, kind: "suggestion", text: "渡口太晒了，能不能搭个凉棚" });
  const danger = await file(request, server, token, { scene: m.key, kind: "help", text: "家里着火了，快来人" });
  const his = await tokenOf(request, server, m.openid);
  await api(request, server, his, "post", `/submissions/${asked.id}/ask`, { version: asked.version, text: "请问是哪一户？" });
  await api(request, server, his, "post", `/submissions/${closed.id}/reply`, { version: closed.version, text: "已报文旅局，本月搭好" });
  await api(request, server, his, "post", `/submissions/${closed.id}/close`, { version: closed.version + 1, outcome: "agreed", text: "文旅局同意，本月搭好" });
  await api(request, server, his, "put", "/me/phrases", { items: ["您好，已联系相关单位。", "请保持电话畅通。"] });
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  await api(request, server, liaison, "put", `/submissions/${closed.id}/result`, { title: "渡口搭凉棚", text: "文旅局同意本月在渡口搭一座凉棚。" });
  const sun = server.cast.liaisons[0]!.openid;
  const login = await api<{ id: string; number: string }>(request, server, "", "post", "/console/logins");
  const place = placeCode(server);
  const write = async (page: Page): Promise<void> => page.getByLabel("写下来").fill("停车场多收了二十元");
  const next = (page: Page): Promise<void> => page.getByRole("button", { name: "下一步" }).click();
  const looks: Look[] = [
    { name: "home", path: "/m/", ready: /扫码见委员/ },
    { name: "scan", path: `/m/pages/scan/index?key=${m.key}`, ready: /渡口搭凉棚/ },
    { name: "scan-place", path: `/m/pages/scan/index?key=${place.key}`, ready: /我要反映问题/ },
    { name: "login", path: "/m/pages/login/index?back=%2Fpages%2Fmine%2Findex", ready: /用手机号登录/ },
    { name: "file-what", path: `/m/pages/file/index?key=${m.key}&kind=complaint`, ready: /发生了什么事/, as: "visitor" },
    { name: "file-where", path: `/m/pages/file/index?key=${m.key}&kind=complaint`, ready: /从相册选|您是/, as: "visitor", before: async (p) => { await write(p); await next(p); } },
    { name: "file-who", path: `/m/pages/file/index?key=${m.key}&kind=complaint`, ready: /发出去/, as: "visitor", before: async (p) => { await write(p); await next(p); if (await p.getByRole("radio").count() === 0) await next(p); await p.getByRole("radio", { name: /游客/ }).check(); await p.getByRole("checkbox", { name: /替别人反映/ }).check(); if (await p.getByText("第 2 步").isVisible()) { await p.getByLabel("他叫什么").fill("王秀英"); await p.getByLabel("他是您的什么人").fill("母亲"); await next(p); } } },
    { name: "file-place", path: `/m/pages/file/index?key=${place.key}&kind=complaint`, ready: /拍照/, as: "visitor" },
    { name: "file-place-who", path: `/m/pages/file/index?key=${place.key}&kind=complaint`, ready: /哪天离开/, as: "visitor", before: async (p) => { await write(p); await next(p); await p.getByRole("radio", { name: /游客/ }).check(); } },
    { name: "receipt", path: `/m/pages/receipt/index?id=${open.id}`, ready: /谁来办/, as: "visitor" },
    { name: "receipt-danger", path: `/m/pages/receipt/index?id=${danger.id}`, ready: /有危险/, as: "visitor" },
    { name: "mine", path: "/m/pages/mine/index", ready: /正在办/, as: "visitor" },
    { name: "matter-open", path: `/m/pages/matter/index?id=${open.id}`, ready: /办理经过/, as: "visitor" },
    { name: "matter-asked", path: `/m/pages/matter/index?id=${asked.id}`, ready: /问您/, as: "visitor", before: (p) => p.getByRole("button", { name: "回话" }).click() },
    { name: "matter-rate", path: `/m/pages/matter/index?id=${closed.id}`, ready: /已达成共识/, as: "visitor", before: (p) => p.getByRole("button", { name: "打分" }).click() },
    { name: "me", path: "/m/pages/me/index", ready: /字号和语言/, as: "visitor" },
    { name: "privacy", path: "/m/pages/privacy/index", ready: /收集什么/ },
    { name: "data", path: "/m/pages/data/index", ready: /查看和复制/, as: "visitor" },
    { name: "takeover", path: "/m/pages/takeover/index", ready: /六位数字/, as: "visitor" },
    { name: "handover", path: `/m/pages/handover/index?id=${open.id}`, ready: /当面扫码/, as: "visitor" },
    { name: "bind", path: "/m/pages/bind/index", ready: /邀请码/, as: "visitor" },
    { name: "inbox", path: "/m/pages/inbox/index", ready: /要办的/, as: "member", before: (p) => p.getByRole("button", { name: "查找、筛选" }).click() },
    { name: "member-matter", path: `/m/pages/matter/index?id=${open.id}&as=member`, ready: /受理/, as: "member" },
    { name: "member-reply", path: `/m/pages/matter/index?id=${open.id}&as=member`, ready: /发出答复/, as: "member", before: (p) => p.getByRole("button", { name: "答复" }).click() },
    { name: "member-close", path: `/m/pages/matter/index?id=${asked.id}&as=member`, ready: /怎么办的/, as: "member", before: async (p) => { await p.getByRole("button", { name: "更多", exact: true }).click(); await p.getByRole("button", { name: "办结" }).click(); } },
    { name: "me-member", path: "/m/pages/me/index", ready: /我的值班/, as: "member" },
    { name: "duty", path: "/m/pages/duty/index", ready: /登记外出/, as: "member" },
    { name: "away", path: "/m/pages/away/index", ready: /从哪天/, as: "member" },
    { name: "code", path: "/m/pages/code/index", ready: /请对方用微信扫一扫/, as: "member" },
    { name: "record", path: "/m/pages/record/index", ready: /件诉求交给我/, as: "member" },
    { name: "me-liaison", path: "/m/pages/me/index", ready: /登录电脑工作台/, as: "liaison" },
    { name: "approve", path: `/m/pages/approve/index?login=${login.id}`, ready: /请看电脑屏幕/, as: "liaison", before: (p) => p.getByRole("button", { name: "同意登录" }).click() },
    { name: "approve-type", path: "/m/pages/approve/index", ready: /二维码里的网址/, as: "liaison" },
    { name: "approve-visitor", path: `/m/pages/approve/index?login=${login.id}`, ready: /换一个身份登录/, as: "visitor" },
    { name: "approve-expired", path: "/m/pages/approve/index?login=gone", ready: /已过期/, as: "liaison" },
    { name: "phrases", path: "/m/pages/phrases/index", ready: /请保持电话畅通/, as: "member" },
  ];
  return { looks, visitor, member: m.openid, liaison: sun };
}

for (const mode of ["normal", "elder", "dark"] as const) {
  test(`every page can be used by everybody, ${mode}`, async ({ browser, server, request }) => {
    const { looks, ...openids } = await prepared(server, request);
    const wrong: string[] = [];
    const context = (as: keyof typeof openids | undefined) =>
      browser.newContext({ viewport: { width: 360, height: 740 }, locale: "zh-CN", timezoneId: "Asia/Shanghai", baseURL: server.url, colorScheme: mode === "dark" ? "dark" : "light" })
        .then(async (c) => {
          const page = await c.newPage();
          if (as) await enter(page, server, openids[as]);
          if (mode === "elder") await page.addInitScript(() => localStorage.setItem("mashang.size", JSON.stringify({ type: "string", data: '"elder"' })));
          return page;
        });
    const pages = { none: await context(undefined), visitor: await context("visitor"), member: await context("member"), liaison: await context("liaison") };
    if (screens) mkdirSync(screens, { recursive: true });
    for (const look of looks) {
      const page = pages[look.as ?? "none"];
      await page.goto(look.path);
      if (look.name.startsWith("file-")) {
        // Each form starts without a draft.
        await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("mashang.draft")).forEach((k) => localStorage.removeItem(k)));
        await page.goto("/");
        await page.goto(look.path);
      }
      await look.before?.(page);
      await expect(page.getByText(look.ready).filter({ visible: true }).first(), look.name).toBeVisible();
      await page.waitForLoadState("networkidle");
      for (const b of await barriers(page)) wrong.push(`${look.name}: ${b}`);
      for (const s of await small(page)) wrong.push(`${look.name}: small ${s}`);
      for (const t of await tiny(page, 18)) wrong.push(`${look.name}: tiny ${t}`);
      if (await wide(page)) wrong.push(`${look.name}: wider than the screen`);
      if (screens) await page.screenshot({ path: `${screens}/${look.name}-${mode}.png` });
    }
    expect(wrong).toEqual([]);
    for (const p of Object.values(pages)) await p.context().close();
  });
}

test("the checks find what is wrong", async ({ page }) => {
  await page.goto("/m/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect([await barriers(page), await small(page), await tiny(page, 18), await wide(page)]).toEqual([[], [], [], false]);
  await page.evaluate(() => {
    const bad = (tag: string, text: string, style: string): void => {
      const e = document.createElement(tag);
      e.textContent = text;
      e.style.cssText = style;
      document.querySelector(".page")!.append(e);
    };
    bad("button", "", "height: 20px");
    bad("p", "看不清", "color: #ccc; background: #fff; font-size: 12px");
    bad("p", "太宽", "width: 900px");
  });
  expect((await barriers(page)).map((b) => b.split(":")[0])).toEqual(expect.arrayContaining(["button-name", "color-contrast"]));
  expect(await small(page)).toHaveLength(1);
  expect(await tiny(page, 18)).toHaveLength(1);
  expect(await wide(page)).toBe(true);
});
