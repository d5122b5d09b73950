import { onBeforeUnmount, onMounted, readonly, ref, watch } from "vue";
import { Problem, session } from "@/api/client";
import { account, me, recall } from "./session";
import { Stream, type Looker, type News } from "./stream";

export type { Looker, News };

type Listener = (news: News) => void;

// One stream serves all parts of all pages that this browser has open.
const listeners = new Set<Listener>();
// Those that want to hear also while nobody sees the page.
const calling = new Set<() => boolean>();
const lookers = ref<readonly Looker[]>([]);
const on = ref(false);
let stream: Stream | null = null;
let of = "";

/** Who of the staff has which matter open now. */
export const looking = readonly(lookers);
/** Whether changes are being heard. */
export const live = readonly(on);

async function stands(): Promise<boolean> {
  try {
    await recall();
  } catch (e) {
    if (e instanceof Problem) return true; // the server did not say
    throw e;
  }
  return account(me.value) === of;
}

function begin(): Stream {
  const now = account(me.value);
  if (stream && of === now) return stream;
  stream?.end();
  of = now;
  stream = new Stream(
    now,
    {
      news: (news) => [...listeners].forEach((hear) => hear(news)),
      looking: (items) => (lookers.value = items),
      live: (is) => (on.value = is),
      ended: () => session.ended(),
      stands,
    },
    { locks: navigator.locks, channel: (name) => new BroadcastChannel(name), source: (address) => new EventSource(address) },
  );
  return stream;
}

/** Hidden pages leave the connection alone; whoever comes back hears what changed since. */
function settle(): void {
  stream?.want(document.visibilityState === "visible" || [...calling].some((calls) => calls()));
}
document.addEventListener("visibilitychange", settle);

/**
 * Hears what changes while the component is there. id is the matter that it has
 * open, which the other staff are told; parts of a page that only hear leave it
 * out, and leave what the page has open as it is. calls says whether it wants to
 * hear also while the page is hidden, to call somebody to it.
 */
export function useLive(hear: Listener, { id, calls }: { id?: () => string; calls?: () => boolean } = {}): void {
  onMounted(() => {
    listeners.add(hear);
    if (calls) calling.add(calls);
    const s = begin();
    if (id) s.look(id());
    settle();
  });
  // From one matter to another the component stays.
  if (id) watch(id, (to) => stream?.look(to));
  if (calls) watch(calls, settle);
  onBeforeUnmount(() => {
    listeners.delete(hear);
    if (calls) calling.delete(calls);
    if (id) stream?.look("");
    if (listeners.size > 0) return;
    stream?.end();
    stream = null;
    on.value = false;
    lookers.value = [];
  });
}
