import { ref, type Ref } from "vue";
import { onShow } from "@dcloudio/uni-app";
import { asProblem, type Problem } from "@/api/problem";
import { entered } from "@/state/session";

/** What a page shows of one answer, read anew whenever the page is shown. */
export function useLoaded<T>(page: string, read: () => Promise<T>) {
  const value = ref() as Ref<T | undefined>;
  const loading = ref(true);
  const problem = ref<Problem>();

  async function look(): Promise<void> {
    problem.value = undefined;
    try {
      if (!(await entered(page))) return;
      value.value = await read();
    } catch (e) {
      problem.value = asProblem(e);
    } finally {
      loading.value = false;
    }
  }
  onShow(look);
  return { value, loading, problem, look };
}
