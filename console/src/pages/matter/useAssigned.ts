import { ref, watch, type Ref } from "vue";
import { ElMessage } from "element-plus";
import { problemText } from "@/api/problem";
import { takeBack, type Assigned } from "@/base/assign";

/** Remembers the last assignment made on this page until it is undone or another act follows. */
export function useAssigned(id: Ref<string>, load: () => Promise<void>) {
  const assigned = ref<Assigned | null>(null);
  watch(id, () => (assigned.value = null));

  async function remember(done: Assigned): Promise<void> {
    assigned.value = done;
    await load();
  }

  async function undo(): Promise<void> {
    const done = assigned.value;
    const before = done?.given[0]?.before;
    if (!done || !before) return;
    assigned.value = null;
    try {
      const r = await takeBack(done);
      ElMessage[r.back ? "success" : "error"](r.back ? `已交回${before.name}` : (r.failed[0]?.detail ?? "没有撤销成"));
    } catch (e) {
      ElMessage.error(problemText(e));
    }
    await load();
  }

  return { assigned, remember, undo };
}
