import { computed, ref, shallowRef, watch, type Ref } from "vue";
import { ElMessage } from "element-plus";
import { Problem, type Schemas } from "@/api/client";
import { problemText, refusal } from "@/api/problem";
import type { Loading } from "@/base/load";
import { showNumbers, shownNumbers } from "@/base/phone";
import { saveFile } from "@/base/save";
import * as acts from "./acts";

type Matter = Schemas["Submission"];

/** An act that asks for something in a dialog. */
export type Act = "photo" | "assign" | "close" | "attend" | "extend" | "merge" | "split" | "assist" | "recall" | "phone" | "dossier" | "publish" | "fulfil" | "redate" | "followUp";

/** Runs the acts on a matter: the open dialog, and what follows an answer. acted is called after each act, with what was done. */
export function useActs(id: Ref<string>, matter: Loading<Matter>, acted: (what: string) => void) {
  // One dialog at a time.
  const asking = ref<Act | "">("");
  /** The id of the assist that is recalled. */
  const assist = ref(0);
  /** The photo that is judged, and whether it is shown. */
  const photo = ref({ id: "", show: true });

  // The matter as it was when the dialog opened. The act is sent with that
  // version: a change by somebody else is no part of the decision, and the
  // server answers with a conflict that names them.
  const seen = shallowRef<Matter | null>(null);
  watch(asking, (act) => act && (seen.value = matter.data.value), { flush: "sync" });

  // The person may have gone on to another matter before an answer: what is said then names the one that was acted on.
  const isHere = (on: Matter): boolean => id.value === on.id;
  const say = (on: Matter, message: string): unknown => ElMessage.success(isHere(on) ? message : `${on.number} ${message}`);
  async function named<T>(on: Matter, act: Promise<T>): Promise<T> {
    try {
      return await act;
    } catch (e) {
      throw isHere(on) ? e : refusal(`${on.number} ${problemText(e)}`);
    }
  }

  /**
   * Runs an act and shows the matter that it answers. After a conflict the page shows the
   * present matter, unless the person has gone on to another one.
   */
  async function run(act: (on: Matter) => Promise<Matter>, message: string): Promise<void> {
    const on = seen.value;
    if (!on) return;
    try {
      const answer = await named(on, act(on));
      say(on, message);
      if (!isHere(on)) return;
      matter.data.value = answer;
      acted(message);
    } catch (e) {
      if (isHere(on) && e instanceof Problem && e.code === "conflict") {
        await matter.load();
        if (isHere(on)) seen.value = matter.data.value; // a second try is made in knowledge of the change
      }
      throw e;
    }
  }

  const numbers = computed(() => shownNumbers(id.value) ?? null);
  // The browser's Back leads to another matter on the same page: a dialog that was open
  // asked about the matter before.
  watch(id, () => (asking.value = ""));

  async function showPhone(reason: string): Promise<void> {
    const on = seen.value;
    if (on) await named(on, showNumbers(on.id, reason));
  }

  async function saveDossier(reason: string, contacts: boolean): Promise<void> {
    const on = seen.value;
    if (on) saveFile(await named(on, acts.dossier(on, reason, contacts)), `${on.number}.pdf`);
  }

  async function publish(title: string, text: string): Promise<void> {
    const on = seen.value;
    if (!on) return;
    await named(on, acts.publish(on, title, text));
    say(on, "已公开，扫这里码的群众能看到");
  }

  function askRecall(which: number): void {
    assist.value = which;
    asking.value = "recall";
  }

  function askPhoto(which: string, show: boolean): void {
    photo.value = { id: which, show };
    asking.value = "photo";
  }

  async function judgePhoto(reason: string): Promise<void> {
    const [{ id: which, show }, on] = [photo.value, seen.value];
    if (!on) return;
    await named(on, acts.judgePhoto(which, show, reason));
    say(on, show ? "照片已放行，有关的人都能看到" : "照片不放行，原图保留");
    if (isHere(on)) await matter.load();
  }

  return { asking, assist, photo, seen, numbers, run, showPhone, saveDossier, publish, askRecall, askPhoto, judgePhoto };
}

export type Acts = ReturnType<typeof useActs>;
