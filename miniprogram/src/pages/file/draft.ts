import { computed, nextTick, onScopeDispose, ref, watch } from "vue";
import { emptyDraft, newKey, worthKeeping, type KindGroup, type Draft, type DraftPhoto } from "@/logic/draft";
import * as platform from "#phone";
import { changeDraft, draftName, forgetDraft, loadDraft, openDraft, removeDraft, saveDraft, sweepFiles, unkeptPhotos, useKeptFiles, withPhoto, wouldLose } from "@/state/drafts";
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
  let group: KindGroup = "complaint";
  let ready = false;
  let sent = false;
  let hold: platform.Hold | undefined;
  let closed = (): void => undefined;
  const keep = useKeptFiles(draft, () => ready);

  async function open(k: string, d: KindGroup): Promise<void> {
    [key, group, ready] = [k, d, false];
    hold ??= platform.holdDraft(draftName(key, group), () => {
      ready = false;
      elsewhere.value = true;
    });
    closed();
    closed = openDraft(draftName(key, group), draft);
    await read();
    void sweepFiles();
  }

  async function read(): Promise<void> {
    const before = await loadDraft(key, group);
    lost.value = before?.lost ?? 0;
    resumed.value = before !== undefined && worthKeeping(before.draft);
    draft.value = before?.draft ?? fresh();
    await nextTick();
    ready = !elsewhere.value;
    keep();
  }

  /** Who lives here is not asked again; a tourist of last time may be at home by now. */
  function fresh(): Draft {
    const last = loadValue<Reach>("reach");
    const visitor = last?.visitor && last.visitor !== "tourist" ? last.visitor : "";
    return { ...emptyDraft(key, group, newKey()), phone: last?.phone ?? "", visitor };
  }

  /** Takes the draft from the page that has it. */
  async function take(): Promise<void> {
    elsewhere.value = false;
    hold?.take();
    await read();
  }

  /** Changes the draft by an undo, which works after the page was left too. */
  function undo(change: (d: Draft) => Draft): void {
    if (!sent) changeDraft(draftName(key, group), draft, change, (d) => saveDraft(group, d));
  }

  function startAnew(): () => void {
    const before = draft.value;
    resumed.value = false;
    draft.value = fresh();
    return () => {
      undo(() => before);
      resumed.value = true;
    };
  }

  function restorePhoto(p: DraftPhoto, index: number): void {
    undo((d) => withPhoto(d, p, index));
  }

  /** Keeps a draft as sending changes it. */
  function keepAs(d: Draft): void {
    draft.value = d;
    wordsUnkept.value = !saveDraft(group, d);
  }

  async function remove(): Promise<void> {
    ready = false;
    sent = true;
    const { phone, visitor } = draft.value;
    saveValue("reach", { phone: phone.trim(), visitor } satisfies Reach);
    await removeDraft(group, draft.value);
  }

  watch(
    draft,
    (d) => {
      if (!ready) return;
      if (worthKeeping(d)) wordsUnkept.value = !saveDraft(group, d);
      else forgetDraft(group, d); // its files stay for an undo, and are swept later
    },
    { deep: true },
  );
  onScopeDispose(() => {
    closed();
    hold?.leave();
  });

  return {
    draft, resumed, lost, elsewhere, open, take, startAnew, restorePhoto, keepAs, remove,
    /** Asks whether another page took the draft while this one was not shown. */
    ask: () => hold?.ask(),
    unkept: computed(() => unkeptPhotos(draft.value)),
    losing: computed(() => worthKeeping(draft.value) && (wordsUnkept.value || wouldLose(draft.value))),
  };
}
