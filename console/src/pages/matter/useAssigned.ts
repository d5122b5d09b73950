import { ref, watch, type Ref } from "vue";
import { ElMessage } from "element-plus";
import { problemText } from "@/api/problem";
import { takeBack, type Assigned } from "@/base/assign";

/** Remembers the last assignment made on this page until it is undone or another act follows. */
export function useAssigned(id: Ref<string>, load: () => Promise<void>) {
  const assigned = ref<Assigned | null>(null);
  watch(id, () => (assigned.value = null));

  async function remember(done: Assigned): Promise<void> {
    // The person may have gone on to another matter before the answer.
    if (!done.given.some((g) => g.id === id.value)) {
      for (const g of done.given) ElMessage.success(`${g.submission.number} 已交给${done.to.name}`);
      return;
    }
    assigned.value = done;
    await load();
  }

  async function undo(): Promise<void> {
    const done = assigned.value;
    const before = done?.given[0]?.before;
    if (!done || !before) return;
    assigned.value = null;
    const on = id.value;
    const named = (text: string): string => (on === id.value ? text : `${done.given[0]?.submission.number} ${text}`);
    try {
      const r = await takeBack(done);
      ElMessage[r.back ? "success" : "error"](named(r.back ? `已交回${before.name}` : (r.failed[0]?.detail ?? "没有撤销成")));
    } catch (e) {
      ElMessage.error(named(problemText(e)));
    }
    await load();
  }

  return { assigned, remember, undo };
}
