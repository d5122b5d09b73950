import { computed, ref } from "vue";
import { asProblem, type Problem } from "@/api/problem";

/** A page of any list of the API. */
export interface Page<T> {
  items: T[];
  next_cursor: string;
}

/**
 * Reads a list page by page. A filtered page may be empty although there is a next
 * one, so more() reads on until it has an item or reaches the end.
 */
export function useList<T extends { id: string }>(read: (cursor: string) => Promise<Page<T>>) {
  const items = ref<T[]>([]);
  const loading = ref(false);
  const problem = ref<Problem>();
  const cursor = ref("");
  const begun = ref(false);
  let turn = 0;

  async function more(): Promise<void> {
    if (loading.value || (begun.value && cursor.value === "")) return;
    const mine = ++turn;
    loading.value = true;
    problem.value = undefined;
    try {
      let got = 0;
      do {
        const page = await read(cursor.value);
        if (mine !== turn) return; // the list was reloaded meanwhile
        const seen = new Set((items.value as T[]).map((x) => x.id));
        const fresh = page.items.filter((x) => !seen.has(x.id));
        (items.value as T[]).push(...fresh);
        got += fresh.length;
        cursor.value = page.next_cursor;
        begun.value = true;
      } while (got === 0 && cursor.value !== "");
    } catch (e) {
      if (mine === turn) problem.value = asProblem(e);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  async function again(): Promise<void> {
    turn++;
    loading.value = false;
    begun.value = false;
    cursor.value = "";
    items.value = [];
    await more();
  }

  /**
   * Reads the shown pages again and puts them in the place of the old ones, so that nobody loses their place.
   * A failure leaves what is shown.
   */
  async function refresh(): Promise<void> {
    if (loading.value) return;
    if (!begun.value) return more();
    const mine = ++turn;
    const fresh: T[] = [];
    let next = "";
    try {
      do {
        const page = await read(next);
        if (mine !== turn) return;
        fresh.push(...page.items);
        next = page.next_cursor;
      } while (fresh.length < items.value.length && next !== "");
    } catch (e) {
      if (mine === turn) problem.value = asProblem(e);
      return;
    }
    problem.value = undefined;
    items.value = fresh as typeof items.value;
    cursor.value = next;
  }

  return { items, loading, problem, more, again, refresh, end: computed(() => begun.value && cursor.value === "") };
}
