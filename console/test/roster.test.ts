import { describe, expect, it } from "vitest";
import { daysOf, nextId, turnsOf, when } from "@/pages/people/roster";

const slot = (weekday: number, change: object = {}) => ({
  id: `t${weekday}`, member: "m01", room: "", place: "", weekday, date: "", from: "08:30", to: "12:00", surge: false, ...change,
});

describe("the roster in words", () => {
  it.each([
    [[1, 2, 3, 4, 5, 6, 7], "每天"],
    [[5, 1, 2, 3, 4], "周一至周五"],
    [[6, 3], "周三、周六"],
    [[2, 3], "周二、周三"],
    [[5], "周五"],
  ])("%j are %s", (days, want) => expect(daysOf(days)).toBe(want));

  it("puts together what differs by the weekday alone", () => {
    const turns = turnsOf([slot(1), slot(2), slot(3), slot(3, { place: "p1" }), slot(0, { date: "2026-05-01" })]);
    expect(turns.map((t) => `${t.days} ${t.hours} ${t.slot.place}`.trim())).toEqual(["周一至周三 08:30–12:00", "周三 08:30–12:00 p1", "2026-05-01 08:30–12:00"]);
    expect(when(slot(5))).toBe("周五 08:30–12:00");
  });

  it.each([
    [["m01", "m07"], "m", "m08"],
    [["m9"], "m", "m10"],
    [["r1", "r2", "x7"], "r", "r3"],
    [[], "p", "p01"],
    [["s099"], "s", "s100"],
  ])("after %j comes %s", (ids, prefix, want) => expect(nextId(ids, prefix)).toBe(want));
});
