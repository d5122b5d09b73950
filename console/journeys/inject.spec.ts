import type { Page } from "@playwright/test";
import { texts } from "../../miniprogram/journeys/inject";
import { call, expect, file, type Filed, person, type Server, settled, test, tokenOf } from "./support";

/** The maximum length of a name in the roster. */
const nameRunes = 30;
/** Nothing of these may come out of a text. */
const made = "script, iframe, object, embed, link, meta, base, style, marquee, math, [onload], [onerror], [onclick], [onfocus], [ontoggle], [onstart], [href^=javascript], [action^=javascript], img[src=x], img[src*=elsewhere]";

interface Roster {
  version: number;
  places: { id: string; name: string }[];
  rooms: { id: string; name: string }[];
}

const at = (i: number): string => texts[i % texts.length]!;

/** Names places and rooms by texts, as a careless import would. */
async function nameByTexts(page: Page, server: Server): Promise<string[]> {
  const short = texts.filter((t) => [...t].length <= nameRunes);
  const roster = await call<Roster>(page.request, server, "", "get", "/station/roster");
  let version = roster.version;
  const used: string[] = [];
  for (const [table, entries] of [["places", roster.places], ["rooms", roster.rooms]] as const) {
    for (const e of entries.slice(0, 8)) {
      const name = short[used.length]!;
      const done = await call<{ version: number }>(page.request, server, "", "put", `/station/roster/${table}/${e.id}`, { version, name });
      version = done.version;
      used.push(name);
    }
  }
  return used;
}

/** Files every text, in every field there is for words; the first ten are talked about as well. */
async function fileTexts(page: Page, server: Server): Promise<Filed[]> {
  const places = (await call<{ items: { key: string; kind: string; target: unknown }[] }>(page.request, server, "", "get", "/codes?limit=100")).items.filter((c) => ["place", "room"].includes(c.kind));
  const filed: Filed[] = [];
  for (let i = 0; i < texts.length; i++) {
    let m = await file(page.request, server, `inject-${i}`, {
      scene: places[i % places.length]!.key, text: at(i), place: { text: at(i + 1) }, against: { name: at(i + 2), place: at(i + 3), amount_fen: 100 },
      on_behalf_of: { name: at(i + 4).slice(0, 20), relation: at(i + 5).slice(0, 20) }, contact: { phone: "13800138000" },
    });
    await call(page.request, server, "", "post", `/submissions/${m.id}/phone`, { reason: at(i) });
    if (i < 10) m = await talk(page, server, m, i);
    filed.push(m);
  }
  return filed;
}

/** The visitor says more, the member asks, a department answers, it is closed and rated: all in texts. */
async function talk(page: Page, server: Server, filed: Filed, i: number): Promise<Filed> {
  const visitor = await tokenOf(page.request, server, `inject-${i}`);
  const bureau = (server.cast as unknown as { departments: { id: string; openid: string }[] }).departments[i % 6]!;
  const act = async (token: string, m: Filed, what: string, body: Record<string, unknown>): Promise<Filed> =>
    call<Filed>(page.request, server, token, "post", `/submissions/${m.id}/${what}`, { version: m.version, ...body });
  let m = filed;
  if (!m.assignee) m = await act("", m, "assign", { to: server.cast.members[i]!.id, reason: at(i + 10) });
  const member = await tokenOf(page.request, server, server.cast.members.find((x) => x.id === m.assignee!.id)!.openid);
  m = await act(visitor, m, "messages", { text: at(i + 11) });
  m = await act(member, m, "ask", { text: at(i + 12) });
  m = await act("", m, "assist", { department: bureau.id, text: at(i + 13) });
  const answered = await call<Filed>(page.request, server, await tokenOf(page.request, server, bureau.openid), "post", `/submissions/${m.id}/contribute`, { text: at(i + 14) });
  m = { ...m, version: answered.version };
  if (i % 2 === 0) return m;
  m = await act(member, m, "close", { outcome: "explained", text: at(i + 15) });
  return act(visitor, m, "rate", { solved: "not", satisfaction: "dissatisfied", reason: at(i + 16) });
}

// It counts what there is, and first names come first.
test.use({ alone: "inject" });

test("what people write is text and nothing else on every page", async ({ liaison: page, server }) => {
  expect(new Set(texts).size).toBe(50);
  const dialogs: string[] = [];
  page.on("dialog", async (d) => {
    dialogs.push(d.message());
    await d.dismiss();
  });
  await page.addInitScript(() => Object.assign(window, { hits: 0, hit: () => ((window as unknown as { hits: number }).hits += 1) }));
  // Each text is the reason of a look at a number: more than an account may have otherwise.
  await call(page.request, server, await tokenOf(page.request, server, person(server, "admin").openid), "put", "/station/guard", { reveals_per_hour: 200, reveals_per_day: 200 });
  const names = await nameByTexts(page, server);
  const filed = await fileTexts(page, server);

  /** Nothing came of the texts; returns what is on the page. */
  const unharmed = async (): Promise<string> => {
    await expect(page.locator(".el-skeleton")).toHaveCount(0);
    const found = await page.locator("body").evaluate((body, bad) => [...body.querySelectorAll(`main :is(${bad}), .el-overlay :is(${bad}), .el-popper :is(${bad})`)].map((e) => e.outerHTML.slice(0, 120)), made);
    expect(found).toEqual([]);
    expect(await page.evaluate(() => (window as unknown as { hits: number }).hits)).toBe(0);
    expect(dialogs).toEqual([]);
    expect(new URL(page.url()).origin).toBe(server.url);
    return (await page.locator("body").textContent()) ?? "";
  };
  const visit = async (path: string): Promise<string> => {
    await page.goto(`/console${path}`);
    await settled(page);
    return unharmed();
  };

  // The list has all of them, the audit all reasons.
  await page.goto("/console/matters?state=open,over");
  // Others of the same server may be among them.
  await expect.poll(() => page.locator("table.matters tbody tr").count()).toBeGreaterThanOrEqual(texts.length);
  let shown = await unharmed();
  for (const text of texts) expect(shown).toContain(text);
  for (const name of names.slice(0, 5)) expect(shown).toContain(name);
  await page.goto("/console/audit?what=phone");
  await expect.poll(() => page.getByRole("row").count()).toBeGreaterThanOrEqual(texts.length + 1);
  shown = await unharmed();
  for (const text of texts) expect(shown).toContain(text);

  // One by one, on the screen and as it is printed.
  for (const [i, m] of filed.slice(0, 10).entries()) {
    await page.goto(`/console/matters/${m.id}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(m.number);
    shown = await unharmed();
    for (const n of [0, 1, 2, 3, 11, 12, 13, 14, ...(i % 2 ? [15, 16] : [])]) expect(shown).toContain(at(i + n));
    expect(shown).toContain(`${at(i + 4).slice(0, 20).trim()}（${at(i + 5).slice(0, 20).trim()}）`);
    await page.emulateMedia({ media: "print" });
    await expect(page.getByText("办理人签字")).toBeVisible();
    await expect(page.locator(".said .text")).toHaveText(at(i));
    await unharmed();
    await page.emulateMedia({ media: "screen" });
  }
  await page.goto(`/console/matters/${filed[8]!.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(filed[8]!.number);
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog").getByRole("radio").first()).toBeVisible();
  await unharmed();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "并案" }).click();
  await expect(page.getByRole("dialog", { name: /并案/ }).getByRole("textbox").first()).toBeVisible();
  await unharmed();

  // Wherever else they come up.
  for (const [path, says] of [
    ["/now", texts], ["/codes", names], ["/screen", names], ["/people", []], ["/routing", []], ["/figures", []],
  ] as const) {
    shown = await visit(path);
    if (says.length) expect(says.some((t) => shown.includes(t)), `nothing of it on ${path}`).toBe(true);
  }
  // The rooms and places in a choice, and what a number of the figures counts.
  await page.goto("/console/file");
  await page.getByRole("combobox", { name: "记在哪个码下" }).click({ force: true });
  await expect(page.getByRole("option").filter({ hasText: names[0]! }).first()).toBeVisible();
  await unharmed();
  await page.goto("/console/figures");
  await page.getByRole("combobox", { name: "分组" }).click({ force: true });
  await page.getByRole("option", { name: "扫码处" }).click();
  const row = page.getByRole("region", { name: "分组数据表" }).getByRole("button").first();
  await expect(row).toHaveText(/[<({%$#]/);
  await row.click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.mouse.move(700, 500);
  shown = await unharmed();
  expect(texts.some((t) => shown.includes(t))).toBe(true);
});
