import { onScopeDispose, ref, watch, type Ref } from "vue";
import { call, type Schemas } from "@/api/client";
import { online } from "./net";

/** How long the writing rests before whom to call is asked for, in milliseconds. */
const rest = 400;

/** Whom to call while a text that speaks of a danger is being written, undefined for no danger. */
export function useWarning(text: () => string): Ref<Schemas["Emergency"] | undefined> {
  const warning = ref<Schemas["Emergency"]>();
  let resting: ReturnType<typeof setTimeout> | undefined;
  watch(
    [text, online],
    ([words, up]) => {
      if (resting) clearTimeout(resting);
      if (words.trim().length < 2) warning.value = undefined;
      else if (up) resting = setTimeout(() => void ask(words), rest);
    },
    { immediate: true },
  );
  async function ask(words: string): Promise<void> {
    try {
      const { emergency } = await call("post", "/api/v1/emergencies", { body: { text: words } });
      if (text() === words) warning.value = emergency;
    } catch {
      // The writing goes on without it, and what was shown stays.
    }
  }
  onScopeDispose(() => resting && clearTimeout(resting));
  return warning;
}
