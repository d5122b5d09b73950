import { ref, type Ref } from "vue";
import { onShow } from "@dcloudio/uni-app";
import { asProblem, type Problem } from "@/api/problem";
import { ensureSignedIn } from "@/state/session";

/** Loads the data of a page, again each time the page is shown. */
export function useLoaded<T>(page: string, read: () => Promise<T>) {
  const value = ref() as Ref<T | undefined>;
  const loading = ref(true);
  const problem = ref<Problem>();

  async function reload(): Promise<void> {
    problem.value = undefined;
    try {
      if (!(await ensureSignedIn(page))) return;
      value.value = await read();
    } catch (e) {
      problem.value = asProblem(e);
    } finally {
      loading.value = false;
    }
  }
  onShow(reload);
  return { value, loading, problem, reload };
}
