import { describe, expect, it } from "vitest";
import { dayName, months, dateForKey, describeDay, type Day } from "@/pages/routing/calendar";

const year = (y: number): Day[] =>
  Array.from({ length: y % 4 ? 365 : 366 }, (_, i) => ({ date: new Date(Date.UTC(y, 0, 1 + i)).toISOString().slice(0, 10), kind: "work", work: true }));

describe("a year of days", () => {
  it("has twelve months that begin under their weekday", () => {
    const list = months(year(2026));
    expect(list.map((m) => m.days.length)).toEqual([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    expect(list.map((m) => m.before).slice(0, 6)).toEqual([3, 6, 6, 2, 4, 0]); // 2026-01-01 is a Thursday, 2026-06-01 a Monday
    expect(months(year(2028))[1]?.days).toHaveLength(29);
  });
  it.each([
    ["ArrowLeft", "2026-03-01", "2026-02-28"], ["ArrowDown", "2026-12-28", "2027-01-04"], ["Home", "2026-07-22", "2026-07-20"], ["Home", "2026-07-20", "2026-07-20"],
    ["End", "2026-07-22", "2026-07-26"], ["End", "2026-07-26", "2026-07-26"], ["PageUp", "2026-03-31", "2026-02-28"], ["PageDown", "2026-12-31", "2027-01-31"], ["a", "2026-07-22", ""],
  ])("%s leads from %s to %s", (key, from, to) => expect(dateForKey(from, key)).toBe(to));
  it("says what a day is", () => {
    expect(dayName("2026-07-22")).toBe("7月22日 周三");
    expect(describeDay({ date: "2026-02-14", kind: "make_up", work: true, name: "春节" })).toBe("上班（调休上班，春节）");
    expect(describeDay({ date: "2026-02-14", kind: "make_up", work: false, own: { work: false, name: "照休" } })).toBe("休息（本站：照休）");
  });
});
