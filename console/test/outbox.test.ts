import { beforeEach, describe, expect, it } from "vitest";
import { Problem } from "@/api/client";
import { dropEntries, dropForeignEntries, hasEntry, readEntries, removeEntry, writeEntry } from "@/base/outboxStore";
import { isPassing } from "@/state/outbox";

const entry = (key: string, of: string, at: number) => ({ key, of, at });

describe("what waits to be sent", () => {
  beforeEach(() => localStorage.clear());

  it("is read in the order in which it was made, by its owner alone", () => {
    writeEntry(entry("b", "l1", 2));
    writeEntry(entry("a", "l1", 1));
    writeEntry(entry("c", "l2", 3));
    expect(readEntries("l1").map((e) => e.key)).toEqual(["a", "b"]);
    removeEntry("a");
    expect([hasEntry("a"), hasEntry("b")]).toEqual([false, true]);
  });
  it("takes the place of an earlier one with its key", () => {
    writeEntry({ ...entry("a", "l1", 1), refused: "满了" } as never);
    writeEntry(entry("a", "l1", 2));
    expect(readEntries("l1")).toEqual([entry("a", "l1", 2)]);
  });
  it("goes with the sign-out, and with another account, and touches nothing else", () => {
    localStorage.setItem("other", "1");
    writeEntry(entry("a", "l1", 1));
    writeEntry(entry("b", "l2", 1));
    localStorage.setItem("mashang.outbox.broken", "{");
    dropForeignEntries("l2");
    expect(Object.keys(localStorage).sort()).toEqual(["mashang.outbox.b", "other"]);
    dropEntries();
    expect(Object.keys(localStorage)).toEqual(["other"]);
  });
  it.each([[0, true], [401, true], [429, true], [503, true], [409, false], [422, false], [404, false]])("status %d: tried again is %s", (status, want) =>
    expect(isPassing(new Problem(status, {}))).toBe(want));
});
