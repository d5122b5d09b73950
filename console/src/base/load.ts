import { ref, watch, type Ref } from "vue";
import { problemText } from "@/api/problem";
import { ended } from "@/state/session";

export interface Loading<T> {
  data: Ref<T | null>;
  loading: Ref<boolean>;
  error: Ref<string>;
  /** Asks the server again. Only the last of several requests counts. */
  load: () => Promise<void>;
}

/** Holds the answer of a request, whether it is pending, and its error. */
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
  // What failed because the session had ended is asked again after the next sign-in.
  watch(ended, (is) => {
    if (!is && error.value) void load();
  });
  return { data, loading, error, load };
}
