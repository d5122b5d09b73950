import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, person, signIn, test, tokenOf } from "./support";

// This spec has its own server, because it checks counts.
test.use({ alone: "routing" });

test("rules are changed in a form, tried on what was filed, saved and undone", async ({ liaison: page, server }) => {
  const site = server.cast.codes.find((c) => c.kind === "station");
  for (let i = 0; i < 4; i++) await file(page.request, server, `villager-${i}`, { scene: site?.key, category: "water", text: "水渠漏水，地里浇不上" });
  await page.goto("/console/routing");
  await expect(page.getByRole("heading", { name: "类别由谁负责" })).toBeVisible();
  await accessible(page);

  const row = page.getByRole("row", { name: /饮水灌溉/ });
  await row.getByText("自定").click();
  await row.locator(".el-select__wrapper").first().click();
  await page.getByRole("option", { name: "农业" }).click();
  await page.getByRole("option", { name: "工商联" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "保存规则" })).toContainText("1 处改动");

  await page.getByRole("button", { name: "试算" }).click();
  await expect(page.getByText(/近一月 4 件中有 4 件会改派/)).toBeVisible();
  await picture(page, "routing-trial");
  await accessible(page);

  await page.getByRole("button", { name: "保存…" }).click();
  await expect(page.getByText("饮水灌溉：由 按名册 改为 工商联")).toBeVisible();
  await expect(page.getByText("试算过：近一月 4 件中有 4 件会改派")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("第 1 版正在使用")).toBeVisible();
  const s = await file(page.request, server, "villager-9", { scene: site?.key, category: "water", text: "水渠又漏了" });
  const members = server.cast.members.filter((m) => m.sector === "工商联").map((m) => m.name);
  expect(members).toContain(s.assignee?.name);

  await page.getByRole("button", { name: "撤销上一次改动" }).click();
  await page.getByRole("button", { name: "撤销", exact: true }).click();
  await expect(page.getByText("第 2 版正在使用")).toBeVisible();
  await expect(row.getByText("农业")).toBeVisible();

  // Somebody else saves meanwhile: nothing of theirs is written over.
  await row.getByText("自定").click();
  await call(page.request, server, await tokenOf(page.request, server, person(server, "admin").openid), "put", "/station/rules", { version: 2, capacity: 9 });
  await page.getByRole("button", { name: "保存…" }).click();
  await expect(page.getByText("这些改动还没有试算过")).toBeVisible();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("button", { name: "载入最新" }).click();
  await expect(page.getByText("第 3 版正在使用")).toBeVisible();
  await page.getByRole("link", { name: "谁改过" }).click();
  await expect(page.getByRole("row", { name: /修改分派规则/ })).toHaveCount(2);
});

test("the administrator sets rules up, and leaves the surge to the liaisons", async ({ page, server }) => {
  await signIn(page.context(), server, person(server, "admin").openid);
  await page.goto("/console/routing?tab=surge");
  await expect(page.getByText("高峰模式由本站联络员开启和结束")).toBeVisible();
  await page.getByRole("tab", { name: "分派规则" }).click();
  await expect(page.getByRole("heading", { name: "类别由谁负责" })).toBeVisible();
});

test("a station settles a day of its own with the keyboard, and takes it back", async ({ liaison: page }) => {
  await page.goto("/console/routing?tab=calendar");
  const today = page.locator(".day.today");
  await expect(today).toBeVisible();
  await accessible(page);
  await today.focus();
  // To the next day that is worked.
  const chosen = page.locator('.day[aria-pressed="true"]');
  for (let i = 0; i < 15; i++) {
    await page.keyboard.press("ArrowRight");
    await expect(chosen).toBeFocused();
    if (/上班/.test((await chosen.getAttribute("aria-label")) ?? "")) break;
  }
  await page.getByLabel("本站这一天休息，因为").fill("防汛演练");
  await page.getByRole("button", { name: "设为休息" }).click();
  await expect(chosen).toHaveAttribute("aria-label", /休息（本站：防汛演练）/);
  await accessible(page);
  await page.getByRole("button", { name: "改回公共日历", exact: true }).click();
  await expect(page.getByRole("button", { name: "设为休息" })).toBeVisible();
  await expect(chosen).not.toHaveAttribute("aria-label", /防汛演练/);
});

test("terms, surge and templates", async ({ liaison: page }) => {
  await page.goto("/console/routing?tab=terms");
  await expect(page.getByRole("heading", { name: "办理期限" })).toBeVisible();
  await page.getByRole("textbox", { name: "工作日的值班时间" }).fill("09:00-12:00 13:00-18:30");
  await expect(page.getByText("一天 8 小时 30 分钟")).toBeVisible();
  await expect(page.getByText("1 处改动")).toBeVisible();
  await picture(page, "routing-terms");
  await accessible(page);
  await page.getByRole("button", { name: "放弃改动" }).click();

  await page.getByRole("tab", { name: "高峰模式" }).click();
  await page.getByRole("button", { name: "明晚 22 点" }).click();
  await page.getByLabel("给群众的提示（可不填）").fill("停车场已满");
  await page.getByRole("button", { name: "开启高峰模式" }).click();
  await expect(page.getByRole("heading", { name: "高峰模式开着" })).toBeVisible();
  await page.mouse.move(700, 880);
  await accessible(page);
  await page.getByRole("button", { name: "现在结束" }).click();
  await page.getByRole("button", { name: "结束", exact: true }).click();
  await expect(page.getByRole("heading", { name: "高峰模式没有开" })).toBeVisible();

  await page.getByRole("tab", { name: "通知模板" }).click();
  await expect(page.getByRole("article", { name: "委员答复" })).toContainText("点此查看，可继续补充");
  await accessible(page);
});

test("the audit shows who looked at a number, and that it is whole", async ({ liaison: page, server }) => {
  const s = await file(page.request, server, "caller", { scene: server.cast.codes.filter((c) => c.kind === "member").at(-1)?.key, contact: { phone: "13800138000" } });
  const token = await tokenOf(page.request, server, person(server, "liaison").openid);
  await call(page.request, server, token, "post", `/submissions/${s.id}/phone`, { reason: "回访核实" });
  await page.goto("/console/audit");
  await expect(page.getByRole("heading", { name: "记录完整，没有被改动" })).toBeVisible();
  await page.getByLabel("诉求编号").fill(s.number);
  await page.getByRole("button", { name: "查找" }).click();
  const row = page.getByRole("row", { name: /回访核实/ });
  await expect(row).toContainText("查看电话");
  await expect(row).toContainText(s.number);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByText("怎样自己核对").click();
  await expect(page.getByText("mashang audit verify", { exact: true })).toBeVisible();
  await accessible(page);
  await page.getByLabel("原因、姓名").fill("没有这样的原因");
  await page.getByRole("button", { name: "查找" }).click();
  await expect(page.getByText("没有符合条件的记录")).toBeVisible();
  // The search is not in the address, and survives a reload.
  await expect(page).toHaveURL(/\/console\/audit$/);
  await page.reload();
  await expect(page.getByLabel("原因、姓名")).toHaveValue("没有这样的原因");
  await expect(page.getByLabel("诉求编号")).toHaveValue(s.number);
  await expect(page.getByText("没有符合条件的记录")).toBeVisible();
});
