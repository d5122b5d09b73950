import type { Page } from "@playwright/test";
import { direction, ink, pile, uyghur } from "../../miniprogram/journeys/marks";
import { call, expect, file, type Filed, type Server, test, tokenOf } from "./support";

/** Files the words in every field there is, and has the member answer in them. */
async function fileIn(page: Page, server: Server, who: string, words: string): Promise<Filed> {
  const scene = server.cast.codes.find((c) => c.member_openid)!.key;
  const m = await file(page.request, server, who, { scene, text: words, place: { text: words.slice(0, 60) }, against: { name: words.slice(0, 60) } });
  const member = await tokenOf(page.request, server, server.cast.members.find((x) => x.id === m.assignee!.id)!.openid);
  return call<Filed>(page.request, server, member, "post", `/submissions/${m.id}/reply`, { version: m.version, text: words });
}

for (const [width, height] of [[1280, 800], [390, 844]] as const) {
  test(`piles of marks stay in their box, at ${width} × ${height}`, async ({ liaison: page, server }) => {
    await page.setViewportSize({ width, height });
    const m = await fileIn(page, server, `marks-${width}`, pile);
    await page.goto(`/console/matters/${m.id}`);
    await expect(page.getByRole("heading", { name: "经过" })).toBeVisible();
    // A whole page is still, so that what differs is the words alone.
    await page.waitForLoadState("load");
    const all = page.locator("[dir=auto]:not(bdi, .print-only *)").filter({ hasText: "q" });
    expect(await all.count()).toBeGreaterThanOrEqual(5);
    for (const words of await all.all()) {
      const at = await ink(page, words);
      expect(at.inside, await words.innerText()).toBeGreaterThan(0);
      expect(at.outside, await words.innerText()).toBe(0);
    }
    await page.goto("/console/matters");
    const listed = page.locator(".matters .text").filter({ hasText: "q" }).first();
    await expect(listed).toBeVisible();
    expect((await ink(page, listed)).outside).toBe(0);
  });
}

test("Uyghur runs from right to left, in the list, in a matter and while it is written", async ({ liaison: page, server }) => {
  const m = await fileIn(page, server, "uyghur", uyghur);
  await page.goto(`/console/matters/${m.id}`);
  await expect(page.getByRole("heading", { name: "经过" })).toBeVisible();
  expect(await direction(page.locator("section.said .prose"))).toBe("rtl");
  expect(await direction(page.locator("dd", { hasText: uyghur }).first())).toBe("rtl");
  expect(await direction(page.locator(".thread bdi", { hasText: uyghur }).first())).toBe("rtl");
  expect(await direction(page.locator("section.said h2"))).toBe("ltr");
  await page.keyboard.press("c");
  const field = page.getByRole("dialog", { name: "办结" }).getByRole("textbox").first();
  await field.fill(uyghur);
  expect(await direction(field)).toBe("rtl");
  await field.fill("已经修好了");
  expect(await direction(field)).toBe("ltr");
  await page.goto("/console/matters");
  const listed = page.locator("table.matters [dir=auto]").filter({ hasText: uyghur }).first();
  await expect(listed).toBeVisible();
  expect(await direction(listed)).toBe("rtl");
});
