import { computed, ref } from "vue";
import { asProblem, type Problem } from "@/api/problem";
import { whenOtherUser } from "@/state/session";

/** A page of any list of the API. */
export interface Page<T> {
  items: T[];
  next_cursor: string;
}

/**
 * Reads a list page by page. A filtered page may be empty although there is a next
 * one, so more() reads on until it has an item or reaches the end. One reading waits
 * for the one before it, so that none is dropped; again() alone ends those of before.
 */
export function useList<T extends { id: string }>(read: (cursor: string) => Promise<Page<T>>) {
  const items = ref<T[]>([]);
  const loading = ref(false);
  const problem = ref<Problem>();
  const cursor = ref("");
  const begun = ref(false);
  /** The number of times that the list began anew. What an earlier one still gets is dropped. */
  let turn = 0;
  let before: Promise<void> = Promise.resolve();

  function inTurn(act: (mine: number) => Promise<void>): Promise<void> {
    const mine = turn;
    return (before = before.then(() => (mine === turn ? act(mine) : undefined)));
  }

  function more(): Promise<void> {
    if (loading.value || (begun.value && cursor.value === "")) return Promise.resolve();
    loading.value = true;
    problem.value = undefined;
    return inTurn(readMore);
  }

  async function readMore(mine: number): Promise<void> {
    try {
      let got = 0;
      // A refresh may have come to the end meanwhile.
      while (got === 0 && !(begun.value && cursor.value === "")) {
        const page = await read(cursor.value);
        if (mine !== turn) return;
        const seen = new Set((items.value as T[]).map((x) => x.id));
        const fresh = page.items.filter((x) => !seen.has(x.id));
        (items.value as T[]).push(...fresh);
        got += fresh.length;
        cursor.value = page.next_cursor;
        begun.value = true;
      }
    } catch (e) {
      if (mine === turn) problem.value = asProblem(e);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  /** Forgets what was read, and what is still being read. */
  function drop(): void {
    turn++;
    before = Promise.resolve();
    loading.value = false;
    begun.value = false;
    cursor.value = "";
    items.value = [];
  }
  whenOtherUser(drop);

  async function again(): Promise<void> {
    drop();
    await more();
  }

  /**
   * Reads the shown pages again and puts them in the place of the old ones, so that nobody loses their place.
   * A failure leaves what is shown, also a failure of before.
   */
  async function refresh(): Promise<void> {
    if (!begun.value && !loading.value && !problem.value) return more();
    return inTurn(readAgain);
  }

  async function readAgain(mine: number): Promise<void> {
    const fresh: T[] = [];
    let next = "";
    try {
      do {
        const page = await read(next);
        if (mine !== turn) return;
        fresh.push(...page.items);
        next = page.next_cursor;
      } while (fresh.length < Math.max(1, items.value.length) && next !== "");
    } catch (e) {
      if (mine === turn) problem.value = asProblem(e);
      return;
    }
    problem.value = undefined;
    items.value = fresh as typeof items.value;
    cursor.value = next;
    begun.value = true;
  }

  return { items, loading, problem, more, again, refresh, end: computed(() => begun.value && cursor.value === "") };
}
