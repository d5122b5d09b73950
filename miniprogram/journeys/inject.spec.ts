import { texts } from "./inject";
import { api, enter, expect, type Filed, memberCode, somebody, test, tokenOf } from "./support";

test("what people write is text and nothing else, wherever it is shown", async ({ page, server, request }) => {
  expect(new Set(texts).size).toBe(50);
  const m = memberCode(server, 20);
  const visitor = somebody();
  const token = await tokenOf(request, server, visitor);
  const his = await tokenOf(request, server, m.openid);
  // The text, the place, whom it is about and for: everything that is shown. The other texts come as answers.
  const filed: Filed[] = [];
  for (const [i, text] of texts.entries()) {
    if (i % 10 === 0) {
      filed.push(
        await api<Filed>(request, server, token, "post", "/submissions", {
          scene: m.key, kind: "complaint", text, place: { text }, against: { name: text }, on_behalf_of: { name: text.slice(0, 20), relation: text.slice(0, 20) },
        }, `inject-${Date.now()}-${i}`),
      );
    } else {
      const one = filed.at(-1)!;
      const act = i % 2 === 0 ? "messages" : "ask";
      const s = await api<Filed>(request, server, act === "ask" ? his : token, "post", `/submissions/${one.id}/${act}`, { version: one.version, text });
      one.version = s.version;
    }
  }
  await page.addInitScript(() => Object.assign(window, { hits: 0, hit: () => ((window as unknown as { hits: number }).hits += 1) }));
  await enter(page, server, visitor);
  const shown: string[] = [];
  const look = async (path: string): Promise<void> => {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    shown.push(await page.locator(".page-body").innerText());
    expect(await page.evaluate(() => (window as unknown as { hits: number }).hits)).toBe(0);
    expect(await page.locator(".page-body").locator("script, iframe, object, embed, form, link, meta, base, style, a[href^=javascript]").count()).toBe(0);
  };
  await look("/m/pages/mine/index");
  for (const f of filed) await look(`/m/pages/matter/index?id=${f.id}`);
  const all = shown.join("\n");
  for (const text of texts) expect(all).toContain(text);
});
