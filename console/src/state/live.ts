import { onBeforeUnmount, onMounted, readonly, ref, watch } from "vue";
import { Problem, session } from "@/api/client";
import { account, ended, me, loadSession } from "./session";
import { Stream, type Viewer, type News } from "./stream";

export type { Viewer, News };

type Listener = (news: News) => unknown;

/** Reports whether news speak of submissions; after a gap they may. */
export const concernsMatters = (news: News): boolean => news.gap || news.ids.length > 0;

// All pages of a tab share one stream.
const listeners = new Set<Listener>();
// The listeners that may ask for news while the page is hidden.
const hiddenListeners = new Set<() => boolean>();
const viewerList = ref<readonly Viewer[]>([]);
const connected = ref(false);
let stream: Stream | null = null;
let streamAccount = "";

/** The staff who have a matter open now. */
export const viewers = readonly(viewerList);
/** Whether the stream is connected. */
export const live = readonly(connected);

async function isSessionValid(): Promise<boolean> {
  try {
    return account(await loadSession()) === streamAccount;
  } catch (e) {
    if (e instanceof Problem) return true; // unknown: the server gave no session and did not deny one
    throw e;
  }
}

function openStream(): Stream {
  const now = account(me.value);
  if (stream && streamAccount === now) return stream;
  stream?.end();
  streamAccount = now;
  stream = new Stream(
    now,
    {
      news: (news) => [...listeners].forEach((call) => call(news)),
      viewers: (items) => (viewerList.value = items),
      live: (is) => (connected.value = is),
      ended: () => session.ended(),
      isSessionValid,
    },
    { locks: navigator.locks, channel: (name) => new BroadcastChannel(name), source: (address) => new EventSource(address) },
  );
  return stream;
}

/** Drops the stream while the page is hidden or signed out. The next stream continues at the same position. */
function updateWanted(): void {
  stream?.want(!ended.value && (document.visibilityState === "visible" || [...hiddenListeners].some((whileHidden) => whileHidden())));
}
document.addEventListener("visibilitychange", updateWanted);
watch(ended, updateWanted);

/**
 * Calls listener for changes while the component is mounted. id returns the matter
 * that the page has open, which other staff see; a component that only listens
 * omits it and does not alter what the page has open. whileHidden reports whether
 * the component needs news while the page is hidden, as for a sound.
 */
export function useLive(listener: Listener, { id, whileHidden }: { id?: () => string; whileHidden?: () => boolean } = {}): void {
  onMounted(() => {
    listeners.add(listener);
    if (whileHidden) hiddenListeners.add(whileHidden);
    const s = openStream();
    if (id) s.look(id());
    updateWanted();
  });
  // The component stays mounted when the address changes to another matter.
  if (id) watch(id, (to) => stream?.look(to));
  if (whileHidden) watch(whileHidden, updateWanted);
  onBeforeUnmount(() => {
    listeners.delete(listener);
    if (whileHidden) hiddenListeners.delete(whileHidden);
    if (id) stream?.look("");
    if (listeners.size > 0) return;
    stream?.end();
    stream = null;
    connected.value = false;
    viewerList.value = [];
  });
}
