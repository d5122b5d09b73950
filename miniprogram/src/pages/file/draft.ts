import { computed, nextTick, onScopeDispose, ref, watch } from "vue";
import { emptyDraft, newKey, worthKeeping, type Door, type Draft } from "@/logic/draft";
import * as platform from "#phone";
import { draftName, forgetDraft, keepFiles, loadDraft, removeDraft, saveDraft, sweepFiles, unkeptPhotos, withFile, wouldLose } from "@/state/drafts";
import { loadValue, saveValue } from "@/state/storage";

/** The last filing's number and role, for the next one. */
interface Reach {
  phone: string;
  visitor: Draft["visitor"];
}

/** The draft of the form: opened, kept at every change, and held against other pages of the browser. */
export function useDraft() {
  const draft = ref<Draft>(emptyDraft("", "complaint", newKey()));
  /** It was begun earlier. */
  const resumed = ref(false);
  /** How many of its photos and voice messages the phone could not keep. */
  const lost = ref(0);
  /** Another page of this browser has it. */
  const elsewhere = ref(false);
  /** The phone did not take the words. */
  const wordsUnkept = ref(false);
  let key = "";
  let door: Door = "complaint";
  let place = false;
  let ready = false;
  let hold: platform.Hold | undefined;
  let keeping = Promise.resolve();

  async function open(k: string, d: Door, atPlace: boolean): Promise<void> {
    [key, door, place, ready] = [k, d, atPlace, false];
    hold ??= platform.holdDraft(draftName(key, door), () => {
      ready = false;
      elsewhere.value = true;
    });
    await read();
    void sweepFiles();
  }

  async function read(): Promise<void> {
    const before = await loadDraft(key, door);
    lost.value = before?.lost ?? 0;
    resumed.value = before !== undefined && worthKeeping(before.draft);
    draft.value = before?.draft ?? fresh();
    await nextTick();
    ready = !elsewhere.value;
    keep();
  }

  /** Nobody is taken for a tourist: at a place that decides the deadline, so it is asked. */
  function fresh(): Draft {
    const last = loadValue<Reach>("reach");
    const visitor = last?.visitor && last.visitor !== "tourist" ? last.visitor : place ? "" : "resident";
    return { ...emptyDraft(key, door, newKey()), phone: last?.phone ?? "", visitor };
  }

  /** Takes the draft from the page that has it. */
  async function take(): Promise<void> {
    elsewhere.value = false;
    hold?.take();
    await read();
  }

  function startAnew(): () => void {
    const before = draft.value;
    resumed.value = false;
    draft.value = fresh();
    return () => {
      draft.value = before;
      resumed.value = true;
    };
  }

  /** Stores new files, one round after another, so that none is stored twice. */
  function keep(): void {
    keeping = keeping.then(async () => {
      if (ready) await keepFiles(draft.value, (local, file) => (draft.value = withFile(draft.value, local, file)));
    });
  }

  /** Keeps a draft as sending changes it. */
  function keepAs(d: Draft): void {
    draft.value = d;
    wordsUnkept.value = !saveDraft(door, d);
  }

  async function remove(): Promise<void> {
    ready = false;
    const { phone, visitor } = draft.value;
    saveValue("reach", { phone: phone.trim(), visitor } satisfies Reach);
    await removeDraft(door, draft.value);
  }

  watch(
    draft,
    (d) => {
      if (!ready) return;
      if (worthKeeping(d)) wordsUnkept.value = !saveDraft(door, d);
      else forgetDraft(door, d); // its files stay for an undo, and are swept later
    },
    { deep: true },
  );
  watch(() => [...draft.value.photos.map((p) => p.local), draft.value.voice?.local], keep);
  onScopeDispose(() => hold?.leave());

  return {
    draft, resumed, lost, elsewhere, open, take, startAnew, keepAs, remove,
    /** Asks whether another page took the draft while this one was not shown. */
    ask: () => hold?.ask(),
    unkept: computed(() => unkeptPhotos(draft.value)),
    losing: computed(() => worthKeeping(draft.value) && (wordsUnkept.value || wouldLose(draft.value))),
  };
}
