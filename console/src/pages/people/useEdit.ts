import { h, ref, shallowRef } from "vue";
import { ElMessage, ElMessageBox } from "element-plus";
import { problemText } from "@/api/problem";
import type { Entry, RosterState, Table } from "./roster";
import type { Sheet } from "./tables";

/** Edits and removes entries for all tabs: one drawer for all tables, and a confirmation that lists the effects of a removal. */
export function useEdit(state: RosterState) {
  const open = ref(false);
  const sheet = shallowRef<Sheet | null>(null);
  const entry = shallowRef<Entry | null>(null);

  function edit(s: Sheet, e: object | null): void {
    sheet.value = s;
    entry.value = e as Entry | null;
    open.value = true;
  }

  /** Lists what else changes, asks for confirmation, removes the entry. */
  async function remove(table: Exclude<Table, "station">, id: string, name: string, words: { verb: string; note?: string }): Promise<void> {
    try {
      const would = await state.remove(table, id, true);
      const said = h("div", { class: "removal" }, [
        h("p", `${words.verb}“${name}”，将有这些变化：`),
        h("ul", would.changes.map((c) => h("li", c))),
        h("p", words.note ?? "一小时内，名册没有别的修改时可以撤销。"),
      ]);
      await ElMessageBox.confirm(said, `${words.verb}${name}`, { confirmButtonText: words.verb, cancelButtonText: "取消", type: "warning" });
    } catch (e) {
      if (e !== "cancel" && e !== "close") ElMessage.error(problemText(e));
      return;
    }
    try {
      await state.remove(table, id);
      ElMessage.success(`已${words.verb}，可在页面上方撤销`);
    } catch (e) {
      ElMessage.error(problemText(e));
    }
    await state.load();
  }

  return { open, sheet, entry, edit, remove };
}

export type Editing = ReturnType<typeof useEdit>;
