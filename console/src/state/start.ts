import { computed, ref } from "vue";
import { ElMessage } from "element-plus";
import { api, unwrap, type Schemas } from "@/api/client";
import { problemText } from "@/api/problem";
import { account, me } from "@/state/session";

const known = ref<{ by: string; start: Schemas["Start"] } | null>(null);

/** How far the station is set up, as last heard for who is signed in; null before. */
export const start = computed(() => (known.value && known.value.by === account(me.value) ? known.value.start : null));

/** The station was never wholly set up, and the user wants to be reminded. */
export const starting = computed(() => start.value !== null && start.value.left > 0 && !start.value.over && !start.value.hidden);

/** The first step that is not done. */
export const nextStep = computed(() => start.value?.steps.find((s) => !s.done));

/** Asks how far the station is set up. */
export async function loadStart(): Promise<Schemas["Start"]> {
  const by = account(me.value);
  const got = await unwrap(api.GET("/api/v1/station/start"));
  known.value = { by, start: got };
  return got;
}

/** Asks unless nothing would be shown anyway. What fails is asked again by the next page. */
export async function checkStart(): Promise<void> {
  if (start.value && !starting.value) return;
  await loadStart().catch(() => undefined);
}

/** Sets whether the user is reminded of what is left; saving is set meanwhile. */
export function useHiding() {
  const saving = ref(false);
  async function hide(hidden: boolean): Promise<void> {
    saving.value = true;
    try {
      await unwrap(api.PUT("/api/v1/me/start", { body: { hidden } }));
      if (known.value) known.value = { ...known.value, start: { ...known.value.start, hidden } };
    } catch (e) {
      ElMessage.error(problemText(e));
    } finally {
      saving.value = false;
    }
  }
  return { saving, hide };
}
