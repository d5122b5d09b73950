import { describe, expect, it } from "vitest";
import { commonDays, weekday } from "@/base/remind";

describe("the days on which one is reminded", () => {
  it("are the rest of the week and the next Monday, in the station's zone", () => {
    // Tuesday evening in UTC is Wednesday in the station.
    expect(commonDays(new Date("2026-12-01T17:00:00Z"))).toEqual([
      { name: "明天", day: "2026-12-03" }, { name: "周五", day: "2026-12-04" }, { name: "下周一", day: "2026-12-07" }, { name: "两周后", day: "2026-12-16" },
    ]);
  });
  it("begin with Monday before a weekend", () => {
    expect(commonDays(new Date("2026-12-04T04:00:00Z")).map((d) => d.name)).toEqual(["明天", "下周一", "两周后"]);
  });
  it("have their name", () => expect(weekday("2026-12-03")).toBe("周四"));
});
