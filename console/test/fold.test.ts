import { describe, expect, it } from "vitest";
import { finds } from "@/base/fold";

describe("finds", () => {
  it("finds what is written in another way", () => {
    for (const q of ["阿依努尔•买买提", "阿依努尔买买提", "阿依努尔 · 买买提", "Ａ区", "\u200ba区", "cafe\u0301", "", " \u3164 "]) {
      expect(finds(q, "阿依努尔·买买提", "A区", "café"), q).toBe(true);
    }
  });
  it("finds nothing else", () => {
    for (const q of ["买买", "b区 阿依"]) expect(finds(q, "阿依努尔", "A区"), q).toBe(false);
  });
});
