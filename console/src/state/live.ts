import { onBeforeUnmount, onMounted, readonly, ref, watch } from "vue";
import { session } from "@/api/client";
import { recall } from "./session";

// What a stream tells is no part of the server's description of its answers.

/** Submissions of which something shown is another now; with gap any may be. */
export interface News {
  ids: string[];
  gap: boolean;
  place: string;
}

/** One of the staff who has a matter open; self is whoever is signed in here. */
export interface Looker {
  submission: string;
  id: string;
  name: string;
  self: boolean;
}

type Listener = (news: News) => void;

// One stream serves all of a page's parts.
const listeners = new Set<Listener>();
const lookers = ref<Looker[]>([]);
const on = ref(false);
let source: EventSource | null = null;
let place = "";
let matter = "";

/** Who of the staff has which matter open now. */
export const looking = readonly(lookers);
/** Whether changes are being heard. */
export const live = readonly(on);

function open(): void {
  close();
  const q = new URLSearchParams();
  if (place) q.set("after", place);
  if (matter) q.set("matter", matter);
  const s = new EventSource(`/api/v1/station/live?${q}`);
  source = s;
  s.onopen = () => (on.value = true);
  s.onerror = () => {
    on.value = false;
    // Closed for good: the server said no. Whether the session is over is its to say.
    if (s.readyState === EventSource.CLOSED) void recall().then((who) => who ?? session.ended());
  };
  s.addEventListener("changed", (e) => {
    const news = JSON.parse((e as MessageEvent<string>).data) as News;
    place = news.place;
    if (news.ids.length || news.gap) for (const hear of [...listeners]) hear(news);
  });
  s.addEventListener("looking", (e) => (lookers.value = (JSON.parse((e as MessageEvent<string>).data) as { items: Looker[] }).items));
  s.addEventListener("ended", () => {
    close();
    session.ended();
  });
}

function close(): void {
  source?.close();
  source = null;
  on.value = false;
}

/**
 * Hears what changes while the component is there. id is the matter that it has
 * open, which the other staff are told; parts of a page that only hear leave it
 * out, and leave what the page has open as it is.
 */
export function useLive(hear: Listener, id?: () => string): void {
  onMounted(() => {
    listeners.add(hear);
    if (id && id() !== matter) {
      matter = id();
      open();
    } else if (!source) open();
  });
  // From one matter to another the component stays.
  if (id) {
    watch(id, (to) => {
      matter = to;
      open();
    });
  }
  onBeforeUnmount(() => {
    listeners.delete(hear);
    if (id) matter = "";
    if (listeners.size === 0) {
      close();
      lookers.value = [];
    }
  });
}
