import type { Page } from "@playwright/test";
import { api, enter, expect, file, memberCode, placeCode, somebody, test, tokenOf } from "./support";

test.use({ locale: "en-US" });

/** Names stay as they are written; everything else is English. */
async function onlyNames(page: Page, names: string[]): Promise<void> {
  await page.waitForLoadState("networkidle");
  let words = `${await page.title()}\n${await page.locator("body").innerText()}`;
  words += (await page.locator("[aria-label]").evaluateAll((all) => all.map((e) => e.getAttribute("aria-label")))).join("\n");
  for (const n of [...names, "中文"]) words = words.split(n).join("");
  // The seal beside a name holds its first character.
  words = words.split("\n").filter((line) => !names.some((n) => n[0] === line.trim())).join("\n");
  expect(words.match(/[\u3000-\u30ff\u3400-\u9fff\uff00-\uff60]+/g) ?? [], page.url()).toEqual([]);
}

test("a phone in English reads English from the sign to the receipt", async ({ page, server }) => {
  const place = placeCode(server);
  const names = [place.name, "河西古渡镇委员工作站（演示）", ...server.cast.members.map((m) => m.name), ...server.cast.liaisons.map((l) => l.name)];
  await page.goto(`/q/${place.key}`);
  await expect(page.getByRole("link", { name: "Report a problem" })).toBeVisible();
  await onlyNames(page, names);
  // One can switch to Chinese and back, and the choice goes on.
  await page.getByRole("link", { name: "中文" }).click();
  await expect(page.getByRole("link", { name: "我要反映问题" })).toHaveAttribute("href", /lang=zh/);
  await page.getByRole("link", { name: "English" }).click();

  await page.goto(`/m/pages/scan/index?key=${place.key}`);
  await expect(page.getByRole("button", { name: "Report a problem" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await onlyNames(page, names);
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.getByRole("button", { name: /我要反映问题/ })).toBeVisible();
  await page.getByRole("button", { name: "English" }).click();

  await page.getByRole("button", { name: "Report a problem" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Take a photo, write a line" })).toBeVisible();
  await page.getByLabel("Write it down").fill("The car park charged me 20 yuan too much");
  await onlyNames(page, names);
  // Danger is answered in English too, before anything is sent and without a login.
  await page.getByLabel("Write it down").fill("着火了");
  await expect(page.getByRole("link", { name: /^119/ })).toBeVisible();
  await page.getByLabel("Write it down").fill("The car park charged me 20 yuan too much");
  await expect(page.getByRole("link", { name: /^119/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Next" }).click();
  await onlyNames(page, names);
  await page.getByRole("radio", { name: /Tourist/ }).check();
  await page.getByRole("button", { name: "I leave today" }).click();
  await page.getByLabel("Your phone (optional)").fill("7911");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("alert")).toContainText("+44");
  await page.getByLabel("Your phone (optional)").fill("+44 7911 123456");
  await onlyNames(page, names);

  await page.evaluate((id) => localStorage.setItem("mashang.played", JSON.stringify({ type: "string", data: JSON.stringify(id) })), somebody());
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Log in" })).toBeVisible();
  await expect(page.getByText("mainland China only")).toBeVisible();
  await onlyNames(page, names);
  await page.getByLabel("Mobile number").fill("+44 7911 123456");
  await page.getByRole("button", { name: "Send a code" }).click();
  await expect(page.getByRole("alert")).toContainText("11 digits"); // nothing is texted abroad
  await page.getByRole("button", { name: "Enter as a visitor" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Received, thank you" })).toBeVisible();
  await expect(page.getByText("It goes faster with:")).toBeVisible();
  await onlyNames(page, names);

  // The server's own sentences are in English as well.
  await page.getByRole("button", { name: "See progress" }).click();
  await expect(page.getByText("It goes faster with: a photo of the receipt")).toBeVisible();
  await page.getByRole("button", { name: "Why this member?" }).click();
  await expect(page.getByText(/looks after it: the|No member fits just now/)).toBeVisible();
  await onlyNames(page, [...names, ...server.cast.members.map((m) => m.village)]);
});

test("a phone in English reads English from the answer to the rating, and deletes in English", async ({ page, server, request }) => {
  const m = memberCode(server, 5);
  const openid = somebody();
  const token = await enter(page, server, openid);
  const names = ["河西古渡镇委员工作站（演示）", ...server.cast.members.flatMap((x) => [x.name, x.village]), ...server.cast.liaisons.map((l) => l.name)];
  const filed = await file(request, server, token, { scene: m.key, text: "The car park charged me 20 yuan too much", contact: { phone: "13800138000" } });
  const his = await tokenOf(request, server, m.openid);
  const asked = await api<{ version: number }>(request, server, his, "post", `/submissions/${filed.id}/ask`, { version: filed.version, text: "Which car park?" });
  await page.goto("/m/pages/mine/index");
  await onlyNames(page, names);
  await page.goto(`/m/pages/matter/index?id=${filed.id}`);
  await expect(page.getByText(`${m.name} asked (see above)`)).toBeVisible();
  await onlyNames(page, names);
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText("Please write something first");
  await onlyNames(page, names);
  await page.getByLabel("To the member").fill("The one at the jetty");
  const picked = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose photos" }).click();
  await (await picked).setFiles([{ name: "no.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo at all") }]);
  await expect(page.getByText("Photo 1: This photo cannot be used. Take a screenshot of it and send that")).toBeVisible();
  await onlyNames(page, names);
  await page.getByRole("button", { name: "Remove photo 1" }).click();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("Added", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: /^Change the number/ }).click();
  await page.getByLabel("New number").fill("12");
  await page.getByRole("button", { name: "Use this number" }).click();
  await expect(page.getByRole("alert")).toHaveText("Please check this");
  await onlyNames(page, names);
  await page.getByRole("button", { name: "Cancel" }).click();
  await api(request, server, his, "post", `/submissions/${filed.id}/close`, { version: asked.version + 1, outcome: "explained", text: "They pay you back" });
  await page.reload();
  await expect(page.getByText(`Member ${m.name} closed it: Explained`)).toBeVisible();
  await onlyNames(page, names);
  await page.getByRole("button", { name: "Rate", exact: true }).click();
  await onlyNames(page, names);
  await page.goto("/m/pages/takeover/index");
  await page.getByLabel("Six digits").fill("123456");
  await page.getByRole("button", { name: "Take over" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await onlyNames(page, names);
  await page.goto("/m/pages/me/index");
  await onlyNames(page, names);
  await page.goto("/m/pages/data/index");
  await expect(page.getByText("Kept are 1 reports of yours")).toBeVisible();
  await expect(page.getByText(/backups made before still have it, for 30 days/)).toBeVisible();
  await onlyNames(page, names);
  await page.getByRole("button", { name: "Delete my data" }).click();
  await page.getByLabel("To delete, write delete").fill("Delete");
  await onlyNames(page, names);
  await page.getByRole("dialog").getByRole("button", { name: "Delete my data" }).click();
  await expect(page.getByText("Deleted. Thank you for using Mashang.")).toBeVisible();
  await onlyNames(page, names);
});

test("a choice made on the page behind the code holds in the client", async ({ page, server }) => {
  const place = placeCode(server);
  await page.goto(`/q/${place.key}?lang=zh`);
  await page.getByRole("link", { name: "我要反映问题" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "拍下来，写一句" })).toBeVisible();
  await page.goto("/m/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("扫码见委员，有事马上办");
});
