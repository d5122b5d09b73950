import { describe, expect, it } from "vitest";
import { atWord, parts, withName } from "@/pages/matter/mention";

describe("naming a colleague in a note", () => {
  it("begins with an @ and ends with a blank or a mark", () => {
    expect(atWord("请@杨", 3)).toBe("杨");
    expect(atWord("请@", 2)).toBe("");
    expect(atWord("请@杨柳岸 看看", 8)).toBeNull();
    expect(atWord("请@杨，", 4)).toBeNull();
    expect(atWord("没有提到谁", 5)).toBeNull();
  });
  it("puts the name where it was typed", () => {
    expect(withName("请@杨看看", 3, "杨柳岸")).toEqual({ text: "请@杨柳岸 看看", caret: 6 });
    expect(withName("@", 1, "杨柳岸")).toEqual({ text: "@杨柳岸 ", caret: 5 });
  });
  it("shows the longest name that fits", () => {
    expect(parts("请@杨柳岸看看", ["杨柳", "杨柳岸"])).toEqual([{ text: "请", name: false }, { text: "@杨柳岸", name: true }, { text: "看看", name: false }]);
    expect(parts("发到a@b", ["杨柳"])).toEqual([{ text: "发到a@b", name: false }]);
  });
});
