import { computed, ref, watch } from "vue";
import { api, Problem, unwrap, type Schemas } from "@/api/client";
import { newKey } from "@/base/key";
import { concernsEntries, hasEntry, readEntries, removeEntry, writeEntry, type Kept } from "@/base/outboxStore";
import { account, ended, me } from "./session";

// What is entered at the desk of a reception is kept until the server has it, and sent
// again by itself. It arrives once, however often it is sent.

/** What can be sent later. */
export type Act =
  | { what: "enter"; body: Schemas["NewParty"] }
  | { what: "arrive"; party: string }
  | { what: "receive"; party: string; body: Schemas["PartyResult"] }
  | { what: "unarrive"; party: string; body: Schemas["PartySlip"] }
  | { what: "unreceive"; party: string };

export interface Entry extends Kept {
  day: string;
  act: Act;
  /** The server's words, if it refused the entry. It stays until somebody mends or drops it. */
  refused?: string;
}

export type Hour = Schemas["ReceptionHour"];

/** What became of an entry soon after it was made. */
export type Fate = { sent: Hour } | { refused: string } | { later: true };

/** The pause before the next try, and how long a request may take, in milliseconds. */
const retryPause = 4_000;
const longest = 15_000;

const entries = ref<Entry[]>([]);
const refresh = (): void => void (entries.value = readEntries<Entry>(account(me.value)));
addEventListener("storage", (e) => concernsEntries(e) && refresh());
watch(me, refresh, { flush: "sync" });

/** All that is not with the server yet, in the order in which it was made. */
export const outbox = computed(() => entries.value);

/** Reports whether a later try can succeed without a change of the entry. */
export function isPassing(e: unknown): boolean {
  return !(e instanceof Problem) || [0, 401, 429].includes(e.status) || e.status >= 500;
}

function send(e: Entry): Promise<Hour> {
  const { day, act } = e;
  const signal = AbortSignal.timeout(longest);
  switch (act.what) {
    case "enter":
      return unwrap(api.POST("/api/v1/reception/days/{day}/parties", { params: { path: { day }, header: { "Idempotency-Key": e.key } }, body: act.body, signal }));
    case "arrive":
      return unwrap(api.POST("/api/v1/reception/days/{day}/parties/{party}/arrive", { params: { path: { day, party: act.party } }, signal }));
    case "receive":
      return unwrap(api.POST("/api/v1/reception/days/{day}/parties/{party}/receive", { params: { path: { day, party: act.party } }, body: act.body, signal }));
    case "unarrive":
      return unwrap(api.POST("/api/v1/reception/days/{day}/parties/{party}/unarrive", { params: { path: { day, party: act.party } }, body: act.body, signal }));
    case "unreceive":
      return unwrap(api.POST("/api/v1/reception/days/{day}/parties/{party}/unreceive", { params: { path: { day, party: act.party } }, signal }));
  }
}

const listeners = new Set<(hour: Hour) => void>();

/** Calls the listener with each answer, until the returned function is called. */
export function onSent(listener: (hour: Hour) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Who waits for the fate of an entry.
const waiting = new Map<string, (fate: Fate) => void>();
function tell(key: string, fate: Fate): void {
  waiting.get(key)?.(fate);
  waiting.delete(key);
}

let sending = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const next = (): Entry | undefined => readEntries<Entry>(account(me.value)).find((e) => !e.refused);

/** Sends what is kept, in its order, until one cannot be sent now. */
export async function sendOutbox(): Promise<void> {
  clearTimeout(timer);
  if (sending || ended.value || !me.value) return;
  sending = true;
  try {
    for (let e = next(); e; e = next()) {
      try {
        const hour = await send(e);
        removeEntry(e.key);
        refresh();
        for (const call of listeners) call(hour);
        tell(e.key, { sent: hour });
      } catch (err) {
        if (isPassing(err)) {
          for (const key of [...waiting.keys()]) tell(key, { later: true });
          timer = setTimeout(sendOutbox, retryPause);
          return;
        }
        const refused = wordsOf(err);
        // A sign-out meanwhile has dropped the entry.
        if (hasEntry(e.key)) writeEntry({ ...e, refused } as Entry);
        refresh();
        tell(e.key, { refused });
      }
    }
  } finally {
    sending = false;
  }
}

function wordsOf(e: unknown): string {
  const fields = e instanceof Problem ? Object.values(e.fields) : [];
  return fields.length ? fields.join("；") : (e as Error).message;
}

let last = 0;

/**
 * Keeps an act and sends it. key is that of an entry that is mended. It returns what
 * became of it at once; what cannot be sent now is sent later.
 */
export function keep(day: string, act: Act, key = newKey()): Promise<Fate> {
  last = Math.max(Date.now(), last + 1);
  const entry: Entry = { key, of: account(me.value), day, at: last, act };
  writeEntry(entry);
  refresh();
  const fate = new Promise<Fate>((done) => waiting.set(key, done));
  // A request that hangs, or one before it, holds nobody up.
  setTimeout(() => tell(key, { later: true }), retryPause);
  void sendOutbox();
  return fate;
}

/** Drops an entry that somebody does not want any more. */
export function dropEntry(key: string): void {
  removeEntry(key);
  refresh();
}

/** Goes on with what was kept when the page was left. */
export function resumeOutbox(): void {
  refresh();
  void sendOutbox();
}
addEventListener("online", () => void sendOutbox());
watch(ended, (is) => !is && void sendOutbox());
