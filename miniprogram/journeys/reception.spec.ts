import { type APIRequestContext, type Page } from "@playwright/test";
import { barriers, small, tiny, wide } from "./checks";
import { api, enter, expect, type Server, somebody, test, tokenOf } from "./support";

interface Day {
  id: string;
  date: string;
  rule: string;
  revision: number;
  state: string;
  roster: { member: string; mine?: boolean; state: string }[];
  swaps: { id: string; state: string; to: string }[];
}
interface Sitting {
  /** Who sits: the nth of the cast. */
  members: { id: string; openid: string; name: string }[];
  /** The key of the code at which the days are read. */
  key: string;
  station: string;
  days: Day[];
}

let rules = 0;
/** On one weekday alone the members would run out. */
const weekdays = ["每周四", "每周五", "每周六"];

/** A rule of reception days at the station, with its next two days published: two seats each half-hour. */
async function sitting(request: APIRequestContext, server: Server, seats = 2): Promise<Sitting> {
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const roster = await api<{ version: number; places: { id: string; name: string }[]; station: { id: string } }>(request, server, liaison, "get", "/station/roster");
  const code = server.cast.codes.filter((c) => c.kind === "place")[rules]!;
  const where = roster.places.find((p) => p.name === code.name)!;
  const rule = `j${process.pid % 1000}${rules++}`;
  await api(request, server, liaison, "put", `/station/roster/receptions/${rule}`, {
    version: roster.version, name: "委员接待日", repeat: weekdays[rules % weekdays.length], from: "09:00", to: "12:00", place: where.id, min: 1, seats, slot: 30, publish: 21, holidays: "keep",
  });
  const { items } = await api<{ items: Day[] }>(request, server, liaison, "get", "/reception/days");
  const days: Day[] = [];
  // A day that may be over before the journey ends is left alone.
  const soon = new Date(Date.now() + 24 * 3600_000).toISOString().slice(0, 10);
  const next = items.filter((x) => x.rule === rule && x.date > soon).slice(0, 2);
  // Other journeys have their own members.
  const free = await Promise.all(next.map((d) => api<{ items: { member: string }[] }>(request, server, liaison, "get", `/reception/days/${d.id}/candidates`)));
  const sit = free[0]!.items.map((c) => c.member).filter((id) => free[1]!.items.some((c) => c.member === id)).slice(0, 2);
  for (const d of next) {
    let now = await api<Day>(request, server, liaison, "post", `/reception/days/${d.id}/roster`, { revision: d.revision, members: sit });
    now = await api<Day>(request, server, liaison, "post", `/reception/days/${d.id}/outline`, { revision: now.revision, theme: "停车和摊位", sectors: [], not_for: "诉讼中的案件", note: "" });
    if (now.state === "draft") now = await api<Day>(request, server, liaison, "post", `/reception/days/${d.id}/publish`, { revision: now.revision });
    days.push(now);
  }
  return { key: code.key, station: roster.station.id, days, members: sit.map((id) => server.cast.members.find((m) => m.id === id)!) };
}

/** Counts the taps of a journey. */
function counted(page: Page): { tap: (name: string | RegExp, role?: "button" | "radio") => Promise<void>; n: () => number } {
  let n = 0;
  return {
    tap: async (name, role = "button") => {
      n++;
      const it = page.getByRole(role, { name }).first();
      if (role === "radio") await it.check();
      else await it.click();
    },
    n: () => n,
  };
}

const shot = async (page: Page, name: string): Promise<void> => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
};

async function sound(page: Page, least = 18): Promise<void> {
  expect(await barriers(page)).toEqual([]);
  expect(await small(page)).toEqual([]);
  expect(await tiny(page, least)).toEqual([]);
  expect(await wide(page)).toBe(false);
}

test("a villager books in five taps, changes the time and calls it off", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  const token = await enter(page, server, somebody());
  await page.goto(`/m/pages/scan/index?key=${at.key}`);
  const card = page.locator(".card", { hasText: "下次接待" });
  await expect(card).toContainText("停车和摊位");
  await expect(card).toContainText(`${at.members[0]!.name}委员`);
  await expect(card).toContainText("不受理：诉讼中的案件");
  await shot(page, "1-scan");
  const go = counted(page);
  await go.tap("预约");
  await expect(page.getByRole("radio", { name: /09:30/ })).toBeVisible();
  await sound(page);
  await shot(page, "2-book");
  await go.tap(/09:30/, "radio");
  await page.getByLabel("手机号（可以不留）").fill("13800138000");
  await go.tap("预约 09:30");
  await expect(page.getByText("请记住 A001")).toBeVisible();
  expect(go.n()).toBeLessThanOrEqual(5);
  await sound(page);
  await shot(page, "3-booked");
  // The form is behind it no more.
  await expect(page).toHaveURL(/\/pages\/booking\/index/);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "加到手机日历" }).click();
  expect((await saved).suggestedFilename()).toBe("reception.ics");

  await page.getByRole("button", { name: "改时间" }).click();
  await shot(page, "4-change");
  await page.getByRole("radio", { name: /10:30/ }).first().check();
  await page.getByRole("button", { name: "改到 10:30" }).click();
  await expect(page.locator(".card", { hasText: "10:30–11:00" })).toBeVisible();
  // Another day, in one step: the address follows.
  await page.getByRole("button", { name: "改时间" }).click();
  await page.getByRole("radio", { name: /11:00/ }).last().check();
  await page.getByRole("button", { name: "改到 11:00" }).click();
  await expect(page.locator(".card", { hasText: "11:00–11:30" })).toBeVisible();
  const list = await api<{ items: { state: string; day: { id: string } }[] }>(request, server, token, "get", `/stations/${at.station}/bookings`);
  expect(list.items.filter((b) => b.state === "booked").map((b) => b.day.id)).toEqual([at.days[1]!.id]);

  await page.goto("/m/pages/mine/index");
  await shot(page, "5-mine");
  await page.getByRole("button", { name: /A001.*约好了/ }).click();
  await page.getByRole("button", { name: "取消预约" }).click();
  await shot(page, "6-cancel");
  await page.locator("dialog[open]").getByRole("button", { name: "取消预约" }).click();
  await expect(page.getByText("已取消", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "再约一次" }).click();
  await expect(page.getByRole("heading", { name: "预约接待" })).toBeVisible();
});

test("a full half-hour is waited for, and the seat that comes free is accepted", async ({ page, server, request }) => {
  const at = await sitting(request, server, 1);
  const first = await tokenOf(request, server, somebody());
  const day = at.days[0]!;
  const book = (who: string, slot: string) => api<{ id: string }>(request, server, who, "post", `/stations/${at.station}/receptions/${day.id}/bookings`, { slot, persons: 1 }, `k-${somebody()}`.slice(0, 60));
  const taken = await book(first, "09:00");
  await enter(page, server, somebody());
  await page.goto(`/m/pages/book/index?key=${at.key}&day=${day.id}`);
  await page.getByRole("radio", { name: /09:00.*可候补/ }).check();
  await shot(page, "7-full");
  await page.getByRole("button", { name: "候补 09:00" }).click();
  await expect(page.getByText("候补中", { exact: true })).toBeVisible();
  await expect(page.getByText("您排在候补第一位")).toBeVisible();
  await shot(page, "8-waiting");
  await api(request, server, first, "post", `/stations/${at.station}/receptions/${day.id}/bookings/${taken.id}/cancel`);
  await page.reload();
  await expect(page.getByText(/给您留着 09:00 的位子/)).toBeVisible();
  await shot(page, "9-offered");
  await page.getByRole("button", { name: "接受 09:00" }).click();
  await expect(page.getByText("约好了", { exact: true })).toBeVisible();
});

test("a booking whose answer was lost is sent again and is one", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  const token = await enter(page, server, somebody());
  await page.goto(`/m/pages/book/index?key=${at.key}`);
  await page.getByRole("radio", { name: /^09:00/ }).check();
  await page.getByLabel("想说什么事（可以不写）").fill("摊位费");
  let lost = true;
  await page.route("**/bookings", async (route) => {
    if (route.request().method() !== "POST" || !lost) return route.continue();
    lost = false;
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: "预约 09:00" }).click();
  await expect(page.getByText(/还没约上/)).toBeVisible();
  // The page is closed and opened anew: what was chosen is there.
  await page.reload();
  await expect(page.getByLabel("想说什么事（可以不写）")).toHaveValue("摊位费");
  // What was chosen meanwhile does not make a second one.
  await page.getByRole("radio", { name: /^10:00/ }).check();
  await page.getByRole("button", { name: "预约 10:00" }).click();
  await expect(page.getByText(/您改之前的已经约上了/)).toBeVisible();
  await expect(page.getByText(/请记住 A\d\d\d/)).toBeVisible();
  await expect(page.getByText("09:00–09:30")).toBeVisible();
  await expect(page.getByText("摊位费")).toBeVisible();
  expect((await api<{ items: unknown[] }>(request, server, token, "get", `/stations/${at.station}/bookings`)).items).toHaveLength(1);
});

test("on the day one says that one is there by the code on the wall", async ({ page, server, request }) => {
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const { places, station, version } = await api<{ version: number; places: { id: string; name: string }[]; station: { id: string } }>(request, server, liaison, "get", "/station/roster");
  const [other, code] = server.cast.codes.filter((c) => c.kind === "place").slice(-2);
  const place = places.find((p) => p.name === code!.name)!.id;
  const rule = `j9${process.pid % 1000}`;
  await api(request, server, liaison, "put", `/station/roster/receptions/${rule}`, {
    version, name: "现场接待", repeat: "每周一、周二、周三、周四、周五、周六、周日", from: "00:00", to: "24:00", place, seats: 3, slot: 240, holidays: "keep",
  });
  const made = (await api<{ items: Day[] }>(request, server, liaison, "get", "/reception/days")).items.find((d) => d.rule === rule)!;
  if (made.state === "draft") await api(request, server, liaison, "post", `/reception/days/${made.id}/publish`, { revision: made.revision });
  const token = await enter(page, server, somebody());
  const book = await api<{ id: string; number: string }>(request, server, token, "post", `/stations/${station.id}/receptions/${made.id}/bookings`, { slot: "20:00", persons: 2 }, `k-${somebody()}`.slice(0, 60));
  await page.goto(`/m/pages/booking/index?id=${station.id}.${made.id}.${book.id}`);
  // A browser scans nothing: the letters under the code do.
  await page.getByRole("button", { name: "我到了，扫墙上的码" }).click();
  await page.getByLabel("墙上码下面的编号").fill(other!.key);
  await page.locator("dialog[open]").getByRole("button", { name: "我到了" }).click();
  await expect(page.getByRole("alert")).toContainText("这不是接待地点的码");
  await page.getByRole("button", { name: "取消", exact: true }).click();
  // Whoever scans the wall by the phone's camera comes from the code's page, and taps twice.
  await page.goto(`/m/pages/scan/index?key=${code!.key}`);
  await page.getByRole("button", { name: new RegExp(book.number) }).click();
  await shot(page, "a1-today");
  await page.getByRole("button", { name: "我到了" }).click();
  await expect(page.getByText("已到，等叫号")).toBeVisible();
  await shot(page, "a2-there");
});

test("in large type one question stands on a screen", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  await enter(page, server, somebody());
  await page.addInitScript(() => localStorage.setItem("mashang.size", JSON.stringify({ type: "string", data: '"elder"' })));
  await page.goto(`/m/pages/scan/index?key=${at.key}`);
  await shot(page, "e1-scan");
  await page.getByRole("button", { name: "预约", exact: true }).click();
  const next = page.getByRole("button", { name: "下一步" });
  for (const [n, what] of [/哪一天来/, /几点来/, /想说什么事/, /几个人来/].entries()) {
    await expect(page.getByText(what).first()).toBeVisible();
    await shot(page, `e2-${n}`);
    await sound(page, 22);
    if (n === 1) await page.getByRole("radio", { name: /10:00/ }).check();
    await next.click();
  }
  await page.getByLabel("手机号（可以不留）").fill("13800138000");
  await shot(page, "e3-phone");
  // Back is the question before.
  await page.goBack();
  await expect(page.getByText("几个人来")).toBeVisible();
  await next.click();
  await page.getByRole("button", { name: "预约 10:00" }).click();
  await expect(page.getByText(/请记住 A\d\d\d/)).toBeVisible();
  await sound(page, 22);
  await shot(page, "e4-booked");
  await page.getByRole("button", { name: "改时间" }).click();
  await expect(page.getByRole("radio").first()).toBeVisible();
  await sound(page, 22);
  await shot(page, "e5-change");
});

test("who has no login books first and logs in last", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  await page.goto(`/m/pages/book/index?key=${at.key}`);
  await page.getByRole("radio", { name: /^09:00/ }).check();
  await page.getByRole("button", { name: "预约 09:00" }).click();
  await page.getByRole("button", { name: /以群众/ }).click();
  await expect(page.getByText(/请记住 A\d\d\d/)).toBeVisible();
});

test("a tourist books in English", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  await enter(page, server, somebody());
  await page.addInitScript(() => localStorage.setItem("mashang.tongue", JSON.stringify({ type: "string", data: '"en"' })));
  await page.goto(`/m/pages/scan/index?key=${at.key}`);
  await page.getByRole("button", { name: "Book", exact: true }).click();
  await page.getByRole("radio", { name: /^09:00/ }).check();
  await shot(page, "n1-book");
  await page.getByRole("button", { name: "Book 09:00" }).click();
  await expect(page.getByText(/Your number: A\d\d\d/)).toBeVisible();
  await shot(page, "n2-booked");
});

test("a member gives a seat away in four taps, and the one who is asked agrees", async ({ page, server, request, browser }) => {
  const at = await sitting(request, server);
  const day = at.days[0]!;
  await enter(page, server, at.members[0]!.openid);
  await page.goto("/m/pages/me/index");
  const go = counted(page);
  await page.getByRole("button", { name: "我的值班" }).click();
  await expect(page.getByText("我的接待日")).toBeVisible();
  await shot(page, "m1-duty");
  await sound(page);
  await go.tap("不能来");
  await shot(page, "m2-why");
  await go.tap("生病");
  await expect(page.locator("dialog[open] .ui-button-note").first()).toBeVisible();
  await shot(page, "m3-who");
  const name = await page.locator("dialog[open] .stack .ui-button-label").first().innerText();
  await go.tap(new RegExp(`^${name}`));
  await expect(page.getByText(`已请${name}委员替您，等答复`)).toBeVisible();
  expect(go.n()).toBeLessThanOrEqual(4);
  await shot(page, "m4-sent");

  const asked = server.cast.members.find((m) => m.name === name)!;
  const theirs = await browser.newPage({ locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 360, height: 740 }, baseURL: server.url });
  await enter(theirs, server, asked.openid);
  await theirs.goto("/m/pages/duty/index");
  const card = theirs.locator(".card", { hasText: "来不了，请您替" });
  await shot(theirs, "m5-asked");
  await card.getByRole("button", { name: "同意" }).click();
  await expect(theirs.getByText(/已同意/).first()).toBeVisible();
  await theirs.close();
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const after = await api<Day>(request, server, liaison, "get", `/reception/days/${day.id}`);
  expect(after.swaps.at(-1)).toMatchObject({ to: asked.id });
  expect(["agreed", "approved", "done"]).toContain(after.swaps.at(-1)!.state);
});

test("a day that is cancelled says why, and the next one can be booked", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const token = await enter(page, server, somebody());
  const [off, next] = at.days as [Day, Day];
  const book = await api<{ id: string }>(request, server, token, "post", `/stations/${at.station}/receptions/${off.id}/bookings`, { slot: "09:00", persons: 1 }, `k-${somebody()}`.slice(0, 60));
  await api(request, server, liaison, "post", `/reception/days/${off.id}/cancel`, { revision: off.revision, reason: "停电检修" });
  await page.goto(`/m/pages/booking/index?id=${at.station}.${off.id}.${book.id}`);
  await expect(page.getByText("这次接待取消了：停电检修")).toBeVisible();
  await shot(page, "c1-cancelled");
  await expect(page.getByRole("button", { name: "加到手机日历" })).toHaveCount(0);
  await page.goto(`/m/pages/scan/index?key=${at.key}`);
  const card = page.locator(".card", { hasText: "下次接待" });
  await expect(card).toContainText("这次接待取消了：停电检修");
  await shot(page, "c2-scan");
  await expect(card.getByRole("button", { name: "预约" })).toBeVisible();
  // Whoever had booked takes another day with all that was said.
  await page.goto(`/m/pages/booking/index?id=${at.station}.${off.id}.${book.id}`);
  await page.getByRole("button", { name: "改到别的日子" }).click();
  await page.getByRole("radio", { name: "09:30" }).check();
  await page.getByRole("button", { name: "改到 09:30" }).click();
  await expect(page.getByText("约好了", { exact: true })).toBeVisible();
  const list = await api<{ items: { state: string; day: { id: string } }[] }>(request, server, token, "get", `/stations/${at.station}/bookings`);
  expect(list.items.filter((b) => b.state === "booked").map((b) => b.day.id)).toEqual([next.id]);
});

test("a convener approves a swap, and refuses one with a reason", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const { version, members } = await api<{ version: number; members: { id: string; name: string; sector: string; village: string; expertise: string[]; title: string; rooms: string[] }[] }>(request, server, liaison, "get", "/station/roster");
  const convener = members.at(-1)!;
  const { name, sector, village, expertise, title, rooms } = convener;
  await api(request, server, liaison, "put", `/station/roster/members/${convener.id}`, { version, name, sector, village, expertise, title, rooms, convener: true });
  for (const [n, d] of at.days.entries()) {
    const from = await tokenOf(request, server, at.members[n]!.openid);
    const free = await api<{ items: { member: string }[] }>(request, server, from, "get", `/reception/days/${d.id}/candidates`);
    const to = free.items.find((c) => c.member !== convener.id)!.member;
    const asked = await api<Day>(request, server, from, "post", `/reception/days/${d.id}/swaps`, { to, reason: "公务" }, `s-${somebody()}`.slice(0, 60));
    await api(request, server, await tokenOf(request, server, server.cast.members.find((m) => m.id === to)!.openid), "post", `/reception/days/${d.id}/swaps/${asked.swaps.at(-1)!.id}/agree`, {});
  }
  await enter(page, server, server.cast.members.find((m) => m.id === convener.id)!.openid);
  await page.goto("/m/pages/duty/index");
  const cards = page.locator(".card", { has: page.getByRole("button", { name: "批准", exact: true }) });
  await expect(cards.first()).toBeVisible();
  await shot(page, "v1-convene");
  const before = await cards.count();
  await cards.first().getByRole("button", { name: "批准", exact: true }).click();
  await expect(page.getByText("已批准，两位都会收到通知")).toBeVisible();
  await expect(cards).toHaveCount(before - 1);
  await cards.first().getByRole("button", { name: "不批准" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "不批准" }).click();
  await expect(page.getByRole("alert")).toHaveText("请写一句原因");
  await page.getByLabel("会告诉委员").fill("那天专题要医药界别");
  await page.locator("dialog[open]").getByRole("button", { name: "不批准" }).click();
  await expect(page.getByText("已退回，会告诉委员")).toBeVisible();
  await expect(cards).toHaveCount(before - 2);
});

test("a member confirms, asks everybody and takes it back", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  await enter(page, server, at.members[0]!.openid);
  await page.addInitScript(() => localStorage.setItem("mashang.size", JSON.stringify({ type: "string", data: '"elder"' })));
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/m/pages/duty/index");
  await page.getByRole("button", { name: "我能来" }).first().click();
  await expect(page.getByText("已确认来").first()).toBeVisible();
  await page.getByRole("button", { name: "不能来" }).first().click();
  await page.getByRole("button", { name: "外出", exact: true }).click();
  await expect(page.getByRole("button", { name: /问问谁能来/ })).toBeVisible();
  await sound(page, 22);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/d1-who.png` });
  await page.getByRole("button", { name: /问问谁能来/ }).click();
  await expect(page.getByText("已问合适的委员，等谁应")).toBeVisible();
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/d2-asked.png` });
  await page.getByRole("button", { name: "撤回" }).click();
  await expect(page.getByText("已撤回，还是您来")).toBeVisible();
});

test("a rule's code leads to its days, and a day is passed on, booked and moved without a code", async ({ page, server, request, browser }) => {
  const at = await sitting(request, server);
  const [first, next] = at.days as [Day, Day];
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const { items } = await api<{ items: { key: string; target: { id?: string } }[] }>(request, server, liaison, "get", "/codes?kind=reception&limit=100");
  const key = items.find((c) => c.target.id === first.rule)!.key;

  // What the code shows before the client has loaded works by itself.
  const html = await (await request.get(`${server.url}/m/pages/scan/index?key=${key}`)).text();
  expect(html).toContain(`/m/pages/book/index?key=${key}`);

  await page.goto(`/m/pages/scan/index?key=${key}`);
  const card = page.locator(".card", { hasText: "下次接待" });
  await expect(card).toContainText("主题：停车和摊位");
  await expect(card).toContainText("不受理：诉讼中的案件");
  await expect(card).toContainText(`${at.members[0]!.name}委员`);
  await expect(card).toContainText("再往后");
  // The days come first; what can be written down comes after them.
  const before = await card.evaluate((c) => Boolean(c.compareDocumentPosition(document.querySelector(".who")!) & Node.DOCUMENT_POSITION_FOLLOWING));
  expect(before).toBe(true);
  await expect(page.getByRole("button", { name: /我要反映问题/ })).toBeVisible();
  await sound(page);
  await shot(page, "r1-code");

  // The next of its days has a page of its own, for everybody.
  await card.locator(".ui-tap").first().click();
  await expect(page).toHaveURL(new RegExp(`/m/pages/reception/index\\?station=${at.station}&day=${next.id}`));
  await expect(page.getByText("不受理：诉讼中的案件")).toBeVisible();
  await sound(page);
  await shot(page, "r2-day");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.addInitScript(() => Object.defineProperty(navigator, "share", { value: undefined }));
  await page.reload();
  await page.getByRole("button", { name: "转发给别人" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(`/m/pages/reception/index?station=${at.station}&day=${next.id}`);
  await page.getByRole("button", { name: "看别的接待日" }).click();
  await expect(page.locator(".ui-tap").first()).toBeVisible();
  await sound(page);
  await shot(page, "r3-days");
  await page.goBack();

  // Whoever got the link books with no code and logs in last.
  await page.getByRole("button", { name: "预约", exact: true }).click();
  await page.getByRole("radio", { name: /^09:00/ }).check();
  await page.getByRole("button", { name: "预约 09:00" }).click();
  await page.getByRole("button", { name: /以群众/ }).click();
  await expect(page.getByText(/请记住 A\d\d\d/)).toBeVisible();
  const id = new URL(page.url()).searchParams.get("id")!;
  expect(id).toContain(next.id);
  await page.goto("/m/pages/mine/index");
  await expect(page.getByText("我的接待预约")).toBeVisible();

  // The link of a notice is opened on a phone that knows no code: the booking goes to the other day with all that was said.
  const phone = await browser.newPage({ locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 360, height: 740 }, baseURL: server.url });
  const who = somebody();
  const token = await enter(phone, server, who);
  const made = await api<{ id: string }>(request, server, token, "post", `/stations/${at.station}/receptions/${next.id}/bookings`, { slot: "10:00", persons: 2, words: "摊位费" }, `k-${somebody()}`.slice(0, 60));
  await phone.goto(`/m/pages/booking/index?id=${at.station}.${next.id}.${made.id}`);
  await phone.getByRole("button", { name: "改时间" }).click();
  await phone.getByRole("radio", { name: "09:30" }).nth(1).check(); // its own day stands first, then the next ones
  await shot(phone, "r4-move");
  await phone.getByRole("button", { name: "改到 09:30" }).click();
  await expect(phone.getByText("已改好")).toBeVisible();
  await expect(phone.getByText("摊位费")).toBeVisible();
  const list = await api<{ items: { state: string; slot: string; day: { id: string } }[] }>(request, server, token, "get", "/me/bookings");
  expect(list.items.filter((b) => b.state === "booked").map((b) => [b.day.id, b.slot])).toEqual([[first.id, "09:30"]]);
  // A phone that has no bookings of its own lists them all the same.
  await phone.goto("/m/pages/mine/index");
  await expect(phone.getByText("我的接待预约")).toBeVisible();
  await phone.close();
});

test("a rule without a day says so, and offers what its place does", async ({ page, server, request }) => {
  const liaison = await tokenOf(request, server, server.cast.liaisons[0]!.openid);
  const { version } = await api<{ version: number }>(request, server, liaison, "get", "/station/roster");
  const rule = `j8${process.pid % 1000}`;
  await api(request, server, liaison, "put", `/station/roster/receptions/${rule}`, { version, name: "法律专场", repeat: "每月第一个周一", from: "09:00", to: "12:00", valid_from: "2099-01-01" });
  const { items } = await api<{ items: { key: string; target: { id?: string } }[] }>(request, server, liaison, "get", "/codes?kind=reception&limit=100");
  const key = items.find((c) => c.target.id === rule)!.key;
  await page.goto(`/m/pages/scan/index?key=${key}`);
  await expect(page.getByText(/现在没有公布的接待日/)).toBeVisible();
  await expect(page.getByText("每月第一个周一 09:00–12:00")).toBeVisible();
  await expect(page.getByRole("button", { name: /我要反映问题/ })).toBeVisible();
  await sound(page);
  await shot(page, "r5-none");
  await page.addInitScript(() => localStorage.setItem("mashang.tongue", JSON.stringify({ type: "string", data: '"en"' })));
  await page.addInitScript(() => localStorage.setItem("mashang.size", JSON.stringify({ type: "string", data: '"elder"' })));
  await page.reload();
  await expect(page.getByText(/No reception is announced now/)).toBeVisible();
  await sound(page, 22);
  await shot(page, "r6-none-en-large");
});

test("a member says in two taps which day they want, which not, and takes it back", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  const other = server.cast.members.find((m) => !at.members.some((x) => x.id === m.id))!;
  const token = await enter(page, server, other.openid);
  const said = async (): Promise<Record<string, string>> => {
    const { items } = await api<{ items: { day: string; wish: string }[] }>(request, server, token, "get", "/me/reception/wishes");
    return Object.fromEntries(items.filter((d) => d.wish).map((d) => [d.day, d.wish]));
  };
  const { items } = await api<{ items: { day: string; where: string }[] }>(request, server, token, "get", "/me/reception/wishes");
  await page.goto("/m/pages/me/index");
  const go = counted(page);
  await go.tap("我的值班");
  await expect(page.getByText("哪天想来")).toBeVisible();
  const line = page.locator(".duty-wish");
  await expect(line).toHaveCount(4);
  await go.tap(/，想来$/);
  expect(go.n()).toBeLessThanOrEqual(2);
  await expect(line.first().getByRole("button", { name: /，想来$/ })).toHaveAttribute("aria-pressed", "true");
  await line.nth(1).getByRole("button", { name: /，不方便$/ }).click();
  await expect(line.nth(1).getByRole("button", { name: /，不方便$/ })).toHaveAttribute("aria-pressed", "true");
  await sound(page);
  await shot(page, "w1-wishes");
  expect(await said()).toEqual({ [items[0]!.day]: "wants", [items[1]!.day]: "declines" });
  // The other word takes the place of the first; the same one again takes it back.
  await line.nth(1).getByRole("button", { name: /，想来$/ }).click();
  await expect(line.nth(1).getByRole("button", { name: /，不方便$/ })).toHaveAttribute("aria-pressed", "false");
  await line.first().getByRole("button", { name: /，想来$/ }).click();
  await expect(line.first().getByRole("button", { name: /，想来$/ })).toHaveAttribute("aria-pressed", "false");
  expect(await said()).toEqual({ [items[1]!.day]: "wants" });
  await page.reload();
  await expect(line.nth(1).getByRole("button", { name: /，想来$/ })).toHaveAttribute("aria-pressed", "true");
  await page.locator(".duty-wishes").getByRole("button", { name: /^看全部/ }).click();
  await expect(line).toHaveCount(items.length);
});

test("a member takes a seat that everybody was asked for, and says no to another", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  const [one, two] = at.days as [Day, Day];
  const [a, b] = await Promise.all(at.members.map((m) => tokenOf(request, server, m.openid))) as [string, string];
  const free = async (who: string, d: Day) => (await api<{ items: { member: string; fits: boolean }[] }>(request, server, who, "get", `/reception/days/${d.id}/candidates`)).items;
  const taker = (await free(a, one)).filter((c) => c.fits).map((c) => c.member);
  const also = await free(b, two);
  const id = taker.find((x) => also.some((c) => c.member === x))!;
  await api(request, server, a, "post", `/reception/days/${one.id}/swaps`, { reason: "公务" }, `s-${somebody()}`.slice(0, 60));
  await api(request, server, b, "post", `/reception/days/${two.id}/swaps`, { to: id, reason: "生病" }, `s-${somebody()}`.slice(0, 60));
  await enter(page, server, server.cast.members.find((m) => m.id === id)!.openid);
  await page.goto("/m/pages/duty/index");
  await sound(page);
  await shot(page, "t1-asked");
  await page.locator(".card", { hasText: "来不了，请您替" }).first().getByRole("button", { name: "不行" }).click();
  await expect(page.getByText("已回绝，会告诉对方")).toBeVisible();
  const open = page.locator(".card", { has: page.getByRole("button", { name: "我来替" }) }).filter({ hasText: at.members[0]!.name });
  await open.getByRole("button", { name: "我来替" }).click();
  await expect(page.getByText(/^已同意/).first()).toBeVisible();
  await expect(open).toHaveCount(0);
  const state = async (d: Day): Promise<string> => (await api<Day>(request, server, a, "get", `/reception/days/${d.id}`)).swaps.at(-1)!.state;
  expect(["agreed", "approved", "done"]).toContain(await state(one));
  expect(await state(two)).toBe("refused");
});

test("a member subscribes to their days, and the link that was replaced is dead", async ({ page, server, request }) => {
  const at = await sitting(request, server);
  await enter(page, server, at.members[0]!.openid);
  await page.goto("/m/pages/duty/index");
  const shown = page.locator(".duty-link");
  await expect(page.getByText("订阅到手机日历")).toBeVisible();
  await shot(page, "s1-off");
  await page.getByRole("button", { name: "复制订阅链接" }).click();
  const first = await shown.innerText();
  await shot(page, "s2-made");
  if (process.env.SHOTS) await page.locator(".card", { has: shown }).screenshot({ path: `${process.env.SHOTS}/s2-card.png` });
  await sound(page);
  const calendar = await request.get(first);
  expect(calendar.headers()["content-type"]).toBe("text/calendar; charset=utf-8");
  const day = at.days[0]!;
  const text = (await calendar.text()).replace(/\r\n /g, "");
  expect(text).toContain(`UID:${day.id}.${at.members[0]!.id}@${at.station}.mashang\r\n`);
  expect(text).toContain(`DTSTART;TZID=Asia/Shanghai:${day.date.replace(/-/g, "")}T090000\r\n`);
  expect(text).toContain("SUMMARY:接待日：停车和摊位\r\n");
  expect((await request.get(first, { headers: { "If-None-Match": calendar.headers()["etag"]! } })).status()).toBe(304);

  // The link is shown once.
  await page.reload();
  await expect(page.getByText(/手机最近读取是今天/)).toBeVisible();
  await expect(shown).toHaveCount(0);
  await shot(page, "s3-on");
  await page.getByRole("button", { name: "大字" }).first().click();
  await sound(page, 22);
  await shot(page, "s3-large");
  await page.getByRole("button", { name: "换一个链接" }).click();
  await shot(page, "s4-change");
  await page.locator("dialog[open]").getByRole("button", { name: "换一个链接" }).click();
  const second = await shown.innerText();
  expect(second).not.toBe(first);
  expect((await request.get(first)).status()).toBe(404);
  expect((await request.get(second)).status()).toBe(200);
  await page.getByRole("button", { name: "停用" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "停用" }).click();
  await expect(page.getByText("已停用，链接失效了")).toBeVisible();
  await expect(shown).toHaveCount(0);
  expect((await request.get(second)).status()).toBe(404);
});
