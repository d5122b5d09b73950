import { onScopeDispose, ref, watch, type Ref } from "vue";
import { call, type Schemas } from "@/api/client";
import { online } from "./net";

/** The pause in typing before the server checks the text, in milliseconds. */
const typingPause = 400;

/** Returns the emergency numbers while the text speaks of a danger; undefined otherwise. */
export function useWarning(text: () => string): Ref<Schemas["Emergency"] | undefined> {
  const warning = ref<Schemas["Emergency"]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    [text, online],
    ([words, up]) => {
      if (timer) clearTimeout(timer);
      if (words.trim().length < 2) warning.value = undefined;
      else if (up) timer = setTimeout(() => void ask(words), typingPause);
    },
    { immediate: true },
  );
  async function ask(words: string): Promise<void> {
    try {
      const { emergency } = await call("post", "/api/v1/emergencies", { body: { text: words } });
      if (text() === words) warning.value = emergency;
    } catch {
      // Writing works without the warning. The last warning stays.
    }
  }
  onScopeDispose(() => timer && clearTimeout(timer));
  return warning;
}
