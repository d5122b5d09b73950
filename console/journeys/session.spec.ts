import type { Page } from "@playwright/test";
import { bar, danger, listen, sounding } from "./alarm";
import { accessible } from "./axe";
import { printed } from "./paper";
import { picture } from "./picture";
import { call, expect, file, type Filed, person, type Server, test, tokenOf } from "./support";

// What becomes of an open page when its session ends. Its server has no other journey's dangers.
test.use({ alone: "session" });

const cover = (page: Page) => page.getByRole("dialog", { name: "登录已过期，请重新登录" });
const filed = (page: Page, server: Server, who: string, text: string): Promise<Filed> =>
  file(page.request, server, who, { scene: server.cast.codes.find((c) => c.member_openid)!.key, text });

/** Answers the sign-in over the page by a phone. */
async function signInOver(page: Page, server: Server, openid: string): Promise<void> {
  const id = new URL((await cover(page).getByRole("link", { name: /演示/ }).getAttribute("href"))!, server.url).searchParams.get("login");
  const number = await cover(page).locator(".digits strong").innerText();
  const token = await tokenOf(page.request, server, openid);
  await call(page.request, server, token, "get", `/console/logins/${id}`);
  await call(page.request, server, token, "post", `/console/logins/${id}/answer`, { allow: true, number });
}

/** Ends the session when the act is sent: a question of the page in the background would otherwise cover the dialog first. */
async function endAtSending(page: Page): Promise<void> {
  await page.route("**/extend", async (route) => {
    await page.context().clearCookies();
    await route.continue(); // with the cookies that are left
  }, { times: 1 });
}

test("words outlive the end of a session, and the same person goes on where they were", async ({ liaison: page, server }) => {
  const m = await filed(page, server, "session-1", "水渠的闸门关不上");
  await page.goto(`/console/matters/${m.id}`);
  await page.getByRole("button", { name: "延期" }).click();
  const longer = page.getByRole("dialog", { name: "延期" });
  await longer.getByRole("textbox").fill("闸门要请县水利站来修，约在下周三");
  await longer.getByRole("spinbutton").fill("8");
  await endAtSending(page);
  await longer.getByRole("button", { name: "延期", exact: true }).click();
  await expect(cover(page)).toBeVisible();
  await expect(cover(page)).toContainText(person(server, "liaison").name);
  // Nobody reads over the shoulder what the page had, and nobody prints it.
  const box = (await page.locator(".el-dialog.is-fullscreen").boundingBox())!;
  expect([box.x, box.y, box.width, box.height]).toEqual([0, 0, 1440, 900]);
  expect(printed(await page.pdf({ format: "A4", preferCSSPageSize: true })).join("\n").replace(/\s/g, "")).not.toMatch(/水渠|闸门|工作单/);
  await accessible(page);
  await picture(page, "sign-in-again");
  await signInOver(page, server, person(server, "liaison").openid);
  await expect(cover(page)).toBeHidden();
  await expect(longer.getByRole("textbox")).toHaveValue("闸门要请县水利站来修，约在下周三");

  // A page that is loaded anew has what was not sent, and says so.
  await page.reload();
  await page.getByRole("button", { name: "延期" }).click();
  await expect(longer.getByRole("textbox")).toHaveValue("闸门要请县水利站来修，约在下周三");
  await expect(longer.getByRole("spinbutton")).toHaveValue("8");
  await expect(longer.getByRole("status").filter({ hasText: "上次没有提交" })).toBeVisible();
  await longer.getByRole("button", { name: "延期", exact: true }).click();
  await expect(longer).toBeHidden();
  await expect(page.getByRole("region", { name: "经过" })).toContainText("县水利站");
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((k) => k.startsWith("draft.") && k.includes("extend")))).toEqual([]);

  // So has a dialog that is closed.
  await page.keyboard.press("a");
  const giving = page.getByRole("dialog", { name: /^分派/ });
  await giving.getByLabel(/^原因/).fill("写到一半");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
  await page.keyboard.press("a");
  await expect(giving.getByLabel(/^原因/)).toHaveValue("写到一半");
  await expect(giving.getByRole("status").filter({ hasText: "上次没有提交" })).toBeVisible();
  await page.keyboard.press("Escape");

  // Nobody else who signs in in this tab finds them.
  await page.getByRole("button", { name: /（联络员）$/ }).click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await expect(page.getByRole("img", { name: "登录二维码" })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((k) => k.startsWith("draft.")))).toEqual([]);
});

test("a search is gone from the history after the sign-out", async ({ liaison: page, server }) => {
  await filed(page, server, "session-2", "王小明家门口的路灯坏了");
  await page.goto("/console/matters");
  const search = page.getByRole("textbox", { name: "搜索编号和内容" });
  const found = page.waitForResponse((r) => r.url().includes("/station/submissions?") && r.url().includes("q="));
  await search.fill("王小明");
  await found;
  await page.reload();
  await expect(search).toHaveValue("王小明");
  const left = await page.evaluate(() => JSON.stringify(history.state));
  expect(left).not.toContain("王小明");
  await page.getByRole("button", { name: /（联络员）$/ }).click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await expect(page.getByRole("img", { name: "登录二维码" })).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage }))).not.toContain("王小明");
});

test("an alarm falls silent with the session, which says so, and sounds again after it", async ({ liaison: page, server }) => {
  await listen(page.context());
  const m = await filed(page, server, "session-3", "水井的盖子松了");
  await page.goto(`/console/matters/${m.id}`);
  await page.getByRole("heading", { level: 1 }).click();
  await danger(page, server, "session-danger", "有人落水，快来救人！");
  await expect.poll(() => sounding(page)).toBe(true);
  await endAtSending(page);
  await page.getByRole("button", { name: "延期" }).click();
  await page.getByRole("dialog", { name: "延期" }).getByRole("textbox").fill("等水利站");
  await page.getByRole("dialog", { name: "延期" }).getByRole("button", { name: "延期", exact: true }).click();
  await expect(cover(page)).toContainText("登录前，这里收不到险情提醒");
  await expect.poll(() => sounding(page)).toBe(false);
  await expect(bar(page)).toHaveCount(0);
  await expect(page).not.toHaveTitle(/险情/);
  await signInOver(page, server, person(server, "liaison").openid);
  await expect(cover(page)).toBeHidden();
  await expect(bar(page).getByRole("listitem")).toHaveCount(1);
  await expect.poll(() => sounding(page)).toBe(true);
});

test("who signs in over the page of another ends that one's pages in all tabs", async ({ liaison: page, server }) => {
  const [first, second] = server.cast.liaisons;
  const m = await filed(page, server, "session-4", "桥头的石板松了");
  const beside = await page.context().newPage();
  await beside.goto(`/console/matters/${m.id}`);
  await expect(beside.getByRole("heading", { level: 1 })).toContainText(m.number);
  await page.goto(`/console/matters/${m.id}`);
  await page.getByRole("button", { name: "延期" }).click();
  const longer = page.getByRole("dialog", { name: "延期" });
  await longer.getByRole("textbox").fill("只有我知道的事");
  await endAtSending(page);
  await longer.getByRole("button", { name: "延期", exact: true }).click();
  await expect(cover(page)).toBeVisible();
  await signInOver(page, server, second!.openid);
  await expect(page.getByRole("button", { name: `${second!.name}（联络员）` })).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain("只有我知道的事");
  await expect(beside.getByText(m.number)).toHaveCount(0);
  await expect(beside.getByRole("button", { name: `${first!.name}（联络员）` })).toHaveCount(0);
});
