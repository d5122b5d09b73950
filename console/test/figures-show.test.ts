import { describe, expect, it } from "vitest";
import { byShare, durationText, compareRates, compareNumbers, percent } from "@/pages/figures/show";

describe("figures in words", () => {
  it("has no rate of none", () => {
    expect(percent({ yes: 0, of: 0 })).toBe("–");
    expect(percent({ yes: 1, of: 1 })).toBe("100%");
    expect(percent({ yes: 106, of: 109 })).toBe("97.2%");
  });

  it("compares points of rates and shares of numbers", () => {
    expect(compareRates({ yes: 9, of: 10 }, { yes: 8, of: 10 })).toBe("↑ 比上期高 10 个百分点");
    expect(compareRates({ yes: 8, of: 10 }, { yes: 9, of: 10 })).toBe("↓ 比上期低 10 个百分点");
    expect(compareRates({ yes: 1, of: 1 }, { yes: 2, of: 2 })).toBe("与上期持平");
    expect(compareRates({ yes: 1, of: 1 }, { yes: 0, of: 0 })).toBe("");
    expect(compareNumbers(12, 10)).toBe("↑ 比上期多 20%（上期 10）");
    expect(compareNumbers(5, 10)).toBe("↓ 比上期少 50%（上期 10）");
    expect(compareNumbers(5, 0)).toBe("");
  });

  it("says times in the unit that fits", () => {
    expect(durationText({ minutes: 0, of: 0 })).toBe("–");
    expect(durationText({ minutes: 45, of: 3 })).toBe("45 分钟");
    expect(durationText({ minutes: 390, of: 3 })).toBe("6.5 小时");
    expect(durationText({ minutes: 4320, of: 3 })).toBe("3 天");
  });

  it("sorts what has no rate below what has none reached", () => {
    const list = [{ yes: 0, of: 0 }, { yes: 1, of: 2 }, { yes: 0, of: 5 }];
    expect([...list].sort(byShare)).toEqual([{ yes: 0, of: 0 }, { yes: 0, of: 5 }, { yes: 1, of: 2 }]);
  });
});
