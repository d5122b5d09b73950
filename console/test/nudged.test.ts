import { beforeEach, describe, expect, it } from "vitest";
import { missedWords, nudgedWords } from "@/base/nudged";
import { keyOf, keepNote, readNote, written } from "@/pages/matter/noteDraft";

describe("a nudge", () => {
  it("names whom it did not reach", () => {
    expect(missedWords({ told: ["陈一"], recent: [], unbound: [] })).toBe("");
    expect(nudgedWords({ told: ["陈一"], recent: [], unbound: [] })).toBe("已催陈一");
    expect(nudgedWords({ told: ["陈一"], recent: ["李四"], unbound: ["司法所"] })).toBe("已催陈一；司法所还没有绑定微信，收不到，请打电话；李四刚催过，这次没有再催");
  });
});

describe("the draft of a note", () => {
  beforeEach(() => sessionStorage.clear());
  it("is sent again under the key of the same words alone", () => {
    const key = keyOf("a", "请看");
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(keyOf("a", "请看")).toBe(key);
    expect(keyOf("b", "请看")).not.toBe(key);
    expect(keyOf("a", "请看看")).not.toBe(key);
  });
  it("is another note once its words were cleared, though they are the same again", () => {
    const key = keyOf("a", "请看");
    keepNote("a", "请看");
    expect(keyOf("a", "请看")).toBe(key);
    keepNote("a", " ");
    expect(keyOf("a", "请看")).not.toBe(key);
  });
  it("keeps what was added while it was sent, and the drafts of other matters", () => {
    keepNote("a", "请看");
    keepNote("b", "别的");
    expect(written("a", "请看", "请看，还有一件")).toBe("，还有一件");
    expect(readNote("a")).toBe("，还有一件");
    expect(readNote("b")).toBe("别的");
    expect(written("a", "请看", "请看")).toBe("");
    expect(readNote("a")).toBe("");
  });
});
