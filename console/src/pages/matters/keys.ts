import { onBeforeUnmount, onMounted } from "vue";

/** Whether keys belong to what has the focus, or to something that lies over the page. */
function taken(e: KeyboardEvent): boolean {
  const at = e.target as HTMLElement | null;
  if (at?.closest("input, textarea, select, [contenteditable=true], [role=combobox], [role=menu], [role=listbox]")) return true;
  return document.querySelector('[aria-modal="true"]') !== null && [...document.querySelectorAll<HTMLElement>('[aria-modal="true"]')].some((d) => d.offsetParent !== null || d.getClientRects().length > 0);
}

/** Calls what is meant by a key while the page is shown and nothing is being typed. */
export function useKeys(keys: Record<string, (e: KeyboardEvent) => void>): void {
  function press(e: KeyboardEvent): void {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || taken(e)) return;
    const act = keys[e.key];
    if (!act) return;
    // Enter and space belong to a button or a link that has the focus.
    if ((e.key === "Enter" || e.key === " ") && (e.target as HTMLElement).closest("button, a")) return;
    e.preventDefault();
    act(e);
  }
  onMounted(() => document.addEventListener("keydown", press));
  onBeforeUnmount(() => document.removeEventListener("keydown", press));
}

export const help: [string, string][] = [
  ["j 或 ↓", "下一件"], ["k 或 ↑", "上一件"], ["回车", "打开"], ["x", "选中或取消"], ["a", "分派"], ["t", "转给其他委员"],
  ["/", "搜索"], ["r", "刷新"], ["Esc", "取消选择"], ["?", "显示这些快捷键"],
];
