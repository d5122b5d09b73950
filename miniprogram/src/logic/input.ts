import { computed, nextTick, onScopeDispose, ref, watch } from "vue";
import type { ActInput } from "./act";
import type { DraftPhoto } from "./draft";
import { account } from "@/state/session";
import { actName, actPhotos, actWords, changeDraft, openDraft, removeAct, saveAct, sweepFiles, unkeptPhotos, useKeptFiles, withPhoto } from "@/state/drafts";

/** The input of an act's form, kept for the present user at every change until the server took it. */
export function useActInput(matter: string, act: string, empty: ActInput) {
  const name = actName(account.value?.id ?? "", matter, act);
  const input = ref<ActInput>({ ...empty, ...actWords(name), photos: [] });
  /** How many photos the phone could not keep. */
  const lost = ref(0);
  /** The phone did not take the words. */
  const wordsUnkept = ref(false);
  let ready = false;
  let sent = false;
  const keep = useKeptFiles(input, () => ready);
  const closed = openDraft(name, input);
  void open();

  async function open(): Promise<void> {
    const before = await actPhotos(name);
    lost.value = before.lost;
    if (before.photos.length) input.value.photos = [...before.photos, ...input.value.photos];
    await nextTick();
    ready = true;
    keep();
    void sweepFiles();
  }

  watch(input, (i) => ready && (wordsUnkept.value = !saveAct(name, i)), { deep: true });
  onScopeDispose(closed);

  return {
    input, lost, wordsUnkept,
    unkept: computed(() => unkeptPhotos(input.value)),
    restorePhoto(p: DraftPhoto, index: number): void {
      if (!sent) changeDraft(name, input, (i) => withPhoto(i, p, index), (i) => saveAct(name, i));
    },
    /** Removes it, once the server has it. */
    remove(): Promise<void> {
      ready = false;
      sent = true;
      return removeAct(name, input.value);
    },
  };
}
