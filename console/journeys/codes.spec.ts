import { readFile } from "node:fs/promises";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, signIn, person, test, tokenOf } from "./support";

// This spec has its own server, because it checks counts.
test.use({ alone: "codes" });

test("codes: found, made, pointed elsewhere, revoked and brought back", async ({ liaison: page, server }) => {
  const code = server.cast.codes.find((c) => c.kind === "member")!;
  // Somebody scans the sign, with two requests, and files from it.
  for (const path of [`/q/${code.key}`, `/api/v1/codes/${code.key}`]) await page.request.get(server.url + path, { headers: { "User-Agent": "a phone" } });
  await file(page.request, server, "console-villager-codes", { scene: code.key });

  await page.goto("/console/codes");
  await expect(page.getByRole("heading", { name: "码与码牌" })).toBeVisible();
  await page.getByLabel("查找码").fill(code.key);
  const row = page.getByRole("row").filter({ hasText: code.key });
  await expect(row).toContainText(code.name);
  await expect(page.getByRole("status").filter({ hasText: "1 个" })).toBeVisible();
  // Scans are written down every few seconds.
  await expect(async () => {
    await page.reload();
    await page.getByLabel("查找码").fill(code.key);
    await expect(row.getByRole("cell").nth(2)).toHaveText("1", { timeout: 1_000 });
  }).toPass({ timeout: 120_000 });
  await expect(row.getByRole("cell").nth(4)).toHaveText("1");
  await accessible(page);

  await row.getByRole("button", { name: code.name }).click();
  await expect(page.getByRole("img", { name: `${code.name}的二维码` })).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Escape");

  await row.getByRole("button", { name: "停用" }).click();
  await page.getByRole("button", { name: "停用", exact: true }).last().click();
  await expect(page.getByText(`“${code.name}”的码已停用`)).toBeVisible();
  expect((await page.request.get(`${server.url}/q/${code.key}`)).status()).toBe(410);
  await page.getByRole("button", { name: "撤销" }).click();
  await expect(page.getByText("已撤销")).toBeVisible();
  expect((await page.request.get(`${server.url}/q/${code.key}`)).status()).toBe(200);

  await row.getByRole("button", { name: "改指向" }).click();
  const dialog = page.getByRole("dialog", { name: "改指向" });
  await dialog.getByText("工作站", { exact: true }).click();
  await accessible(page);
  await dialog.getByRole("button", { name: "改指向" }).click();
  await expect(page.getByText(/已改为指向/)).toBeVisible();
  const shown = (await (await page.request.get(`${server.url}/api/v1/codes/${code.key}`)).json()) as { kind: string };
  expect(shown.kind).toBe("station");
  await page.getByRole("button", { name: "撤销" }).last().click();
  await expect(row).toContainText(code.name);

  await page.getByRole("button", { name: "新建码" }).click();
  const made = page.getByRole("dialog", { name: "新建码" });
  await made.getByText("场所", { exact: true }).click();
  await made.getByLabel("指向谁或哪里").click();
  await page.getByRole("option").first().click();
  await made.getByRole("button", { name: "新建" }).click();
  await expect(page.getByText(/已新建/)).toBeVisible();
});

test("signs: seen, made, fetched", async ({ liaison: page, server }) => {
  await page.goto("/console/codes");
  const members = server.cast.codes.filter((c) => c.kind === "member").slice(0, 2);
  for (const m of members) {
    // Codes made at one moment stand in the order of their keys, on either page.
    await page.getByLabel("查找码").fill(m.key);
    await page.getByLabel(new RegExp(`选中.*${m.key}`)).check({ force: true });
  }
  await page.getByLabel("查找码").fill("");
  await page.getByRole("button", { name: "做码牌（已选 2 个）" }).click();
  await expect(page.getByRole("heading", { name: "做码牌" })).toBeVisible();
  const image = page.getByRole("img", { name: /码牌的样子/ });
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((i: HTMLImageElement) => i.naturalWidth)).toBeGreaterThan(400);
  // A headline of one's own, on a poster and on stickers; a notice keeps its own.
  await page.getByText("海报").click();
  await page.getByLabel("牌头").fill("有事扫一扫");
  await expect(image).toHaveAttribute("src", /template=poster.*&headline=/);
  await expect.poll(() => image.evaluate((i: HTMLImageElement) => i.naturalHeight / i.naturalWidth)).toBeCloseTo(420 / 297, 1);
  await picture(page, "signs-poster");
  await page.getByText("贴纸").click();
  await page.getByText("四张拼一张 A4").click();
  await expect(page.getByText("共 1 页")).toBeVisible();
  await page.getByText("公示牌").click();
  await expect(page.getByLabel("牌头")).toBeDisabled();
  await expect(image).not.toHaveAttribute("src", /headline/);
  await page.getByText("桌牌").click();
  await page.getByText("两张拼一张 A4").click();
  await expect(page.getByText("共 1 页")).toBeVisible();
  await accessible(page);

  await page.getByRole("button", { name: "生成 2 个码的码牌" }).click();
  const link = page.getByRole("link", { name: /下载 .*桌牌.*\.pdf/ });
  await expect(link).toBeVisible();
  await accessible(page);
  const download = page.waitForEvent("download");
  await link.click();
  const got = await download;
  expect(got.suggestedFilename()).toMatch(/桌牌\d{8}\.pdf$/);
  expect((await readFile(await got.path())).subarray(0, 5).toString()).toBe("%PDF-");
  await picture(page, "signs-done");
});

test("signs: what is being made can be stopped, and is another's business", async ({ liaison: page, server, browser }) => {
  await page.goto("/console/codes/signs");
  await page.getByText("大牌").click();
  await page.getByRole("button", { name: /^生成/ }).click();
  await page.getByRole("button", { name: "取消" }).click();
  await expect(page.getByRole("status").filter({ hasText: /已取消|已完成/ })).toBeVisible();

  const token = await tokenOf(page.request, server, person(server, "liaison").openid);
  const jobs = await call<{ items: { id: string }[] }>(page.request, server, token, "get", "/station/jobs");
  expect(jobs.items.length).toBeGreaterThan(0);
  const other = await browser.newContext();
  await signIn(other, server, person(server, "admin").openid);
  expect((await other.request.get(`${server.url}/api/v1/station/jobs/${jobs.items[0]!.id}`)).status()).toBe(404);
  await other.close();
});
