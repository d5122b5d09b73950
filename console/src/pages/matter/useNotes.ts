import { computed, onMounted, ref, watch, type Ref } from "vue";
import { ElMessage } from "element-plus";
import { api, unwrap, type Schemas } from "@/api/client";
import { problemText } from "@/api/problem";
import { useLoad } from "@/base/load";
import { useNow } from "@/base/now";
import { missedWords, nudgedWords } from "@/base/nudged";
import { useLive } from "@/state/live";

type Notes = Schemas["Notes"];

/** What the station's liaisons keep beside a matter, and the changes to it. */
export function useNotes(id: Ref<string>, number: () => string) {
  const params = computed(() => ({ path: { id: id.value } }));
  const notes = useLoad(() => unwrap(api.GET("/api/v1/submissions/{id}/notes", { params: params.value })));
  /** Whom the last nudge did not reach, in words. */
  const missed = ref("");
  onMounted(notes.load);
  watch(id, () => {
    notes.data.value = null;
    missed.value = "";
    void notes.load();
  });
  useLive((news) => {
    if (news.gap || news.ids.includes(id.value)) void notes.load();
  });

  const now = useNow();
  /** From when somebody can be nudged again, "" for now. */
  const nudgeFrom = computed(() => {
    const at = notes.data.value?.nudge_at;
    return at && new Date(at) > now.value ? at : "";
  });

  /** Returns what puts the number before words that come when the person has gone on to another matter. */
  function naming(): (text: string) => string {
    const [on, its] = [id.value, number()];
    return (text) => (on === id.value ? text : `${its} ${text}`);
  }

  const busy = ref(false);
  /** Runs a change and shows what it answers. It returns the answer, or null if it was not done. */
  async function change(act: () => Promise<Notes>): Promise<Notes | null> {
    busy.value = true;
    const on = id.value;
    const named = naming();
    try {
      const answer = await act();
      if (on === id.value) notes.data.value = answer;
      return answer;
    } catch (e) {
      ElMessage.error(named(problemText(e)));
      return null;
    } finally {
      busy.value = false;
    }
  }

  async function nudge(): Promise<void> {
    const on = id.value;
    const named = naming();
    const nudged = (await change(() => unwrap(api.POST("/api/v1/submissions/{id}/nudge", { params: params.value }))))?.nudged;
    if (!nudged) return;
    if (on === id.value) missed.value = missedWords(nudged);
    ElMessage({ type: missedWords(nudged) ? "warning" : "success", message: named(nudgedWords(nudged)) });
  }

  return {
    id, notes, busy, missed, nudgeFrom, nudge,
    add: (text: string, key: string) =>
      change(() => unwrap(api.POST("/api/v1/submissions/{id}/notes", { params: { ...params.value, header: { "Idempotency-Key": key } }, body: { text } }))),
    remove: (note: string) => change(() => unwrap(api.DELETE("/api/v1/submissions/{id}/notes/{note}", { params: { path: { id: id.value, note } } }))),
    seen: () => change(() => unwrap(api.POST("/api/v1/submissions/{id}/notes/seen", { params: params.value }))),
    addTag: (tag: string) => change(() => unwrap(api.PATCH("/api/v1/submissions/{id}/tags", { params: params.value, body: { add: [tag] } }))),
    removeTag: (tag: string) => change(() => unwrap(api.PATCH("/api/v1/submissions/{id}/tags", { params: params.value, body: { remove: [tag] } }))),
    remind: (day: string, text: string) => change(() => unwrap(api.PUT("/api/v1/submissions/{id}/reminder", { params: params.value, body: { day, ...(text ? { text } : {}) } }))),
    forget: () => change(() => unwrap(api.DELETE("/api/v1/submissions/{id}/reminder", { params: params.value }))),
  };
}

export type Beside = ReturnType<typeof useNotes>;
