import { beforeEach, describe, expect, it, vi } from "vitest";

const storage = new Map<string, unknown>();
vi.stubGlobal("uni", {
  getStorageSync: (k: string) => storage.get(k) ?? "",
  setStorageSync: (k: string, v: unknown) => storage.set(k, v),
  removeStorageSync: (k: string) => storage.delete(k),
});
beforeEach(() => storage.clear());

const { cardActs, ownAssist, badges } = await import("@/logic/matter");
const { countOf, narrows, views } = await import("@/logic/inbox");
const { useList } = await import("@/logic/list");

interface Row {
  id: string;
  words?: string;
}

/** Serves a list in pages of two. */
function serve(rows: () => Row[]) {
  const asked: string[] = [];
  return {
    asked,
    read: async (cursor: string) => {
      asked.push(cursor);
      const from = Number(cursor || 0);
      return { items: rows().slice(from, from + 2), next_cursor: from + 2 < rows().length ? String(from + 2) : "" };
    },
  };
}

describe("a list that is read again", () => {
  it("keeps as much as was shown, and what is new stands in its place", async () => {
    let rows: Row[] = ["a", "b", "c", "d", "e"].map((id) => ({ id }));
    const { asked, read } = serve(() => rows);
    const list = useList<Row>(read);
    await list.more();
    await list.more();
    expect(list.items.value.map((x) => x.id)).toEqual(["a", "b", "c", "d"]);
    rows = [{ id: "n" }, { id: "a", words: "changed" }, { id: "c" }, { id: "d" }, { id: "e" }];
    asked.length = 0;
    await list.refresh();
    expect(list.items.value).toEqual([{ id: "n" }, { id: "a", words: "changed" }, { id: "c" }, { id: "d" }]);
    expect(asked).toEqual(["", "2"]);
    await list.more();
    expect(list.items.value.map((x) => x.id)).toEqual(["n", "a", "c", "d", "e"]);
    expect(list.end.value).toBe(true);
  });

  it("is never empty while it is read, and keeps its rows where that fails", async () => {
    const rows: Row[] = [{ id: "a" }];
    let broken = false;
    const list = useList<Row>(async () => {
      expect(list.items.value.length).toBe(broken ? 1 : 0);
      if (broken) throw new Error("gone");
      return { items: rows, next_cursor: "" };
    });
    await list.refresh(); // the first reading
    broken = true;
    await list.refresh();
    expect(list.items.value).toEqual([{ id: "a" }]);
    expect(list.problem.value).toBeDefined();
  });
});

describe("what was seen", () => {
  const row = (id: string, version: number, filed: number) => ({ id, version, filed_at: new Date(filed).toISOString() });

  it("is a version of a submission, and what was there before the phone kept any", async () => {
    vi.resetModules();
    const began = Date.now();
    const { isUnseen, markSeen } = await import("@/state/seen");
    expect(isUnseen(row("old", 7, began - 1000))).toBe(false);
    expect(isUnseen(row("new", 1, began + 1000))).toBe(true);
    markSeen({ id: "new", version: 1 });
    expect(isUnseen(row("new", 1, began + 1000))).toBe(false);
    expect(isUnseen(row("new", 2, began + 1000))).toBe(true);
    vi.resetModules();
    const later = await import("@/state/seen"); // the phone was closed meanwhile
    expect(later.isUnseen(row("new", 1, began + 1000))).toBe(false);
    expect(later.isUnseen(row("new", 2, began + 1000))).toBe(true);
  });

  it("takes no more of the phone than 500 need", async () => {
    vi.resetModules();
    const { markSeen } = await import("@/state/seen");
    for (let n = 0; n < 600; n++) markSeen({ id: `s${n}`, version: 1 });
    const kept = JSON.parse(String(storage.get("mashang.seen"))) as { versions: Record<string, number> };
    expect(Object.keys(kept.versions)).toHaveLength(500);
    expect(kept.versions.s599).toBe(1);
    expect(kept.versions.s99).toBeUndefined();
  });
});

describe("the inbox", () => {
  const submission = (s: object) => ({ state: "accepted", due_at: "2026-07-20T10:00:00Z", visitor: "resident", ...s }) as never;
  const now = Date.parse("2026-07-16T10:00:00Z");
  const asked = { assists: [{ id: 1, mine: true, state: "asked", due_at: "2026-07-15T10:00:00Z", task: "请核实" }] };

  it("has two acts on a card at most, each for who can do it", () => {
    expect(cardActs(submission({ state: "assigned" }), "member")).toEqual(["accept", "reply"]);
    expect(cardActs(submission({}), "member")).toEqual(["reply", "close"]);
    expect(cardActs(submission({ state: "waiting" }), "member")).toEqual([]);
    expect(cardActs(submission(asked), "member")).toEqual(["contribute"]);
    expect(cardActs(submission(asked), "department")).toEqual(["contribute"]);
    expect(cardActs(submission({}), "department")).toEqual([]);
    expect(cardActs(submission({ state: "pooled", emergency: { attended: false } }), "liaison")).toEqual(["attend", "assign"]);
    expect(cardActs(submission({ emergency: { attended: true } }), "liaison")).toEqual([]);
  });

  it("goes by the deadline of whoever looks", () => {
    expect(ownAssist(submission(asked))?.task).toBe("请核实");
    expect(badges(submission(asked), now)).toContain("late");
    expect(badges(submission({}), now)).not.toContain("late");
    // Somebody who assists is late although the matter's own clock stands still.
    expect(badges(submission({ ...asked, paused_at: "2026-07-14T10:00:00Z" }), now)).toContain("late");
  });

  it("counts what waits, for each role", () => {
    const n = { todo: 5, late: 1, assists: 2, assists_late: 1, alarms: 3, place: "1-0" };
    expect(views.member.map((v) => countOf(v, "member", n)?.all)).toEqual([5, 1, 2, undefined, undefined, undefined]);
    expect(views.department.map((v) => countOf(v, "department", n))).toEqual([{ all: 5, late: 1 }, undefined]);
    expect(views.liaison.map((v) => countOf(v, "liaison", n)?.all)).toEqual([3, 5]);
    expect(countOf("todo", "member", undefined)).toBeUndefined();
    expect(views.member.filter(narrows)).toEqual(["todo", "late", "answered", "owed", "closed"]);
  });
});
