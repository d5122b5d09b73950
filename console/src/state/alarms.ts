import { computed, onBeforeUnmount, onMounted, ref, watch } from "vue";
import { api, unwrap, type Schemas } from "@/api/client";
import { useLive } from "./live";
import { notify } from "./notification";
import { soundSiren } from "./siren";
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

const list = ref<Alarm[]>([]);
const newest = ref<Alarm | null>(null);

/** The submissions with a danger that no liaison has taken, newest first. */
export const alarms = computed(() => list.value);
/** The alarm that was the last to arrive, to be announced once. */
export const arrivedAlarm = computed(() => newest.value);

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

function show(found: Alarm[]): void {
  const known = new Set(list.value.map((a) => a.id));
  const fresh = found.find((a) => !known.has(a.id));
  list.value = found;
  if (fresh) newest.value = fresh;
  if (found.length === 0) newest.value = null;
}

let reload: () => void = () => undefined;

/** Loads the alarms again, as after one was taken. */
export function reloadAlarms(): void {
  reload();
}

/** Follows the alarms while the component is mounted, also while the page is hidden. */
export function useAlarms(): void {
  let busy = false;
  let again = false;
  let stopped = false;
  const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

  async function load(): Promise<void> {
    again = true;
    if (busy) return;
    busy = true;
    while (again && !stopped) {
      again = false;
      try {
        const found = await ask();
        if (!stopped) show(found);
        await pause(minPause);
      } catch {
        // The page below shows the failure.
        again = true;
        await pause(retryPause);
      }
    }
    busy = false;
  }

  onMounted(() => {
    reload = () => void load();
    void load();
  });
  useLive(() => void load(), { whileHidden: () => true });
  const unwatch = watch(
    () => list.value.length,
    (n) => {
      setAlarmCount(n);
      soundSiren(n > 0);
      notify(n);
    },
  );
  onBeforeUnmount(() => {
    stopped = true;
    reload = () => undefined;
    unwatch();
    show([]);
    setAlarmCount(0);
    soundSiren(false);
    notify(0);
  });
}
