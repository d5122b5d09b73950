import { computed, onBeforeUnmount, ref, shallowRef, type Ref } from "vue";
import { api, Problem, unwrap, type Schemas } from "@/api/client";
import { problemText } from "@/api/problem";
import { toParams, type Filter } from "./query";
import type { Row } from "./words";

const pageSize = 100;
/** How many rows are shown at most; who looks for more narrows the list. */
const most = 1_000;

export interface Matters {
  items: Ref<Row[]>;
  total: Ref<number>;
  states: Ref<Record<string, number>>;
  more: Ref<boolean>;
  loading: Ref<boolean>;
  error: Ref<string>;
  /** Asks anew; keep shows as many rows as there were. */
  load: (keep?: boolean) => Promise<void>;
  loadMore: () => Promise<void>;
}

/** The station's list, page after page; of several questions the last asked counts. */
export function useMatters(filter: Ref<Filter>): Matters {
  const items = shallowRef<Row[]>([]);
  const total = ref(0);
  const states = ref<Record<string, number>>({});
  const next = ref("");
  const loading = ref(false);
  const error = ref("");
  let newest = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  onBeforeUnmount(() => {
    newest += 1;
    clearTimeout(again);
  });

  const page = (cursor: string): Promise<Schemas["Rows"]> =>
    unwrap(
      api.GET("/api/v1/station/submissions", {
        params: { query: { ...toParams(filter.value), limit: pageSize, cursor } },
        querySerializer: { array: { style: "form", explode: false } },
      }),
    );

  async function asking(work: (mine: () => boolean) => Promise<void>): Promise<void> {
    newest += 1;
    const turn = newest;
    clearTimeout(again);
    loading.value = true;
    try {
      await work(() => turn === newest);
      if (turn === newest) error.value = "";
    } catch (e) {
      if (turn !== newest) return;
      error.value = problemText(e);
      // The server says when it will be ready: the list is made at its first use.
      if (e instanceof Problem && e.status === 503 && e.retryAfter > 0) again = setTimeout(() => void load(), e.retryAfter * 1000);
    } finally {
      if (turn === newest) loading.value = false;
    }
  }

  function load(keep = false): Promise<void> {
    const wanted = keep ? Math.max(items.value.length, pageSize) : pageSize;
    return asking(async (mine) => {
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
    return asking(async (mine) => {
      const got = await page(next.value);
      if (!mine()) return;
      const known = new Set(items.value.map((r) => r.id));
      items.value = [...items.value, ...got.items.filter((r) => !known.has(r.id))];
      next.value = got.next_cursor;
      total.value = got.total;
      states.value = got.states;
    });
  }

  return { items, total, states, more: computed(() => next.value !== "" && items.value.length < most), loading, error, load, loadMore };
}
