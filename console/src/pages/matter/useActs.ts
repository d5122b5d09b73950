import { computed, reactive, ref, shallowRef, watch, type Ref } from "vue";
import { ElMessage } from "element-plus";
import { Problem, type Schemas } from "@/api/client";
import type { Loading } from "@/base/load";
import { showNumbers, shownNumbers } from "@/base/phone";
import { saveFile } from "@/base/save";
import { dayAhead } from "@/base/time";
import * as acts from "./acts";

type Matter = Schemas["Submission"];

/** An act that asks for something in a dialog. */
export type Act = "photo" | "assign" | "close" | "attend" | "extend" | "merge" | "split" | "assist" | "recall" | "phone" | "dossier" | "publish" | "fulfil" | "redate";

const defaultTerm = 30; // days until an agreement is carried out

/** Runs the acts on a matter: the open dialog, its fields, and what follows an answer. acted is called after each act, with what was done. */
export function useActs(id: Ref<string>, matter: Loading<Matter>, acted: (what: string) => void) {
  // One dialog at a time.
  const asking = ref<Act | "">("");
  const form = reactive({
    days: 5,
    promised: dayAhead(defaultTerm),
    contacts: false,
    resultTitle: "",
    /** The id of the assist that is recalled. */
    assist: 0,
    /** The id of the photo that is judged, and whether it is shown. */
    photo: "",
    show: true,
  });

  // The matter as it was when the dialog opened. The act is sent with that
  // version: a change by somebody else is no part of the decision, and the
  // server answers with a conflict that names them.
  const seen = shallowRef<Matter | null>(null);
  watch(asking, (act) => act && (seen.value = matter.data.value), { flush: "sync" });

  watch(asking, (act) => {
    const before = matter.data.value?.promise?.day;
    if (act === "redate" && !before) form.promised = dayAhead(defaultTerm);
    // The server takes only a later day.
    else if (act === "redate") form.promised = dayAhead(7, new Date(Math.max(Date.now(), Date.parse(`${before}T00:00:00+08:00`))));
  });

  /** Runs an act and shows the matter that it answers. After a conflict the page shows the present matter. */
  async function run(act: (on: Matter) => Promise<Matter>, message: string): Promise<void> {
    if (!seen.value) return;
    try {
      matter.data.value = await act(seen.value);
      acted(message);
      ElMessage.success(message);
    } catch (e) {
      if (e instanceof Problem && e.code === "conflict") {
        await matter.load();
        seen.value = matter.data.value; // a second try is made in knowledge of the change
      }
      throw e;
    }
  }

  const numbers = computed(() => shownNumbers(id.value) ?? null);
  // The browser's Back leads to another matter on the same page: a dialog that was open
  // asked about the matter before.
  watch(id, () => (asking.value = ""));

  async function showPhone(reason: string): Promise<void> {
    if (matter.data.value) await showNumbers(matter.data.value.id, reason);
  }

  async function saveDossier(reason: string): Promise<void> {
    const m = matter.data.value;
    if (!m) return;
    saveFile(await acts.dossier(m, reason, form.contacts), `${m.number}.pdf`);
  }

  async function publish(text: string): Promise<void> {
    if (!matter.data.value) return;
    await acts.publish(matter.data.value, form.resultTitle.trim(), text);
    ElMessage.success("已公开，扫这里码的群众能看到");
  }

  function askRecall(assist: number): void {
    form.assist = assist;
    asking.value = "recall";
  }

  function askPhoto(photo: string, show: boolean): void {
    form.photo = photo;
    form.show = show;
    asking.value = "photo";
  }

  async function judgePhoto(reason: string): Promise<void> {
    await acts.judgePhoto(form.photo, form.show, reason);
    ElMessage.success(form.show ? "已放行，有关的人都能看到" : "不放行，原图保留");
    await matter.load();
  }

  return { asking, form, seen, numbers, run, showPhone, saveDossier, publish, askRecall, askPhoto, judgePhoto };
}

export type Acts = ReturnType<typeof useActs>;
