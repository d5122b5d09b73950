import { computed, ref, watch, type Ref } from "vue";
import { Problem } from "@/api/client";
import { conflictText, problemText } from "@/api/problem";
import { present } from "@/base/assign";
import type { Row } from "./words";

/** What came of a row. A conflict may succeed at the next try, which is made with the row as it is now. */
export interface Result {
  state: "done" | "conflict" | "refused";
  /** Why it was not done, in words. */
  says: string;
}

/** Acts on the chosen rows one after the other, while the dialog is open: each has a result of its own, and the rest can be stopped. */
export function useOneByOne(open: Ref<boolean>, chosen: () => Row[]) {
  /** The rows as they were when the dialog opened, or after the last try. */
  const list = ref<Row[]>([]);
  const results = ref<Record<string, Result>>({});
  /** The row that is acted on, from 1, of how many; null while nothing runs. */
  const progress = ref<{ at: number; of: number } | null>(null);
  const isDone = (r: Row): boolean => results.value[r.id]?.state === "done";
  const done = computed(() => list.value.filter(isDone));
  const left = computed(() => list.value.filter((r) => !isDone(r)));
  /** The ids of the rows that could not be read again after the last try. */
  const stale = ref(new Set<string>());
  // A try that was stopped, or whose dialog was closed, ends after its present row.
  let running = { stopped: false };

  const stop = (): void => void (running.stopped = true);
  watch(open, (is) => {
    stop();
    progress.value = null;
    if (is) [list.value, results.value, stale.value] = [[...chosen()], {}, new Set()];
  });

  async function one(r: Row, act: (r: Row) => Promise<unknown>): Promise<Result> {
    try {
      await act(r);
      return { state: "done", says: "" };
    } catch (e) {
      if (e instanceof Problem && e.code === "conflict") return { state: "conflict", says: conflictText(e.message) };
      return { state: "refused", says: problemText(e) };
    }
  }

  /** Takes over what others made of the row meanwhile, so that the next try is made in knowledge of it. It returns whether it could. */
  async function renew(r: Row): Promise<boolean> {
    try {
      const { version, state, state_name, lead, together, assignee, assists } = await present(r.id);
      list.value = list.value.map((x) => (x.id === r.id ? { ...x, version, state, state_name, lead, together, assignee, assists } : x));
      return true;
    } catch {
      return false;
    }
  }

  // A row can fail because of another one, as a merge does because of what leads: all that are left are read again.
  async function renewLeft(): Promise<void> {
    const rows = left.value;
    const read = await Promise.all(rows.map(renew));
    stale.value = new Set(rows.filter((_, i) => !read[i]).map((r) => r.id));
  }

  /** Acts on the rows. It returns what came of those it got to. */
  async function run(rows: Row[], act: (r: Row) => Promise<unknown>): Promise<{ row: Row; result: Result }[]> {
    const mine = (running = { stopped: false });
    const found: { row: Row; result: Result }[] = [];
    for (const row of rows) {
      if (mine.stopped) break;
      progress.value = { at: found.length + 1, of: rows.length };
      const result = await one(row, act);
      found.push({ row, result });
      results.value = { ...results.value, [row.id]: result };
    }
    if (open.value && found.some((f) => f.result.state !== "done")) await renewLeft();
    if (mine === running) progress.value = null;
    return found;
  }

  return { list, results, progress, done, left, stale, run, stop };
}
