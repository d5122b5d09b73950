import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { mondayOf, shiftDay, weekday } from "@/base/time";
import { ruleWords } from "@/pages/people/receptions";
import { lacks, monthWords, placesOf, sitting, stillLacks, timeWords, weeksOf, type Day } from "@/pages/reception/days";
import { accepted, former } from "@/pages/reception/fill";
import { figuresOf, firstFree, linesOf, matches, outcomeWords, queueOf, type Line, type Party } from "@/pages/reception/parties";
import type { Entry, Hour } from "@/state/outbox";

const now = new Date("2026-12-01T10:00:00+08:00");
const today = "2026-12-01";

const noHole: Day["hole"] = { open: false, nobody: false, few: 0, sectors: [], expertise: [], away: [], out: [], swapping: [], double: [] };
const day = (change: Partial<Day> = {}): Day => ({
  id: "20261204-j01", rule: "j01", name: "周五接待", planned: "2026-12-04", date: "2026-12-04", from: "09:00", to: "12:00", kind: "station", target: "", where: "本站",
  theme: "", sectors: [], not_for: "", note: "", state: "draft", terms: { min: 2 }, roster: [], swaps: [], hole: noHole, locked: false, edits: true, revision: 0, ...change,
});
const seat = (member: string, state: Schemas["ReceptionSeat"]["state"] = "planned"): Schemas["ReceptionSeat"] => ({ member, name: member, sector: "农业", state });
const swap = (change: Partial<Schemas["ReceptionSwap"]>): Schemas["ReceptionSwap"] =>
  ({ id: "s1", from: "m1", from_name: "甲", to: "", to_name: "", reason: "外出", state: "asked", at: "2026-12-01T00:00:00Z", ...change });

describe("the days of the calendar", () => {
  it("knows weekdays and weeks", () => {
    expect([weekday("2026-12-04"), mondayOf("2026-12-06"), mondayOf("2026-12-07"), shiftDay("2026-12-31", 1)]).toEqual(["周五", "2026-11-30", "2026-12-07", "2027-01-01"]);
    expect(timeWords(day(), now)).toBe("12月4日 周五 09:00–12:00");
    expect(timeWords(day({ date: "2027-01-08" }), now)).toBe("2027年1月8日 周五 09:00–12:00");
  });
});

describe("what a day lacks", () => {
  it("says it in words, the most pressing first", () => {
    const d = day({ hole: { ...noHole, open: true, nobody: true, few: 2, sectors: ["法律"], expertise: ["劳动"] }, uncertain: true });
    expect(lacks(d, now)).toEqual([
      { tone: "none", text: "没有人，要 2 人" }, { tone: "few", text: "缺“法律”界别" }, { tone: "few", text: "缺“劳动”专长" }, { tone: "calm", text: "日期可能会变" },
    ]);
    expect(lacks(day({ hole: { ...noHole, open: true, few: 1 } }), now)).toEqual([{ tone: "few", text: "缺 1 人" }]);
  });
  it("tells a swap that waits for the liaison from one that waits for a member", () => {
    const texts = lacks(day({ swaps: [swap({ state: "agreed" }), swap({ from_name: "乙" }), swap({ state: "approved", from_name: "丙" })] }), now).map((l) => l.text);
    expect(texts).toEqual(["甲换班待批", "乙在找人换"]);
  });
  it("says what was moved, unless it is cancelled", () => {
    expect(lacks(day({ moved_from: "2026-12-03" }), now)[0]).toMatchObject({ tone: "calm", text: "由 12月3日 改期" });
    expect(lacks(day({ moved_from: "2026-12-03", state: "cancelled" }), now)).toEqual([]);
  });
});

describe("the weeks of the page", () => {
  const a = day();
  const b = day({ id: "20261211-j01", date: "2026-12-11", planned: "2026-12-11", hole: { ...noHole, open: true, nobody: true } });
  const c = day({ id: "20261204-j02", kind: "room", target: "r1", where: "渡口议事室", from: "08:00" });
  const plan: Parameters<typeof weeksOf>[0] = {
    items: [b, a, c], skipped: [{ rule: "j01", name: "周五接待", planned: "2027-01-01", kind: "station", target: "" }], edits: true,
  };
  it("groups by week and puts the days that a holiday took away between them", () => {
    const weeks = weeksOf(plan, { place: "", lacking: false }, today, now);
    expect(weeks.map((w) => [w.title, w.holes, w.lines.map((l) => l.key)])).toEqual([
      ["本周 11月30日–12月6日", 0, ["20261204-j02", "20261204-j01"]],
      ["下周 12月7日–12月13日", 1, ["20261211-j01"]],
      ["12月28日–2027年1月3日", 0, ["j01/2027-01-01"]],
    ]);
  });
  it("filters by place and by what lacks", () => {
    expect(weeksOf(plan, { place: "", lacking: true }, today, now).flatMap((w) => w.lines.map((l) => l.key))).toEqual([b.id]);
    expect(weeksOf(plan, { place: "room:r1", lacking: false }, today, now).flatMap((w) => w.lines.map((l) => l.key))).toEqual([c.id]);
    expect(weeksOf(plan, { place: "station", lacking: false }, today, now).flatMap((w) => w.lines.map((l) => l.key))).toEqual([a.id, b.id, "j01/2027-01-01"]);
    expect(placesOf([a, b, c])).toEqual([{ value: "station", label: "本站" }, { value: "room:r1", label: "渡口议事室" }].sort((x, y) => x.label.localeCompare(y.label, "zh")));
  });
});

describe("filling", () => {
  const d = day({ roster: [seat("m1"), seat("m2", "out")], revision: 3 });
  const p = { day: d, adds: [seat("m3")], wanting: 0, short: 1, sectors: ["法律"], expertise: [] };
  it("keeps who sits and leaves out who cannot come", () => {
    expect(sitting(d)).toEqual(["m1"]);
    expect(accepted([p], new Set([d.id]))).toEqual([{ day: d, members: ["m1", "m3"] }]);
    expect(accepted([p], new Set())).toEqual([]);
    expect(stillLacks(p).map((l) => l.text)).toEqual(["还缺 1 人", "还缺“法律”界别"]);
  });
  it("puts back what nobody has changed since", () => {
    const put = accepted([p], new Set([d.id]));
    const then = day({ roster: [seat("m3"), seat("m1")], revision: 4 });
    expect(former(put, new Map([[d.id, then]]))).toEqual([[{ day: then, members: ["m1"] }], []]);
    expect(former(put, new Map([[d.id, day({ roster: [seat("m3")] })]]))).toEqual([[], ["2026-12-04"]]);
  });
  it("says what a target asks of a month", () => {
    expect(monthWords({ month: "2026-12", days: 4, each: 13, possible: 200, wanted: 50 })).toBe("50 位委员、每月各 1 次：12月有 4 天，每天要 13 人");
    expect(monthWords({ month: "2026-12", days: 4, each: 13, possible: 8, wanted: 50 })).toContain("只坐得下 8 人次");
  });
});

describe("a rule in words", () => {
  const rule: Schemas["RosterReception"] = {
    id: "j01", name: "周五接待", room: "", place: "", repeat: "每周五", holidays: "skip", from: "09:00", to: "12:00", min: 2, max: 0, sectors: [], expertise: [],
    seats: 3, slot: 30, walk_ins: 0, publish: 0, lock: 0, valid_from: "", valid_to: "",
  };
  it.each([
    [{}, "每周五 09:00–12:00 · 至少 2 人 · 每段 30 分钟 3 个名额 · 节假日停 · 提前 7 天公布"],
    [{ min: 0, max: 3, seats: 0, holidays: "move" as const, publish: 14 }, "每周五 09:00–12:00 · 1 至 3 人 · 不用预约，直接来 · 遇节假日顺延 · 提前 14 天公布"],
    [{ sectors: ["法律"], walk_ins: 1, valid_to: "2026-12-31" }, "每周五 09:00–12:00 · 至少 2 人 · 要有界别 法律 · 每段 30 分钟 3 个名额（留 1 个给现场） · 节假日停 · 提前 7 天公布 · 12月31日止"],
  ])("%j", (change, want) => expect(ruleWords({ ...rule, ...change }, now)).toBe(want));
});

describe("the desk of the hour", () => {
  const party = (id: string, change: Partial<Party> = {}): Party => ({
    id, number: id.toUpperCase(), slot: "09:00", state: "booked", walk_in: false, persons: 1, name: "", words: "", needs: [], by_staff: false, ...change,
  });
  const hour: Hour = {
    day: day({ state: "published" }), parties: [party("a001", { name: "王大爷", words: "低保", phone_tail: "0001" }), party("a002", { state: "arrived", persons: 2 })],
    queue: ["a002"], slots: [], figures: { booked: 2, walk_ins: 0, received: 0, missed: 0, person_times: 0, answered: 0, filed: 0, referred: 0 },
  };
  const entry = (at: number, act: Entry["act"], change: Partial<Entry> = {}): Entry => ({ key: `k${at}`, of: "l1", day: hour.day.id, at, act, ...change });

  it("shows what is not sent yet as it will be", () => {
    const lines = linesOf(hour, [
      entry(1, { what: "arrive", party: "a001" }),
      entry(2, { what: "receive", party: "a002", body: { outcome: "referred", to: "派出所", persons: 3 } }),
      entry(3, { what: "enter", body: { walk_in: true, persons: 1, name: "李", phone: "13800138000" } }),
      entry(4, { what: "enter", body: { persons: 1 } }, { day: "other" }),
    ]);
    expect(lines.map((l) => [l.number, l.state, l.pending])).toEqual([["A001", "arrived", true], ["A002", "received", true], ["", "arrived", true]]);
    expect([outcomeWords(lines[1] as Line), lines[2]?.phone_tail]).toEqual(["转到派出所", "8000"]);
    expect(figuresOf(lines)).toMatchObject({ all: 3, here: 2, received: 1, personTimes: 3, walkIns: 1, coming: 0 });
    expect(queueOf(hour, lines).map((l) => l.id)).toEqual(["a001", "k3"]);
  });
  it("leaves a party as it is whose act was refused, and says why", () => {
    const [l] = linesOf(hour, [entry(1, { what: "arrive", party: "a001" }, { refused: "预约的不是今天" })]);
    expect(l).toMatchObject({ state: "booked", refused: "预约的不是今天", entry: "k1" });
  });
  it("takes several acts in their order", () => {
    const [, l] = linesOf(hour, [entry(1, { what: "receive", party: "a002", body: { outcome: "answered" } }), entry(2, { what: "unreceive", party: "a002" })]);
    expect(l).toMatchObject({ state: "arrived", outcome: undefined });
  });
  it("finds by number, name, words and the end of the phone", () => {
    const l = hour.parties[0] as Line;
    expect(["a001", "王", "低保", "0001", "Ａ００１", ""].map((t) => matches(l, t))).toEqual([true, true, true, true, true, true]);
    expect(matches(l, "李")).toBe(false);
  });
  it("offers the first slot that is free", () => {
    const slot = (from: string, left: number, over = false): Schemas["OpenSlot"] => ({ from, to: "", left, waiting: 0, over });
    expect(firstFree([slot("09:00", 2, true), slot("09:30", 0), slot("10:00", 1)])).toBe("10:00");
    expect(firstFree([])).toBe("");
  });
});
