import { describe, expect, it } from "vitest";
import { addDays, dayOf, daysIn, pointName, pointRange, presetRange, stepFor } from "@/pages/figures/range";

const at = (text: string): Date => new Date(text);

describe("spans of the Beijing calendar", () => {
  it("is already tomorrow in Beijing when it is evening in Greenwich", () => {
    expect(dayOf(at("2026-04-30T16:00:00Z"))).toBe("2026-05-01");
    expect(dayOf(at("2026-04-30T15:59:59Z"))).toBe("2026-04-30");
  });

  it("begins weeks on Monday, months and years on their first", () => {
    const sunday = at("2026-07-26T10:00:00+08:00");
    expect(presetRange("week", sunday)).toEqual({ from: "2026-07-20", to: "2026-07-26" });
    expect(presetRange("week", at("2026-07-27T00:00:00+08:00"))).toEqual({ from: "2026-07-27", to: "2026-07-27" });
    expect(presetRange("month", sunday)).toEqual({ from: "2026-07-01", to: "2026-07-26" });
    expect(presetRange("year", at("2026-01-01T00:30:00+08:00"))).toEqual({ from: "2026-01-01", to: "2026-01-01" });
  });

  it("counts days over leap days and years", () => {
    expect(daysIn({ from: "2028-02-28", to: "2028-03-01" })).toBe(3);
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  });

  it("chooses the step by the length", () => {
    expect(stepFor({ from: "2026-07-01", to: "2026-07-31" })).toBe("day");
    expect(stepFor({ from: "2026-03-01", to: "2026-07-31" })).toBe("week");
    expect(stepFor({ from: "2026-01-01", to: "2026-12-31" })).toBe("month");
  });

  it("turns a point into the days it has", () => {
    expect(pointRange({ from: "2026-07-01T00:00:00+08:00", to: "2026-08-01T00:00:00+08:00" })).toEqual({ from: "2026-07-01", to: "2026-07-31" });
    expect(pointName("2026-07-06T00:00:00+08:00", "week")).toBe("7月6日起");
    expect(pointName("2026-07-06T00:00:00+08:00", "month")).toBe("2026年7月");
    expect(pointName("2026-07-06T00:00:00+08:00", "day")).toBe("7月6日");
  });
});
