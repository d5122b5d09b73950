import { describe, expect, it } from "vitest";
import { ago, day, due, moment } from "@/base/time";

const now = new Date("2026-05-11T10:00:00+08:00");

describe("times as the station lives them", () => {
  it.each([
    ["2026-05-11T17:30:00+08:00", "今天 17:30"],
    ["2026-05-10T23:59:00+08:00", "昨天 23:59"],
    ["2026-05-11T18:00:00Z", "明天 02:00"],
    ["2026-05-13T09:05:00+08:00", "5月13日 09:05"],
    ["2025-12-31T17:30:00+08:00", "2025年12月31日 17:30"],
  ])("%s is %s", (at, want) => expect(moment(at, now)).toBe(want));

  it.each([
    ["2026-05-09T10:00:00+08:00", "超期 2 天"],
    ["2026-05-11T09:15:00+08:00", "超期 45 分钟"],
    ["2026-05-11T12:00:00+08:00", "还有 2 小时"],
    ["2026-05-11T17:30:00+08:00", "今天 17:30前"],
  ])("due %s is %s", (at, want) => expect(due(at, now)).toBe(want));

  it("says how long ago", () => {
    expect(ago("2026-05-11T09:59:30+08:00", now)).toBe("刚刚");
    expect(ago("2026-05-11T09:20:00+08:00", now)).toBe("40 分钟前");
    expect(day("2026-05-09T10:00:00+08:00", now)).toBe("5月9日");
  });
});
