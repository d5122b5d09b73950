import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from "vue";
import { api, Problem, unwrap, type Schemas } from "@/api/client";
import { problemText } from "@/api/problem";
import { ended } from "@/state/session";
import { toParams, type Filter } from "./query";
import type { Row } from "./words";

const pageSize = 100;
/** The list shows at most so many rows; filters find the others. */
const maxRows = 1_000;

export interface Matters {
  items: Ref<Row[]>;
  /** null until the server has answered once. */
  total: Ref<number | null>;
  states: Ref<Record<string, number> | null>;
  more: Ref<boolean>;
  loading: Ref<boolean>;
  error: Ref<string>;
  /** Loads the list again; keep loads as many rows as are shown. */
  load: (keep?: boolean) => Promise<void>;
  loadMore: () => Promise<void>;
}

/** Loads the station's list page by page. Only the last of several requests counts. */
export function useMatters(filter: Ref<Filter>): Matters {
  const items = shallowRef<Row[]>([]);
  const total = ref<number | null>(null);
  const states = ref<Record<string, number> | null>(null);
  const next = ref("");
  const loading = ref(false);
  const error = ref("");
  let newest = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  onBeforeUnmount(() => {
    newest += 1;
    clearTimeout(retryTimer);
  });

  const page = (cursor: string): Promise<Schemas["Rows"]> =>
    unwrap(api.GET("/api/v1/station/submissions", { params: { query: { ...toParams(filter.value), limit: pageSize, cursor } } }));

  async function latest(work: (mine: () => boolean) => Promise<void>): Promise<void> {
    newest += 1;
    const turn = newest;
    clearTimeout(retryTimer);
    loading.value = true;
    try {
      await work(() => turn === newest);
      if (turn === newest) error.value = "";
    } catch (e) {
      if (turn !== newest) return;
      error.value = problemText(e);
      // The server builds its index at the first request and says when it is ready.
      if (e instanceof Problem && e.status === 503 && e.retryAfter > 0) retryTimer = setTimeout(() => void load(), e.retryAfter * 1000);
    } finally {
      if (turn === newest) loading.value = false;
    }
  }

  function load(keep = false): Promise<void> {
    const wanted = keep ? Math.max(items.value.length, pageSize) : pageSize;
    return latest(async (mine) => {
      let got = await page("");
      const rows = [...got.items];
      while (rows.length < wanted && got.next_cursor && mine()) {
        got = await page(got.next_cursor);
        rows.push(...got.items);
      }
      if (!mine()) return;
      items.value = rows;
      next.value = got.next_cursor;
      total.value = got.total;
      states.value = got.states;
    });
  }

  function loadMore(): Promise<void> {
    if (!next.value) return Promise.resolve();
    return latest(async (mine) => {
      const got = await page(next.value);
      if (!mine()) return;
      const known = new Set(items.value.map((r) => r.id));
      items.value = [...items.value, ...got.items.filter((r) => !known.has(r.id))];
      next.value = got.next_cursor;
      total.value = got.total;
      states.value = got.states;
    });
  }

  watch(ended, (is) => {
    if (!is && error.value) void load(true);
  });
  return { items, total, states, more: computed(() => next.value !== "" && items.value.length < maxRows), loading, error, load, loadMore };
}
