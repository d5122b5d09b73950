import { computed, ref, type Ref } from "vue";
import { ElMessage } from "element-plus";
import { problemText } from "@/api/problem";
import { takeBack, type Assignable, type Assigned } from "@/base/assign";
import type { Row } from "./words";

/** The server assigns at most so many at once. */
export const maxSelected = 100;
/** So many are merged or ended at once: one reason is meant for those that somebody has looked at. */
const maxLookedAt = 20;
/** Each sheet is a request of its own. */
const maxSheets = 40;

const isOver = (r: Row): boolean => r.state === "closed" || r.state === "withdrawn";

/** The selected rows of the list and what is done with all of them. at is the current row, which stands in for an empty selection. */
export function useSelection(rows: Ref<Row[]>, at: Ref<string>) {
  const selected = ref(new Set<string>());
  const asking = ref(false);
  const merging = ref(false);
  const closing = ref(false);
  const printing = ref(false);
  const targets = ref<Assignable[]>([]);
  const done = ref<Assigned | null>(null);
  const undoing = ref(false);
  const chosen = computed(() => rows.value.filter((r) => selected.value.has(r.id)));
  let anchor = "";

  const clear = (): void => void (selected.value = new Set());

  /** Takes rows out. Others may have been selected since something was begun with these. */
  const drop = (ids: string[]): void => void (selected.value = new Set([...selected.value].filter((id) => !ids.includes(id))));

  /** Selects a row or takes it out; range does the same with all rows since the last one. */
  function pick(id: string, range = false): void {
    const next = new Set(selected.value);
    const on = !next.has(id);
    const ids = rows.value.map((r) => r.id);
    const [from, to] = [ids.indexOf(anchor), ids.indexOf(id)];
    const part = range && from >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
    for (const x of part) {
      if (on) next.add(x);
      else next.delete(x);
    }
    anchor = id;
    if (next.size > maxSelected) {
      ElMessage.warning(`一次最多选 ${maxSelected} 件`);
      selected.value = new Set(selected.value); // the checkbox shows again what is selected
      return;
    }
    selected.value = next;
  }

  function pickAll(on: boolean): void {
    selected.value = new Set(on ? rows.value.slice(0, maxSelected).map((r) => r.id) : []);
    if (on && rows.value.length > maxSelected) ElMessage.info(`已选前 ${maxSelected} 件，一次最多这么多`);
  }

  /** Drops what the list no longer shows. */
  function keepShown(): void {
    const shown = new Set(rows.value.map((r) => r.id));
    selected.value = new Set([...selected.value].filter((id) => shown.has(id)));
  }

  /** Opens the dialog that assigns the selected rows, or the current one. */
  function openAssign(): void {
    const list = chosen.value.length ? chosen.value : rows.value.filter((r) => r.id === at.value);
    const open = list.filter((r) => !isOver(r));
    if (open.length === 0) {
      ElMessage.info(list.length ? "办结和撤回的诉求不能再分派" : "请先选一件诉求");
      return;
    }
    targets.value = open.map((r) => ({ id: r.id, version: r.version, number: r.number, assignee: r.assignee }));
    asking.value = true;
  }

  /** Opens the dialog that merges the selected rows. */
  function openMerge(): void {
    const open = chosen.value.filter((r) => !isOver(r));
    if (open.length < 2) ElMessage.info("请先选中两件以上在办的诉求（点左边的框，或按 x）");
    else if (open.length > maxLookedAt) ElMessage.info(`一次最多合并 ${maxLookedAt} 件`);
    else merging.value = true;
  }

  /** Opens the dialog that ends the selected rows. */
  function openClose(): void {
    const open = chosen.value.filter((r) => !isOver(r));
    if (open.length === 0) ElMessage.info("请先选中在办的诉求（点左边的框，或按 x）");
    else if (open.length > maxLookedAt) ElMessage.info(`一次最多办结 ${maxLookedAt} 件`);
    else closing.value = true;
  }

  function openPrint(): void {
    if (chosen.value.length > maxSheets) ElMessage.info(`一次最多打印 ${maxSheets} 张工作单`);
    else printing.value = true;
  }

  /** Remembers an assignment for the undo. What failed stays selected. */
  function given(result: Assigned): void {
    done.value = result;
    selected.value = new Set(result.failed.map((g) => g.id));
  }

  const canUndo = computed(() => done.value?.given.some((g) => g.before) ?? false);

  async function undo(number: (id: string) => string): Promise<void> {
    if (!done.value) return;
    undoing.value = true;
    try {
      const r = await takeBack(done.value);
      done.value = null;
      const parts = [r.back ? `${r.back} 件已交还原来的委员` : "", r.stayed ? `${r.stayed} 件原来没有办理委员，仍由新委员办理` : "", ...r.failed.map((g) => `${number(g.id)}：${g.detail}`)];
      ElMessage({ message: parts.filter(Boolean).join("；"), type: r.failed.length ? "warning" : "success", duration: 6000 });
    } catch (e) {
      ElMessage.error(problemText(e));
    } finally {
      undoing.value = false;
    }
  }

  return { selected, chosen, asking, merging, closing, printing, targets, done, undoing, canUndo, clear, drop, pick, pickAll, keepShown, openAssign, openMerge, openClose, openPrint, given, undo };
}

export type Selection = ReturnType<typeof useSelection>;
