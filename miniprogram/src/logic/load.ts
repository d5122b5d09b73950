import { ref, type Ref } from "vue";
import { onShow } from "@dcloudio/uni-app";
import { asProblem, type Problem } from "@/api/problem";
import { account, ensureReader, whenOtherUser } from "@/state/session";

/**
 * Loads the data of a page, again each time the page is shown. What is shown stays while it is read again and where
 * that fails, and nobody is sent to the login from it.
 */
export function useLoaded<T>(page: string, read: () => Promise<T>) {
  const value = ref() as Ref<T | undefined>;
  const loading = ref(true);
  const problem = ref<Problem>();

  async function reload(): Promise<void> {
    const known = value.value !== undefined;
    loading.value = !known;
    if (!known) problem.value = undefined;
    let user = account.value?.id;
    // What the former user's reading still gets is dropped, and the one of whoever logged in goes on.
    const dropped = (): boolean => account.value?.id !== user;
    try {
      if (!(await ensureReader(page, known))) return;
      user = account.value?.id;
      const fresh = await read();
      if (dropped()) return;
      value.value = fresh;
      problem.value = undefined;
    } catch (e) {
      if (!known && !dropped()) problem.value = asProblem(e);
    } finally {
      if (!dropped()) loading.value = false;
    }
  }
  whenOtherUser(() => {
    value.value = problem.value = undefined;
    loading.value = true;
  });
  onShow(reload);
  return { value, loading, problem, reload };
}
