import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Viewer, type News, Stream } from "../src/state/stream";
import { Locks } from "./locks";

// A browser with several tabs: its locks and channels do what Web Locks and
// BroadcastChannel promise, and each stream that is opened is kept.

class Source extends EventTarget {
  static CLOSED = 2;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly address: string) {
    super();
  }
  close(): void {
    this.readyState = 2;
  }
  tell(what: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(what, { data: JSON.stringify(data) }));
  }
  refuse(): void {
    this.readyState = 2;
    this.onerror?.();
  }
}

let locks: Locks;
let sources: Source[];
let channels: Map<string, Set<BroadcastChannel>>;
let stands: boolean;

function channel(name: string): BroadcastChannel {
  const all = channels.get(name) ?? new Set();
  channels.set(name, all);
  const one = {
    onmessage: null as ((e: MessageEvent) => void) | null,
    postMessage: (data: unknown) => {
      if (!all.has(one as unknown as BroadcastChannel)) throw new DOMException("closed", "InvalidStateError");
      const copy = structuredClone(data);
      for (const other of all) if (other !== (one as unknown)) queueMicrotask(() => all.has(other) && (other.onmessage as (e: unknown) => void)?.({ data: copy }));
    },
    close: () => all.delete(one as unknown as BroadcastChannel),
  };
  all.add(one as unknown as BroadcastChannel);
  return one as unknown as BroadcastChannel;
}

function tab(name: string, account = "l01", alone = false) {
  const heard = { news: [] as News[], looking: [] as Viewer[], live: false, ended: 0 };
  const stream = new Stream(
    account,
    {
      news: (n) => heard.news.push(n),
      viewers: (l) => (heard.looking = l),
      live: (is) => (heard.live = is),
      ended: () => (heard.ended += 1),
      isSessionValid: () => Promise.resolve(stands),
    },
    {
      ...(alone ? {} : { locks: locks.of(name) }),
      channel,
      source: (address) => {
        const s = new Source(address);
        sources.push(s);
        return s as unknown as EventSource;
      },
    },
  );
  stream.want(true);
  return { name, stream, heard };
}

const open = (): Source[] => sources.filter((s) => s.readyState !== 2);
const asked = (s: Source): URLSearchParams => new URL(s.address, "http://here").searchParams;
const settled = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));
const some = (place: string, ...ids: string[]): News => ({ ids, gap: false, place });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
  [locks, sources, channels, stands] = [new Locks(), [], new Map(), true];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("eight tabs have one stream, and each hears of a change once", async () => {
  const tabs = [...Array(8).keys()].map((i) => tab(`t${i}`));
  await settled();
  expect(open()).toHaveLength(1);
  open()[0]!.onopen!();
  open()[0]!.tell("changed", some("7", "m1"));
  open()[0]!.tell("looking", { items: [{ submission: "m1", id: "l02", name: "林秀", self: false }] });
  await settled();
  open()[0]!.tell("changed", some("8", "m2"));
  await settled();
  for (const t of tabs) {
    // What was read before the first stream began may be old by then.
    expect(t.heard.news).toEqual([{ ...some("7", "m1"), gap: true }, some("8", "m2")]);
    expect(t.heard.looking).toHaveLength(1);
    expect(t.heard.live).toBe(true);
  }
  // A later tab learns the present state, but not the past news.
  const late = tab("late");
  await settled();
  expect(late.heard).toMatchObject({ news: [], live: true });
  expect(late.heard.looking).toHaveLength(1);
});

test("when the tab that reads is closed, crashes or is hidden, another reads on from there", async () => {
  const [a, b, c] = [tab("a"), tab("b"), tab("c")];
  await settled();
  open()[0]!.tell("changed", some("7", "m1"));
  await settled();

  const first = open()[0]!;
  a.stream.end();
  await settled();
  expect(first.readyState).toBe(2);
  expect(open()).toHaveLength(1);
  expect(asked(open()[0]!).get("after")).toBe("7");

  const before = open();
  locks.crash("b"); // and takes its connection along
  before[0]!.close();
  await settled();
  expect(open()).toHaveLength(1);
  expect(c.stream.leads).toBe(true);

  const d = tab("d");
  c.stream.want(false);
  await settled();
  expect(d.stream.leads).toBe(true);
  expect(open()).toHaveLength(1);
  // A hidden tab still hears what a seen one reads.
  open()[0]!.tell("changed", some("9", "m2"));
  await settled();
  expect(c.heard.news.at(-1)).toEqual(some("9", "m2"));
  expect(b.heard.news.at(-1)).toEqual(some("9", "m2"));
});

test("no stream is open while all tabs are hidden, and who comes back hears what changed since", async () => {
  const [a, b] = [tab("a"), tab("b")];
  await settled();
  open()[0]!.tell("changed", some("7"));
  await settled();
  a.stream.want(false);
  b.stream.want(false);
  await settled();
  expect(open()).toHaveLength(0);
  b.stream.want(true);
  await settled();
  expect(asked(open()[0]!).get("after")).toBe("7");
  open()[0]!.tell("changed", { ids: [], gap: true, place: "99" });
  await settled();
  expect(a.heard.news.at(-1)?.gap).toBe(true);
});

test("what one account hears is told to no tab of another", async () => {
  const [a, b] = [tab("a", "l01"), tab("b", "l02")];
  await settled();
  expect(open().map((s) => asked(s).get("as"))).toEqual(["l01", "l02"]);
  open()[0]!.tell("changed", some("7", "m1"));
  await settled();
  expect(a.heard.news).toHaveLength(1);
  expect(b.heard.news).toEqual([]);
});

test("the stream says which matters all tabs have open, until each has left", async () => {
  const [a, b] = [tab("a"), tab("b")];
  const matters = (): string | null => asked(open()[0]!).get("matter");
  await settled();
  expect(matters()).toBeNull();
  b.stream.look("m2");
  await settled();
  expect(open()).toHaveLength(1);
  expect(matters()).toBe("m2");
  a.stream.look("m1");
  await settled();
  expect(matters()).toBe("m1,m2");
  b.stream.look("m3");
  await settled();
  expect(matters()).toBe("m1,m3");
  locks.crash("b");
  await settled();
  expect(matters()).toBe("m1");
  a.stream.look("");
  await settled();
  expect(matters()).toBeNull();
  expect(open()).toHaveLength(1);
});

test("the end of the session ends it for all tabs", async () => {
  const [a, b] = [tab("a"), tab("b")];
  await settled();
  open()[0]!.tell("ended", {});
  await settled();
  expect([a.heard.ended, b.heard.ended]).toEqual([1, 1]);
  expect(open()).toHaveLength(0);

  const [c, d] = [tab("c", "l03"), tab("d", "l03")];
  await settled();
  stands = false;
  open()[0]!.refuse();
  await settled();
  expect([c.heard.ended, d.heard.ended]).toEqual([1, 1]);
});

test("a stream that is refused is asked for again, ever more slowly", async () => {
  const a = tab("a");
  await settled();
  for (const pause of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
    open()[0]!.refuse();
    await settled();
    expect(a.heard.live).toBe(false);
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(open()).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(open()).toHaveLength(1);
  }
  open()[0]!.onopen!();
  expect(a.heard.live).toBe(true);
  open()[0]!.refuse();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(open()).toHaveLength(1);
  open()[0]!.refuse();
  await settled();
  a.stream.end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open()).toHaveLength(0);
});

test("without locks each tab reads its own", async () => {
  const [a, b] = [tab("a", "l01", true), tab("b", "l01", true)];
  await settled();
  expect(open()).toHaveLength(2);
  a.stream.look("m1");
  await settled();
  expect(open().map((s) => asked(s).get("matter"))).toEqual([null, "m1"]);
  open()[0]!.tell("changed", some("7", "m1"));
  await settled();
  expect(a.heard.news.length + b.heard.news.length).toBe(1);
  a.stream.want(false);
  b.stream.want(false);
  expect(open()).toHaveLength(0);
});
