import { direction, ink, pile, uyghur } from "./marks";
import { api, enter, expect, type Filed, file, memberCode, somebody, test, tokenOf } from "./support";

test("piles of marks stay in their box, and Uyghur runs from right to left", async ({ page, server, request }) => {
  const m = memberCode(server, 5);
  const visitor = somebody();
  const token = await tokenOf(request, server, visitor);
  const his = await tokenOf(request, server, m.openid);
  const filed: Filed[] = [];
  for (const words of [pile, uyghur]) {
    const one = await file(request, server, token, { scene: m.key, kind: "complaint", text: words, place: { text: words.slice(0, 60) } });
    filed.push(await api<Filed>(request, server, his, "post", `/submissions/${one.id}/reply`, { version: one.version, text: words }));
  }
  await enter(page, server, visitor);
  await page.goto(`/m/pages/matter/index?id=${filed[0]!.id}`);
  const piles = page.locator("[dir=auto]:not(.inner)").filter({ hasText: "q" });
  await expect(piles.first()).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(await piles.count()).toBeGreaterThanOrEqual(3);
  for (const words of await piles.all()) {
    const at = await ink(page, words);
    expect(at.inside).toBeGreaterThan(0);
    expect(at.outside).toBe(0);
  }
  await page.goto("/m/pages/mine/index");
  const listed = page.locator(".ui-matter-text").filter({ hasText: "q" }).first();
  await expect(listed).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect((await ink(page, listed)).outside).toBe(0);
  expect(await direction(page.locator(".ui-matter-text").filter({ hasText: uyghur }).first())).toBe("rtl");

  await page.goto(`/m/pages/matter/index?id=${filed[1]!.id}`);
  const said = page.locator(".message .wrap").filter({ hasText: uyghur });
  await expect(said.first()).toBeVisible();
  expect(await direction(said.first())).toBe("rtl");
});
