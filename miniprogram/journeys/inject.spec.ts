import { api, enter, expect, type Filed, memberCode, somebody, test, tokenOf } from "./support";

/** Fifty ways in which a text tries to be more than a text. */
const texts = [
  "<script>hit()</script>", "<img src=x onerror=hit()>", "<svg onload=hit()>", "<svg><script>hit()</script></svg>",
  "<iframe srcdoc='<script>parent.hit()</script>'>", "<iframe src=javascript:parent.hit()>", "<body onload=hit()>", "<input autofocus onfocus=hit()>",
  "<select autofocus onfocus=hit()>", "<textarea autofocus onfocus=hit()>", "<details open ontoggle=hit()>", "<video><source onerror=hit()>",
  "<audio src=x onerror=hit()>", "<marquee onstart=hit()>", "<object data=javascript:hit()>", "<embed src=javascript:hit()>",
  "<a href=javascript:hit()>点这里</a>", "<form action=javascript:hit()><button>点</button></form>", "<math href=javascript:hit()>点</math>", "<base href=//elsewhere.invalid/>",
  "<link rel=stylesheet href=//elsewhere.invalid/x.css>", "<style>@import '//elsewhere.invalid/x.css';</style>", "<style>*{display:none}</style>", "<meta http-equiv=refresh content='0;url=//elsewhere.invalid'>",
  "<img src=//elsewhere.invalid/pixel.png>", "{{constructor.constructor('hit()')()}}", "${hit()}", "#{hit()}", "<%= hit() %>", "[[hit()]]",
  "javascript:hit()", "data:text/html,<script>hit()</script>", "\\u003cscript\\u003ehit()\\u003c/script\\u003e", "&lt;script&gt;hit()&lt;/script&gt;", "&#60;script&#62;hit()&#60;/script&#62;", "%3Cscript%3Ehit()%3C/script%3E",
  "</textarea><script>hit()</script>", "</title><script>hit()</script>", "'\"><script>hit()</script>", "--><script>hit()</script>", "]]><script>hit()</script>", "<scr<script>ipt>hit()</scr</script>ipt>",
  "<ScRiPt>hit()</sCrIpT>", "<script/x>hit()</script>", "<img/src=x/onerror=hit()>", "<div style=background:url(javascript:hit())>", "<div onclick=hit()>点这里</div>", "<button onclick=hit()>退款</button>",
  "<template><script>hit()</script></template>", "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
];

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
