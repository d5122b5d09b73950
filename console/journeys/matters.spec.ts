import { accessible } from "./axe";
import { call, expect, file, test, type Server } from "./support";
import type { APIRequestContext, Page } from "@playwright/test";

const words = ["停车场多收了二十元，收费员不给票据", "三号码头公厕没有水，游客很多", "村口路灯坏了半个月，老人晚上不敢出门", "景区门口摆摊占道，车开不过去", "想咨询合作医疗报销要带什么材料"];

/** Files some matters at the station's and at members' codes. */
async function some(request: APIRequestContext, server: Server, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    const code = server.cast.codes[i % server.cast.codes.length];
    await file(request, server, `visitor-${i}`, {
      scene: code?.key, kind: (["complaint", "help", "inquiry"] as const)[i % 3], text: `第${i + 1}件：${words[i % words.length]}`,
    });
  }
}

const rows = (page: Page) => page.locator("table.matters tbody tr");

test("a liaison finds, chooses and gives matters by keyboard alone", async ({ liaison: page, server }) => {
  await some(page.request, server, 12);
  await page.goto("/console/matters");
  await expect(rows(page).first()).toBeVisible();
  await expect(page).toHaveURL(/state=open/);
  await accessible(page);

  // Search: the text stays out of the address.
  await page.keyboard.press("/");
  await page.keyboard.type("公厕 没有水");
  await expect(rows(page).first()).toContainText("公厕");
  await expect(rows(page).filter({ hasText: "路灯" })).toHaveCount(0);
  expect(decodeURIComponent(page.url())).not.toContain("公厕");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "搜索编号和内容" })).toHaveValue("公厕 没有水");
  await expect(rows(page).filter({ hasText: "路灯" })).toHaveCount(0);
  await page.keyboard.press("/");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Backspace");
  await expect(rows(page).filter({ hasText: "路灯" }).first()).toBeVisible();
  await page.keyboard.press("Escape");

  // Move, choose two, give them.
  await page.keyboard.press("j");
  await expect(rows(page).nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(rows(page).nth(0)).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText("已选 2 件")).toBeVisible();
  const before = await rows(page).nth(1).locator("td").nth(5).innerText();
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog", { name: "分派 2 件诉求" });
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  await expect(dialog.locator("input[type=radio]:focus")).toHaveCount(1);
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const name = (await dialog.locator("label.choice.on strong").innerText()).trim();
  await page.keyboard.press("Tab");
  await page.keyboard.type("更熟悉当地情况");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/已把 \d 件交给/)).toBeVisible();
  await expect(rows(page).nth(1)).toContainText(name);
  await expect(rows(page).nth(1)).toBeFocused();

  // And back.
  await page.getByRole("button", { name: "撤销" }).click();
  await expect(page.getByText(/已交还原来的委员/)).toBeVisible();
  await expect(rows(page).nth(1).locator("td").nth(5)).toHaveText(before.replace(/\s+/g, ""), { useInnerText: false });

  // The help lists the keys.
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "键盘快捷键" })).toContainText("下一件");
  await page.keyboard.press("Escape");
});

test("filters are counted, kept under a name, and stand in the address", async ({ liaison: page, server }) => {
  await some(page.request, server, 6);
  await page.goto("/console/matters");
  await expect(rows(page).first()).toBeVisible();
  const state = page.getByRole("group", { name: "状态" });
  await state.getByRole("button", { name: /待受理/ }).click();
  await expect(page).toHaveURL(/state=assigned/);
  const count = Number((await state.getByRole("button", { name: /待受理/ }).innerText()).replace(/\D/g, ""));
  await expect(page.getByRole("status").filter({ hasText: "件" }).first()).toContainText(`${count} 件`);
  await page.getByRole("button", { name: "更多条件" }).click();
  await page.getByRole("combobox", { name: "类型" }).click({ force: true });
  await page.getByRole("option", { name: "求助" }).click();
  await expect(page).toHaveURL(/kind=help/);
  await page.keyboard.press("Escape");
  await expect(rows(page).filter({ hasNotText: "求助" })).toHaveCount(0);
  await expect(rows(page).first()).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "保存这个筛选" }).click();
  await page.getByRole("dialog", { name: "保存筛选" }).getByRole("textbox").fill("求助待受理");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByRole("button", { name: "求助待受理", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "清除条件" }).click();
  await expect(page).not.toHaveURL(/kind=help/);
  await page.reload();
  await page.getByRole("button", { name: "求助待受理", exact: true }).click();
  await expect(page).toHaveURL(/kind=help/);
  await page.getByRole("button", { name: "删除筛选 求助待受理" }).click();
  await expect(page.getByRole("button", { name: "求助待受理", exact: true })).toHaveCount(0);

  // Nothing to find, and a server that does not answer, are said.
  await page.goto("/console/matters?state=open&from=2001-01-01&to=2001-01-02");
  await expect(page.getByText("没有符合条件的诉求")).toBeVisible();
  await page.route("**/api/v1/station/submissions?**", (r) => r.abort());
  await page.keyboard.press("r");
  await expect(page.getByRole("alert")).toContainText("连不上服务器");
  await page.unroute("**/api/v1/station/submissions?**");
});

test("what another changed is seen, and a late assignment says who acted", async ({ liaison: page, server }) => {
  await some(page.request, server, 1);
  await page.goto("/console/matters");
  await rows(page).first().press("a");
  const dialog = page.getByRole("dialog", { name: /^分派/ });
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  const list = await call<{ items: { id: string; version: number; assignee: { id: string } | null }[] }>(page.request, server, "", "get", "/station/submissions?state=open&limit=1");
  const first = list.items[0];
  const other = server.cast.members.find((m) => m.id !== first?.assignee?.id);
  await call(page.request, server, "", "post", "/station/submissions/assign", { items: [{ id: first?.id, version: first?.version }], to: other?.id, reason: "先一步" });
  await dialog.getByRole("radio").nth(2).check();
  await dialog.getByLabel(/^原因/).fill("晚一步");
  await dialog.getByRole("button", { name: /^交给/ }).click();
  await expect(dialog.getByRole("alert")).toContainText("刚刚处理过这件诉求");
  await expect(dialog.getByRole("alert")).toContainText(`现在由 ${other?.name} 委员办理`);
});

test("the list as it is narrowed is kept as a spreadsheet, with a reason", async ({ liaison, server }) => {
  const code = server.cast.codes.find((c) => c.member_openid)!;
  await file(liaison.request, server, "exporter-1", { scene: code.key, text: "要导出的一件：水渠堵了" });
  await liaison.goto("/console/matters");
  await liaison.getByRole("button", { name: "导出" }).click();
  const dialog = liaison.getByRole("dialog", { name: "导出清单（Excel）" });
  await dialog.getByRole("button", { name: "导出" }).click();
  await expect(dialog.getByRole("alert")).toContainText("请填写用来做什么");
  await dialog.getByLabel("用来做什么").fill("月底核对");
  const kept = liaison.waitForEvent("download");
  await dialog.getByRole("button", { name: "导出" }).click();
  expect((await kept).suggestedFilename()).toMatch(/诉求清单.*\.xlsx$/);
  await expect(dialog).toBeHidden();
  await liaison.goto("/console/audit");
  await expect(liaison.getByText("月底核对")).toBeVisible();
});
