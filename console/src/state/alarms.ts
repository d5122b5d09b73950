import { computed, onBeforeUnmount, onMounted, ref, watch } from "vue";
import { api, unwrap, type Schemas } from "@/api/client";
import { concernsMatters, useLive } from "./live";
import { soundAlarms } from "./alarmSound";
import { closeNotification, notify } from "./notification";
import { ended } from "./session";
import { tabLock } from "./tabLock";
import { setAlarmCount } from "./title";

export type Alarm = Schemas["Submission"];

/** At most one request in this time, in milliseconds: in a surge something changes all the time. */
const minPause = 1_000;
/** The pause after a failed request, in milliseconds. */
const retryPause = 5_000;

/** When the words were written that speak of the danger. */
export const sinceOf = (a: Alarm): string => a.emergency?.since ?? a.filed_at;

/** Those words. */
export const wordsOf = (a: Alarm): string => a.emergency?.words || "（语音，没有文字）";

/** The key of an alarm: the same submission may raise another one. */
const keyOf = (a: Alarm): string => `${a.id}@${sinceOf(a)}`;

const list = ref<Alarm[]>([]);
/** What was there when the page began to follow the alarms is no news. */
const told = ref<{ alarms: Alarm[]; first: boolean }>({ alarms: [], first: true });

/** The submissions with a danger that no liaison has taken, newest first. */
export const alarms = computed(() => list.value);
/** The alarms that arrived together, to be announced once; first: those that were there already. */
export const arrivedAlarms = computed(() => told.value);

/** Loads all of them. One that was withdrawn remains: that is no sign that somebody is safe. */
async function ask(): Promise<Alarm[]> {
  const all: Alarm[] = [];
  for (let cursor = ""; ; ) {
    const page = await unwrap(api.GET("/api/v1/station/alarms", { params: { query: { limit: 100, cursor } } }));
    all.push(...page.items);
    if (!page.next_cursor) return all.sort((a, b) => Date.parse(sinceOf(b)) - Date.parse(sinceOf(a)));
    cursor = page.next_cursor;
  }
}

function show(found: Alarm[], first: boolean): Alarm[] {
  const known = new Set(list.value.map(keyOf));
  const fresh = found.filter((a) => !known.has(keyOf(a)));
  list.value = found;
  if (fresh.length || found.length === 0) told.value = { alarms: fresh, first };
  setAlarmCount(found.length);
  return fresh;
}

let reload: () => void = () => undefined;

/** Loads the alarms again, as after one was taken. */
export function reloadAlarms(): void {
  reload();
}

// One tab of the browser shows the notification, whether or not it may sound.
const notifier = tabLock("mashang.console.alarmNotice", navigator.locks);

/** Follows the alarms while the component is mounted and the session lasts, also while the page is hidden. */
export function useAlarms(): void {
  let busy = false;
  let again = false;
  let stopped = false;
  let first = true;
  const isOver = (): boolean => stopped || ended.value;
  const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

  async function load(): Promise<void> {
    again = true;
    if (busy) return;
    busy = true;
    while (again && !isOver()) {
      again = false;
      try {
        const found = await ask();
        if (isOver()) break;
        const fresh = show(found, first);
        first = false;
        soundAlarms(found.map(keyOf));
        if (found.length === 0) closeNotification();
        else if (fresh.length && notifier.held.value) void notify(found.length);
        await pause(minPause);
      } catch {
        // The page below shows the failure.
        again = true;
        await pause(retryPause);
      }
    }
    busy = false;
  }

  function clear(): void {
    first = true;
    show([], true);
    soundAlarms(null);
    closeNotification();
  }

  function begin(): void {
    soundAlarms([]);
    void load();
  }

  onMounted(() => {
    reload = () => void load();
    notifier.want(true);
    begin();
  });
  useLive((news) => concernsMatters(news) && void load(), { whileHidden: () => true });
  // Who has no session can neither take an alarm nor mute it.
  watch(ended, (is) => (is ? clear() : begin()));
  onBeforeUnmount(() => {
    stopped = true;
    reload = () => undefined;
    notifier.want(false);
    clear();
  });
}
