import { beforeEach, describe, expect, it, vi } from "vitest";

const storage = new Map<string, unknown>();
vi.stubGlobal("uni", {
  getStorageSync: (k: string) => storage.get(k) ?? "",
  setStorageSync: (k: string, v: unknown) => storage.set(k, v),
  removeStorageSync: (k: string) => storage.delete(k),
});
beforeEach(() => storage.clear());

const { Problem } = await import("@/api/problem");
const { setTongue } = await import("@/i18n");
const { calendarFile } = await import("@/reception/calendar");
const days = await import("@/reception/days");
const draft = await import("@/reception/draft");
const duty = await import("@/reception/duty");
const { bookingRefusal } = await import("@/reception/refusal");
const { receptionZh } = await import("@/reception/words");
const { receptionEn } = await import("@/reception/words.en");

/** Noon of Wednesday 2 December 2026 at the station. */
const noon = Date.parse("2026-12-02T12:00:00+08:00");

function day(id: string, date: string, left: number[], more: object = {}): import("@/reception/days").OpenDay {
  const slots = left.map((n, i) => ({ from: `${9 + i}:00`.padStart(5, "0"), to: `${10 + i}:00`, left: n, waiting: n ? 0 : 1 }));
  return { id, station: "lj", name: "接待日", date, from: "09:00", to: "12:00", where: "一号室", sectors: [], members: [], slots, ...more } as never;
}
const booking = (more: object): import("@/reception/days").Booking =>
  ({ id: "b1", number: "A012", state: "booked", slot: "09:00", persons: 1, needs: [], until: "2026-12-04T07:00:00+08:00", day: day("d1", "2026-12-04", [1, 0, 2]), ...more }) as never;

describe("the texts of reception days", () => {
  it("are all there in English, with the same holes", () => {
    const holes = (s: string): string[] => [...s.matchAll(/\{(\w+)\}/g)].map((x) => x[1]!).sort();
    expect(Object.keys(receptionEn).sort()).toEqual(Object.keys(receptionZh).sort());
    for (const [k, words] of Object.entries(receptionZh)) expect(holes(receptionEn[k as keyof typeof receptionEn]), k).toEqual(holes(words));
  });
});

describe("a day", () => {
  it("is said in words of the station's calendar", () => {
    expect(days.dateWords("2026-12-04", noon)).toBe("12月4日 星期五");
    expect(days.dateWords("2026-12-03", noon)).toBe("明天 星期四");
    setTongue("en");
    expect(days.dateWords("2026-12-04", noon)).toBe("4 Dec Friday");
    setTongue("zh");
  });
  it("that stands and has room comes before one that is full or cancelled", () => {
    const off = day("a", "2026-12-03", [2], { cancelled: true });
    const full = day("b", "2026-12-04", [0, 0]);
    const free = day("c", "2026-12-11", [0, 1]);
    expect(days.firstDay([off, full, free])).toBe(free);
    expect(days.firstDay([off, full])).toBe(full);
    expect(days.firstDay([off])).toBe(off);
    expect(days.bookable(off)).toBe(false);
    expect(days.isFull(full)).toBe(true);
  });
});

describe("a booking", () => {
  it("is named in an address", () => {
    const b = booking({});
    expect(days.nameOf(b)).toBe("lj.d1.b1");
    expect(days.namedBooking("lj.d1.b1")).toEqual({ station: "lj", day: "d1", booking: "b1" });
    for (const bad of ["", "lj", "lj.d1", "lj.d1.", "lj.d1.b1.x"]) expect(days.namedBooking(bad), bad).toBeUndefined();
  });
  it("can be changed until two hours before, and given up while it waits", () => {
    expect(days.isChangeable(booking({}), noon)).toBe(true);
    expect(days.isChangeable(booking({}), Date.parse("2026-12-04T07:00:00+08:00"))).toBe(false);
    expect(days.isChangeable(booking({ state: "waiting" }), Date.parse("2026-12-04T08:00:00+08:00"))).toBe(true);
    expect(days.isChangeable(booking({ state: "arrived" }), noon)).toBe(false);
  });
  it("of a day that is cancelled is off, and can still move", () => {
    const b = booking({ day: day("d1", "2026-12-04", [1], { cancelled: true }) });
    expect([days.shownState(b), days.isOpen(b), days.isChangeable(b, noon)]).toEqual(["off", false, true]);
    expect(days.othersFor(b, [day("d2", "2026-12-11", [1])]).map((o) => o.day.id)).toEqual(["d2"]);
    expect(days.shownState(booking({ state: "cancelled", day: b.day }))).toBe("cancelled");
  });
  it("moves to what is free, on its own day and on others", () => {
    const next = day("d2", "2026-12-11", [0, 3]);
    const elsewhere = day("d3", "2026-12-11", [1], { station: "xx" });
    const to = days.othersFor(booking({}), [day("d1", "2026-12-04", [9]), next, elsewhere]);
    expect(to.map((o) => `${o.day.id} ${o.slot.from}`)).toEqual(["d1 11:00", "d2 10:00"]);
  });
});

describe("the draft of a booking", () => {
  const filled = { ...draft.emptyBooking("d1", "13800138000"), slot: "09:00", words: " 摊位 " };
  it("asks one question a screen in large type, and for the day only where there are several", () => {
    expect(draft.screensOf(false, 3)).toHaveLength(1);
    expect(draft.screensOf(true, 3)).toHaveLength(5);
    expect(draft.screensOf(true, 1)[0]).toEqual(["slot"]);
  });
  it("needs a slot alone", () => {
    expect(draft.faultsOf(draft.emptyBooking("d1", ""))).toEqual({ slot: "pick" });
    expect(draft.faultsOf({ ...filled, phone: "12", words: "字".repeat(201) })).toEqual({ words: "long_words", phone: "bad_phone" });
    expect(draft.faultsOf({ ...filled, phone: "12", phoneCode: "c" })).toEqual({});
  });
  it("says what was asked, and waits where the slot is full", () => {
    expect(draft.bodyOf(filled, false)).toEqual({ slot: "09:00", persons: 1, words: "摊位", phone: "13800138000" });
    expect(draft.bodyOf({ ...filled, phoneCode: "c", words: "" }, true)).toEqual({ slot: "09:00", persons: 1, phone_code: "c", wait: true });
  });
  it("is kept without the platform's code", () => {
    draft.saveBooking("sign", { ...filled, phoneCode: "c" });
    expect(draft.loadBooking("sign")).toEqual(filled);
    draft.removeBooking("sign");
    expect(draft.loadBooking("sign")).toBeUndefined();
  });
  it("whose answer was lost is repeated under its own key before anything else", async () => {
    const sent: string[] = [];
    let keys = 0;
    let kept = filled as import("@/reception/draft").BookDraft;
    const desk = (answer: () => Promise<never>) => ({
      key: () => `key${++keys}`,
      book: (d: string, key: string, body: string) => {
        sent.push(`${d} ${key} ${(JSON.parse(body) as { slot: string }).slot}`);
        return answer();
      },
    });
    const save = (d: typeof kept): void => void (kept = d);
    const lost = new Problem(0, {});
    await expect(draft.sendBooking(kept, false, save, desk(() => Promise.reject(lost)))).rejects.toBe(lost);
    kept = { ...kept, slot: "10:00" };
    await draft.sendBooking(kept, false, save, desk(() => Promise.resolve(booking({}) as never)));
    expect(sent).toEqual(["d1 key1 09:00", "d1 key1 09:00"]);
    // A refusal took nothing, so what is wanted now goes out.
    sent.length = 0;
    let refused = false;
    await draft.sendBooking(kept, false, save, desk(() => {
      if (refused) return Promise.resolve(booking({}) as never);
      refused = true;
      return Promise.reject(new Problem(409, { code: "conflict" }));
    }));
    expect(sent).toEqual(["d1 key1 09:00", "d1 key2 10:00"]);
  });
});

describe("a refusal", () => {
  it("of a full slot has nobody who was first", () => {
    const p = new Problem(409, { code: "conflict", detail: "这个时段约满了，10:00 还有空" });
    expect(bookingRefusal(p)).toBe("这个时段约满了，10:00 还有空");
    setTongue("en");
    expect(bookingRefusal(p)).toBe(receptionEn.conflict);
    setTongue("zh");
  });
});

describe("a calendar entry", () => {
  it("is a file that calendars read", () => {
    const from = Date.parse("2026-12-04T09:30:00+08:00");
    const file = calendarFile({ title: "委员接待日（A012）", from, to: from + 1_800_000, where: "一号室, 二楼", notes: "请记住 A012" }, noon);
    expect(file).toContain("DTSTART:20261204T013000Z\r\nDTEND:20261204T020000Z\r\n");
    expect(file).toContain("LOCATION:一号室\\, 二楼\r\n");
    const long = calendarFile({ title: "很长".repeat(60), from, to: from, where: "", notes: "" }, noon);
    for (const line of long.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(long.replace(/\r\n /g, "")).toContain(`SUMMARY:${"很长".repeat(60)}`);
  });
});

describe("a member's days", () => {
  const seat = (member: string, mine = false): object => ({ member, name: member, sector: "", state: "planned", mine });
  const swap = (id: string, more: object): object => ({ id, from: "m1", to: "", state: "asked", asks: false, mine: false, ...more });
  const d = (more: object): import("@/reception/duty").Day => ({ id: "d1", roster: [seat("m1", true), seat("m2")], swaps: [], edits: false, ...more }) as never;
  it("show the open swap of one's own, else the last that was refused", () => {
    expect(duty.ownSwap(d({ swaps: [swap("a", { state: "refused" }), swap("b", { mine: true })] }))?.id).toBe("b");
    expect(duty.ownSwap(d({ swaps: [swap("a", { state: "refused" }), swap("c", { from: "m2", state: "refused" })] }))?.id).toBe("a");
    expect(duty.ownSwap(d({ swaps: [swap("a", { state: "withdrawn" })] }))).toBeUndefined();
    expect(duty.others(d({}))).toEqual(["m2"]);
  });
  it("tell whom one asks by name from what everybody is asked", () => {
    const list = [d({ swaps: [swap("a", { asks: true, to: "m9" }), swap("b", { asks: true }), swap("c", { state: "agreed" })] })];
    expect(duty.asksOf(list, true).map((x) => x.swap.id)).toEqual(["a"]);
    expect(duty.asksOf(list, false).map((x) => x.swap.id)).toEqual(["b"]);
    expect(duty.toApprove(list)).toEqual([]);
    expect(duty.toApprove([d({ edits: true, swaps: list[0]!.swaps })]).map((x) => x.swap.id)).toEqual(["c"]);
  });
});
