import { readFileSync } from "node:fs";
import { type APIRequestContext, type Page } from "@playwright/test";
import { accessible } from "./axe";
import { call, expect, file, type Filed, type Server, signIn, test, tokenOf } from "./support";

/** Files some matters at codes of every kind, and closes some of them. */
async function seed(request: APIRequestContext, server: Server, n: number): Promise<Filed[]> {
  const codes = server.cast.codes;
  const list: Filed[] = [];
  for (let i = 0; i < n; i++) {
    const code = codes[(i * 7) % codes.length]!;
    const s = await file(request, server, `villager-${i % 5}`, {
      scene: code.key, text: `第 ${i} 件：路灯不亮，晚上看不清路`, kind: ["complaint", "help", "inquiry"][i % 3],
    });
    list.push(s);
    const member = server.cast.members.find((m) => m.id === s.assignee?.id);
    if (!member || i % 3 === 0) continue;
    const token = await tokenOf(request, server, member.openid);
    const accepted = await call<Filed>(request, server, token, "post", `/submissions/${s.id}/accept`, { version: s.version });
    if (i % 3 === 2) await call(request, server, token, "post", `/submissions/${s.id}/close`, { version: accepted.version, outcome: "solved", text: "已修好" });
  }
  return list;
}

async function numberIn(page: Page, name: RegExp): Promise<number> {
  const text = await page.getByRole("button", { name }).first().innerText();
  return Number(/\d+/.exec(text)?.[0]);
}

// This spec has its own server, because it checks counts.
test.use({ alone: "figures" });

test("each figure opens as many matters as it says, a report and a screen come of it", async ({ liaison: page, server }) => {
  await seed(page.request, server, 12);
  await page.goto("/console/figures");
  await expect(page.getByRole("heading", { name: "数据", exact: true })).toBeVisible();

  // A key figure, by keyboard.
  const filed = await numberIn(page, /^打开提交的/);
  expect(filed).toBeGreaterThanOrEqual(12);
  await page.getByRole("button", { name: /^打开提交的/ }).press("Enter");
  const drawer = page.getByRole("dialog", { name: "提交的诉求" });
  await expect(drawer.getByRole("listitem")).toHaveCount(filed);
  await accessible(page);
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();

  const solved = await numberIn(page, /^解决率：打开计入的/);
  await page.getByRole("button", { name: /^解决率：打开计入的/ }).click();
  await expect(page.getByRole("dialog", { name: /^解决/ }).getByRole("listitem")).toHaveCount(solved);
  await page.keyboard.press("Escape");

  // A chart as a table: a row opens its list.
  const heat = page.locator("section.card", { has: page.getByRole("heading", { name: "界别与村" }) });
  await heat.getByRole("button", { name: "看数据表" }).click();
  const row = heat.getByRole("row").nth(1);
  const sum = Number(await row.getByRole("cell").last().innerText());
  await row.getByRole("button").click();
  await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(sum);
  await page.keyboard.press("Escape");
  await heat.getByRole("button", { name: "看图" }).click();
  await accessible(page);

  // Another span is in the address.
  await page.getByRole("radio", { name: "今年" }).check({ force: true });
  await expect(page).toHaveURL(/span=year/);
  await page.reload();
  await expect(page.getByRole("radio", { name: "今年" })).toBeChecked();

  // Reports are kept as files.
  for (const [button, begins, ending] of [["Excel 表格", "PK", ".xlsx"], ["PDF 文件", "%PDF", ".pdf"]] as const) {
    await page.getByRole("button", { name: "生成报告" }).click();
    await expect(page.getByRole("dialog", { name: "生成报告" })).toBeVisible();
    await accessible(page);
    const kept = page.waitForEvent("download");
    await page.getByRole("button", { name: button }).click();
    const download = await kept;
    expect(download.suggestedFilename()).toMatch(new RegExp(`诉求办理报告\\${ending}$`));
    expect(readFileSync(await download.path()).subarray(0, begins.length).toString()).toBe(begins);
    await expect(page.getByRole("dialog", { name: "生成报告" })).toBeHidden();
  }
});

test("the screen in the hall shows numbers and no matter, and renews itself", async ({ liaison: page, server }) => {
  await page.clock.install();
  const [one] = await seed(page.request, server, 2);
  for (const size of [{ width: 1920, height: 1080 }, { width: 1366, height: 768 }]) {
    await page.setViewportSize(size);
    await page.goto("/console/screen");
    await expect(page.getByText("今天提交")).toBeVisible();
    const over = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]);
    expect(over, `it fits ${size.width}`).toEqual([0, 0]);
  }
  await accessible(page);
  const today = page.locator(".numbers strong").first();
  const before = Number(await today.innerText());
  await expect(page.locator("body")).not.toContainText(one!.number);
  await expect(page.locator("body")).not.toContainText("路灯不亮");
  await seed(page.request, server, 1);
  await expect(async () => {
    await page.clock.runFor(30_000);
    expect(Number(await today.innerText())).toBeGreaterThan(before);
  }).toPass();
});

test("an administrator sees figures and opens no matters", async ({ page, server }) => {
  await signIn(page.context(), server, server.cast.liaisons.find((l) => l.openid.startsWith("demo-admin"))!.openid);
  await page.goto("/console/figures");
  await expect(page.getByRole("heading", { name: "数据", exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "热点" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /打开/ })).toHaveCount(0);
});
