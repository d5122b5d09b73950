import type { Page } from "@playwright/test";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Filed, type Server, test, tokenOf } from "./support";

// The inbox becomes empty: no other journey may file here.
test.use({ alone: "inbox" });

const group = (page: Page, title: string) => page.getByRole("region", { name: new RegExp(`^${title}`) });
const row = (page: Page, m: Filed) => page.locator(`[data-need="${m.id}"]`);
const act = (page: Page, server: Server, token: string, m: Filed, what: string, body: Record<string, unknown> = {}): Promise<Filed> =>
  call<Filed>(page.request, server, token, "post", `/submissions/${m.id}/${what}`, { version: m.version, ...body });

async function holderOf(page: Page, server: Server, m: Filed): Promise<string> {
  return tokenOf(page.request, server, server.cast.members.find((x) => x.id === m.assignee!.id)!.openid);
}

/** Returns a matter that a member gave back, and one that its filer rated low. */
async function fill(page: Page, server: Server): Promise<{ returned: Filed; rated: Filed }> {
  const scene = server.cast.codes.find((c) => c.member_openid)!.key;
  const returned = await file(page.request, server, "inbox-returned", { scene, text: "渡口的栈道木板断了两块", contact: { phone: "13800138000" } });
  await act(page, server, await holderOf(page, server, returned), returned, "return", { reason: "不在我负责的村" });
  let rated = await file(page.request, server, "inbox-rated", { scene, text: "公厕的门坏了，关不上", contact: { phone: "13900139000" } });
  const member = await holderOf(page, server, rated);
  rated = await act(page, server, member, rated, "reply", { text: "已经报修" });
  rated = await act(page, server, member, rated, "close", { outcome: "solved", text: "已经报修" });
  rated = await act(page, server, await tokenOf(page.request, server, "inbox-rated"), rated, "rate", { solved: "not", satisfaction: "dissatisfied", reason: "没有人来修" });
  return { returned, rated };
}

test("the inbox is worked off from the keyboard, until nothing is left", async ({ liaison: page, server }) => {
  const { returned, rated } = await fill(page, server);
  await page.goto("/console/now");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("现在（2）");
  await expect(group(page, "被委员退回")).toContainText("不在我负责的村");
  await expect(group(page, "评价不满意")).toContainText("没有人来修");
  // A matter stands once, and who is on duty does not bury it.
  await expect(page.locator("[data-need]")).toHaveCount(2);
  await expect(page.locator("details").filter({ hasText: /^全部 \d+ 班/ }).getByRole("listitem").first()).toBeHidden();
  await accessible(page);
  await picture(page, "inbox");

  // Later today, and back again.
  await page.keyboard.press("j");
  await expect(row(page, returned)).toBeFocused();
  await page.keyboard.press("l");
  await expect(row(page, returned)).toHaveCount(0);
  await expect(page.getByText("放到稍后的 1 件")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "1 小时后再看" })).toBeVisible();
  await page.keyboard.press("z");
  await expect(row(page, returned)).toBeVisible();
  await expect(page.getByText("放到稍后的")).toHaveCount(0);

  // To the member whom the rules propose, with why.
  await row(page, returned).focus();
  const proposed = (await row(page, returned).getByRole("button", { name: /^交给/ }).innerText()).replace("交给", "").split("（")[0]!.trim();
  await expect(row(page, returned)).toContainText(`推荐${proposed}：`);
  await page.keyboard.press("y");
  await expect(page.getByRole("status").filter({ hasText: `${returned.number} 已交给${proposed}` })).toBeVisible();
  await expect(row(page, returned)).toHaveCount(0);
  const now = await call<{ assignee: { name: string } }>(page.request, server, "", "get", `/submissions/${returned.id}`);
  expect(now.assignee.name).toBe(proposed);

  // A call back: the first in vain, the second has a result.
  await row(page, rated).focus();
  for (const [result, says] of [["没有联系上", ""], ["要求重新办理", "门还是关不上，明天再去看"]] as const) {
    await row(page, rated).focus();
    await page.keyboard.press("f");
    const dialog = page.getByRole("dialog", { name: `回访 ${rated.number}` });
    await expect(dialog).toContainText("没有人来修");
    // The number stays for ten minutes once it was shown.
    if (!says) await dialog.getByRole("button", { name: /^电话 139/ }).click();
    await expect(dialog.locator('a[href="tel:13900139000"]')).toBeVisible();
    await dialog.getByRole("radio", { name: result }).check({ force: true });
    if (says) {
      await dialog.getByRole("button", { name: "记下回访" }).click();
      await expect(dialog.getByRole("alert")).toContainText("请填写说了什么");
      await dialog.getByRole("textbox").fill(says);
      await accessible(page);
      await picture(page, "follow-up");
    }
    await dialog.getByRole("button", { name: "记下回访" }).click();
    await expect(dialog).toBeHidden();
    if (!says) await expect(row(page, rated)).toContainText("打过 1 次，没有联系上");
  }
  await expect(group(page, "群众要求重新办理")).toContainText("门还是关不上");
  await expect(group(page, "评价不满意")).toHaveCount(0);

  // Its member is nudged from the row.
  await row(page, rated).getByRole("button", { name: "催一下" }).click();
  await expect(page.getByRole("status").filter({ hasText: `${rated.number} 已催` })).toBeVisible();
  await expect(row(page, rated)).toContainText("催过 1 次");

  // A reminder comes back on its day: nobody turns the server's clock here, so its answer says so. It is not put off.
  await page.route("**/api/v1/station/now", async (r) => {
    const now = await (await r.fetch()).json();
    for (const g of now.needs) if (g.key === "reopened") Object.assign(g, { key: "reminded" }, { items: g.items.map((m: object) => ({ ...m, reminder: "问问修好没有" })) });
    await r.fulfill({ json: now });
  });
  await page.reload();
  await expect(group(page, "您要今天看的")).toContainText("问问修好没有");
  await page.keyboard.press("j");
  await expect(row(page, rated)).toBeFocused();
  await page.keyboard.press("l");
  await page.keyboard.press("d");
  await expect(page.getByRole("status").filter({ hasText: `${rated.number} 的提醒已勾掉` })).toBeVisible();
  await expect(page.getByText("放到稍后的")).toHaveCount(0);
  await page.unroute("**/api/v1/station/now");
  await page.reload();

  // Its member takes it on, and the inbox is empty, by itself.
  const again = await call<Filed>(page.request, server, "", "get", `/submissions/${rated.id}`);
  await act(page, server, await holderOf(page, server, again), again, "accept");
  await expect(page.getByRole("heading", { name: "都处理完了" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("现在");
  await picture(page, "inbox-empty");

  // The matter says what the call was about.
  await page.goto(`/console/matters/${rated.id}`);
  await expect(page.locator("#page").getByText(/联络员回访：要求重新办理：门还是关不上/)).toBeVisible();
});

test("the inbox fits a phone, and each act is a touch", async ({ liaison: page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const { returned, rated } = await fill(page, server);
  await page.goto("/console/now");
  await expect(row(page, returned)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await accessible(page);
  await picture(page, "inbox-phone");
  await row(page, rated).getByRole("button", { name: "回访", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `回访 ${rated.number}` });
  await dialog.getByRole("radio", { name: "现在满意了" }).check({ force: true });
  // A common reason is one touch, and own words become one.
  const words = dialog.getByRole("textbox");
  await dialog.getByRole("button", { name: "对时间长不满意" }).click();
  await expect(words).toHaveValue("对时间长不满意");
  await words.fill("另约周五见面");
  await dialog.getByRole("button", { name: "存为常用语" }).click();
  await expect(dialog.getByRole("button", { name: "另约周五见面" })).toBeVisible();
  await picture(page, "follow-up-phone");
  await dialog.getByRole("button", { name: "记下回访" }).click();
  await expect(row(page, rated)).toHaveCount(0);
  await row(page, returned).getByRole("button", { name: /今天稍后再看/ }).click();
  await page.getByRole("menuitem", { name: "明天再看" }).click();
  await expect(row(page, returned)).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "都处理完了" })).toBeVisible();
});

test("a call is recorded though a colleague recorded one meanwhile, in the inbox and at the matter", async ({ liaison: page, server }) => {
  const { returned, rated } = await fill(page, server);
  const dialog = page.getByRole("dialog", { name: `回访 ${rated.number}` });
  const colleague = async (): Promise<unknown> => act(page, server, "", await call<Filed>(page.request, server, "", "get", `/submissions/${rated.id}`), "followup", { result: "not_reached" });
  const record = async (result: string): Promise<void> => {
    await dialog.getByRole("radio", { name: result }).check({ force: true });
    await dialog.getByRole("textbox").fill("说会再打来");
    await colleague();
    await dialog.getByRole("button", { name: "记下回访" }).click();
    await expect(dialog.getByRole("alert")).toContainText("刚刚处理过这件诉求");
    await expect(dialog.getByRole("textbox")).toHaveValue("说会再打来");
    await dialog.getByRole("button", { name: "记下回访" }).click();
    await expect(dialog).toBeHidden();
  };
  await page.goto("/console/now");
  await row(page, rated).getByRole("button", { name: "回访", exact: true }).click();
  await record("要求重新办理");
  await expect(group(page, "群众要求重新办理")).toContainText("说会再打来");

  const member = await holderOf(page, server, rated);
  const again = await call<Filed>(page.request, server, "", "get", `/submissions/${rated.id}`);
  let closed = await act(page, server, member, await act(page, server, member, again, "accept"), "close", { outcome: "solved", text: "换了新门" });
  closed = await act(page, server, await tokenOf(page.request, server, "inbox-rated"), closed, "rate", { solved: "not", satisfaction: "dissatisfied", reason: "门锁是坏的" });
  await page.goto(`/console/matters/${closed.id}`);
  await page.getByRole("button", { name: "回访", exact: true }).click();
  await record("现在满意了");
  await expect(page.getByRole("region", { name: "经过" })).toContainText("说会再打来");

  const back = await call<Filed>(page.request, server, "", "get", `/submissions/${returned.id}`);
  await call(page.request, server, "", "post", "/station/submissions/assign", { items: [{ id: back.id, version: back.version }], to: server.cast.members[0]!.id, reason: "熟悉渡口" });
});
