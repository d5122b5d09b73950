import { ref, type Ref } from "vue";
import { problemText } from "@/api/problem";

export interface Loading<T> {
  data: Ref<T | null>;
  loading: Ref<boolean>;
  error: Ref<string>;
  /** Asks (again). Of several at once the last asked counts. */
  load: () => Promise<void>;
}

/** Keeps what a page asks of the server, whether it waits, and what went wrong. */
export function useLoad<T>(ask: () => Promise<T>): Loading<T> {
  const data = ref(null) as Ref<T | null>;
  const loading = ref(false);
  const error = ref("");
  let newest = 0;
  async function load(): Promise<void> {
    newest += 1;
    const mine = newest;
    loading.value = true;
    try {
      const got = await ask();
      if (mine !== newest) return;
      data.value = got;
      error.value = "";
    } catch (e) {
      if (mine === newest) error.value = problemText(e);
    } finally {
      if (mine === newest) loading.value = false;
    }
  }
  return { data, loading, error, load };
}
