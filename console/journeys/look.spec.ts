import type { Page } from "@playwright/test";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Filed, person, type Server, settled, signIn, test, tokenOf } from "./support";

// Every page is opened with something in it: nothing may be wrong for who cannot
// see it, and nothing may reach over the page's edge.

async function look(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await settled(page);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${name} is wider than the window`).toBeLessThanOrEqual(0);
  if (name) await picture(page, name);
  await accessible(page);
}

const cry = "景区栏杆断了，有孩子掉进河里，快来救人！";

/** Files a danger, which the frame then shows above every page. */
function danger(page: Page, server: Server, who: string): Promise<Filed> {
  return file(page.request, server, who, { scene: server.cast.codes.find((c) => c.kind === "place")!.key, kind: "help", text: cry, contact: { phone: "13800138000" } });
}

/** Matters of several kinds, as a day brings them. */
async function busy(page: Page, server: Server): Promise<string> {
  const members = server.cast.codes.filter((c) => c.member_openid);
  const place = server.cast.codes.find((c) => c.kind === "place")!;
  const filings: [number, Record<string, unknown>][] = [
    [0, { text: "渡口停车场收了二十元，牌子上写的是十元，收费员不给票。", visitor: "tourist", contact: { phone: "13800138000" }, against: { name: "渡口停车场", amount_fen: 2000 } }],
    [1, { kind: "help", text: "我父亲八十二岁，一个人在家，想问高龄补贴怎么办。", on_behalf_of: { name: "王大爷", relation: "父亲", phone: "13900139000" } }],
    [2, { kind: "suggestion", text: "村口的路灯坏了三天了，晚上孩子放学看不见路。" }],
    [3, { kind: "dispute", text: "邻居的院墙占了半米巷道，三轮车过不去。" }],
    [4, { kind: "inquiry", text: "测试复审 请问农家乐办证要什么材料" }],
  ];
  let first = "";
  for (const [i, body] of filings) {
    const s = await file(page.request, server, `look-${i}`, { scene: (i % 2 ? place : members[i % members.length]!).key, ...body });
    first ||= s.id;
    if (i === 0 && s.assignee) {
      const who = server.cast.members.find((m) => m.id === s.assignee!.id)!;
      const token = await tokenOf(page.request, server, who.openid);
      await call(page.request, server, token, "post", `/submissions/${s.id}/reply`, { version: s.version, text: "已找停车场核对，多收的十元今天退给您，请到渡口服务点领取。" });
    }
  }
  return first;
}

test("the console, page by page", async ({ page, server }) => {
  await page.goto("/console/login");
  await expect(page.getByRole("img", { name: "登录二维码" })).toBeVisible();
  await picture(page, "login");
  const first = await busy(page, server);
  await signIn(page.context(), server, person(server, "liaison").openid);
  const pages: [name: string, path: string, shows: string][] = [
    ["now", "/now", "现在"], ["start", "/start", "做好了"], ["matters", "/matters", "诉求"], ["matter", `/matters/${first}`, "反映的问题"], ["file", "/file", "代群众登记"],
    ["people", "/people", "委员"], ["codes", "/codes", "码"], ["routing", "/routing", "分派规则"], ["figures", "/figures", "统计"],
    ["signs", "/codes/signs", "做码牌"], ["member", `/people/members/${server.cast.members[0]!.id}`, "在办"], ["import", "/people/import", "导入"],
    ["invitations", "/people/invitations", "邀请码"], ["calendar", "/routing?tab=calendar", "工作日历"], ["surge", "/routing?tab=surge", "高峰"],
    ["templates", "/routing?tab=templates", "通知模板"], ["audit", "/audit", "操作记录"], ["guard", "/guard", "双人确认没有开启"], ["account", "/account", "登录与安全"], ["screen", "/screen", ""],
  ];
  for (const [name, path, shows] of pages) {
    await page.goto(`/console${path}`);
    if (shows) await expect(page.getByText(shows).first()).toBeVisible();
    await look(page, name);
  }
  // The same under a danger that nobody has taken, and the matter itself.
  const m = await danger(page, server, "look-danger");
  pages.push(["danger", `/matters/${m.id}`, "险情未处置"]);
  for (const [name, path, shows] of pages.filter(([n]) => n !== "screen")) {
    await page.goto(`/console${path}`);
    await expect(page.getByRole("region", { name: "险情", exact: true })).toContainText(cry);
    if (name === "danger") await expect(page.getByRole("region", { name: shows })).toContainText("先打电话");
    await look(page, name === "danger" ? name : "");
  }
});

test("what needs the liaison now, on a phone", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await busy(page, server);
  await signIn(page.context(), server, person(server, "liaison").openid);
  await page.goto("/console/now");
  await expect(page.getByRole("heading", { name: "现在" })).toBeVisible();
  await look(page, "now-phone");
});
