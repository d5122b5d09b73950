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

describe("readings that meet", () => {
  /** A list of five rows whose answers come when the test lets them. */
  function slow() {
    const waiting: (() => void)[] = [];
    let words = "old";
    const list = useList<Row>(async (cursor) => {
      await new Promise<void>((done) => waiting.push(done));
      const from = Number(cursor || 0);
      return { items: ["a", "b", "c", "d", "e"].slice(from, from + 2).map((id) => ({ id, words })), next_cursor: from + 2 < 5 ? String(from + 2) : "" };
    });
    return {
      list,
      change: (w: string) => (words = w),
      /** Answers questions until the reading is done. */
      async until(done: Promise<void>): Promise<void> {
        let over = false;
        void done.then(() => (over = true));
        while (!over) {
          waiting.shift()?.();
          await Promise.resolve();
        }
      },
    };
  }

  it("keeps the refresh that is wanted while more is read", async () => {
    const { list, change, until } = slow();
    await until(list.more());
    const more = list.more();
    change("new");
    const refreshed = list.refresh();
    await until(more);
    await until(refreshed);
    expect(list.items.value).toEqual(["a", "b", "c", "d"].map((id) => ({ id, words: "new" })));
    expect(list.loading.value).toBe(false);
  });

  it("keeps a refresh when more is wanted meanwhile", async () => {
    const { list, change, until } = slow();
    await until(list.more());
    change("new");
    const refreshed = list.refresh();
    const more = list.more();
    await until(refreshed);
    await until(more);
    expect(list.items.value).toEqual(["a", "b", "c", "d"].map((id) => ({ id, words: "new" })));
  });

  it("drops what an earlier list still gets", async () => {
    const { list, change, until } = slow();
    const first = list.more();
    change("new");
    const again = list.again();
    await until(again);
    await until(first);
    expect(list.items.value).toEqual(["a", "b"].map((id) => ({ id, words: "new" })));
  });

  it("shows nothing of the former user's to somebody else who logs in", async () => {
    const { session } = await import("@/state/session");
    const { nextTick } = await import("vue");
    session.user = { id: "u1", role: "member" } as never;
    const { list, until } = slow();
    await until(list.more());
    const late = list.refresh();
    session.user = { id: "u2", role: "member" } as never;
    await nextTick();
    expect(list.items.value).toEqual([]);
    await until(late);
    expect(list.items.value).toEqual([]);
    session.user = undefined;
  });

  it("shows a failure until an answer comes, and does not flash in between", async () => {
    let broken = true;
    const shown: string[] = [];
    const list = useList<Row>(() => {
      shown.push(`${list.loading.value} ${list.problem.value !== undefined}`);
      return broken ? Promise.reject(new Error("gone")) : Promise.resolve({ items: [{ id: "a" }], next_cursor: "" });
    });
    await list.refresh();
    await list.refresh();
    broken = false;
    await list.refresh();
    expect(shown).toEqual(["true false", "false true", "false true"]);
    expect(list.problem.value).toBeUndefined();
    expect(list.items.value).toEqual([{ id: "a" }]);
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

  it("begins by the server's clock, is kept at once, and is each user's own", async () => {
    vi.resetModules();
    const { syncClock } = await import("@/state/clock");
    const { session } = await import("@/state/session");
    const { isUnseen, markSeen } = await import("@/state/seen");
    const server = Date.parse("2030-01-01T00:00:00Z"); // the phone's clock is years behind
    syncClock(new Date(server).toUTCString());
    session.user = { id: "u1", role: "visitor" } as never;
    expect(isUnseen(row("before", 1, server - 60_000))).toBe(false);
    expect(isUnseen(row("after", 1, server + 60_000))).toBe(true);
    expect(JSON.parse(String(storage.get("mashang.seen.u1")))).toMatchObject({ versions: {} });
    markSeen({ id: "after", version: 1 });
    expect(isUnseen(row("after", 1, server + 60_000))).toBe(false);
    session.user = { id: "u2", role: "visitor" } as never;
    expect(isUnseen(row("after", 1, server + 60_000))).toBe(true);
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
