import { computed, ref, watch } from "vue";
import { api, unwrap, type Schemas } from "@/api/client";
import { account, me } from "@/state/session";

/** How long the roster that was read is good enough for choosing from, in milliseconds. */
const fresh = 60_000;

// The drawer and the dialogs of the page choose from one roster.
const kept = ref<Schemas["Roster"] | null>(null);
let read = 0;
watch(() => account(me.value), () => {
  kept.value = null;
  read = 0;
});

/** The members, rooms and places that can be chosen. */
export function useMembers() {
  async function load(): Promise<void> {
    if (kept.value && Date.now() - read < fresh) return;
    try {
      kept.value = await unwrap(api.GET("/api/v1/station/roster"));
      read = Date.now();
    } catch {
      // The choices are missing until the next opening; the acts say what is wrong.
    }
  }
  const members = computed(() => (kept.value?.members ?? []).filter((m) => !m.gone));
  return { roster: kept, members, load };
}
