import { ref } from "vue";
import { asProblem, call, type Problem, type Schemas } from "@/api/client";
import { useFollow } from "@/logic/follow";
import { problemWords } from "@/logic/refusal";
import { markSeen } from "@/state/seen";
import { account, ensureSignedIn, signInSilently } from "@/state/session";
import { say } from "@/state/toast";

/** The time between two readings while the page is open, in milliseconds. */
const interval = 20_000;

/**
 * The matter of the page, followed while the page is shown. What others did is not shown while `still` says that
 * something would change under the user's finger, and an answer that was overtaken by an act is dropped. Once the user
 * left the matter it is not read any more: the server would only refuse it.
 */
export function useMatter(id: () => string, page: () => string, still: () => boolean) {
  const matter = ref<Schemas["Submission"]>();
  const loading = ref(true);
  const problem = ref<Problem>();
  /** What the user did last, once they may no longer see the matter. */
  const over = ref("");
  /** Until when the newest answer can be taken back, in milliseconds of the phone's clock. */
  const until = ref(0);

  function take(fresh: Schemas["Submission"] | undefined): void {
    if (!fresh || over.value || (matter.value && fresh.version < matter.value.version)) return;
    matter.value = fresh;
    until.value = Date.now() + (fresh.take_back_seconds ?? 0) * 1000;
    markSeen(fresh);
  }

  function leave(words: string): void {
    over.value = words;
    matter.value = undefined;
    problem.value = undefined;
  }

  /** Reads it; undefined once somebody else logged in: neither the answer nor a refusal is theirs. */
  async function read(): Promise<Schemas["Submission"] | undefined> {
    const user = account.value?.id;
    try {
      const fresh = await call("get", "/api/v1/submissions/{id}", { path: { id: id() } });
      return account.value?.id === user ? fresh : undefined;
    } catch (e) {
      if (account.value?.id !== user) return undefined;
      throw e;
    }
  }

  /** Reads it because the user wants it: a failure is said. */
  async function reload(): Promise<void> {
    if (over.value) return;
    if (!matter.value) {
      loading.value = true;
      problem.value = undefined;
    }
    let user = account.value?.id;
    try {
      if (!(await ensureSignedIn(page(), matter.value ? "over" : "instead"))) return;
      user = account.value?.id;
      take(await read());
    } catch (e) {
      if (matter.value) say(problemWords(asProblem(e)));
      else if (!over.value) problem.value = asProblem(e);
    } finally {
      if (account.value?.id === user) loading.value = false; // else the reading of whoever logged in goes on
    }
  }

  /** Reads it in the background. A failure leaves what is shown; the next reading comes soon, and each act says itself what is wrong. */
  async function follow(): Promise<void> {
    if (over.value || still()) return;
    try {
      if (!(await signInSilently())) return;
      const fresh = await read();
      if (!fresh || still()) return;
      take(fresh);
      problem.value = undefined;
    } catch (e) {
      if (!matter.value && !over.value) problem.value = asProblem(e);
    }
  }

  useFollow(() => (matter.value || problem.value ? follow() : reload()), interval);
  return { matter, loading, problem, over, until, take, leave, reload };
}
