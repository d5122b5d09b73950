import { describe, expect, it } from "vitest";
import { laterToday } from "@/pages/now/later";

const names = (at: string): string[] => laterToday(new Date(at)).map((l) => l.name);

describe("later today", () => {
  it("offers what is still to come, an hour ahead at least", () => {
    expect(names("2026-12-01T08:00:00+08:00")).toEqual(["1 小时后", "下午两点", "下班前（16:30）", "明天再看"]);
    expect(names("2026-12-01T13:01:00+08:00")).toEqual(["1 小时后", "下班前（16:30）", "明天再看"]);
    expect(names("2026-12-01T16:00:00+08:00")).toEqual(["1 小时后", "明天再看"]);
    expect(names("2026-12-01T23:30:00+08:00")).toEqual(["明天再看"]);
  });
  it("counts the day in the station's zone", () => {
    const [, , , tomorrow] = laterToday(new Date("2026-12-01T00:10:00Z"));
    expect(tomorrow?.until.toISOString()).toBe("2026-12-01T16:00:00.000Z");
  });
});
