import { onBeforeUnmount, onMounted } from "vue";

/** Whether the key is for the focused field, or for a dialog above the page. */
function isTaken(e: KeyboardEvent): boolean {
  const at = e.target as HTMLElement | null;
  if (at?.isContentEditable || at?.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=combobox], [role=menu], [role=listbox]")) return true;
  // The viewer of large photos closes itself.
  return [...document.querySelectorAll<HTMLElement>('[aria-modal="true"], .el-image-viewer__wrapper')].some((d) => d.offsetParent !== null || d.getClientRects().length > 0);
}

/** Runs the act of a key while the page is shown and nobody types. enabled turns all keys off while it is false. */
export function useKeys(keys: Record<string, (e: KeyboardEvent) => void>, enabled: () => boolean = () => true): void {
  // Asked before anybody acts on the key: what closes by it is gone afterwards.
  let taken = false;
  const ask = (e: KeyboardEvent): void => void (taken = isTaken(e));
  function press(e: KeyboardEvent): void {
    if (!enabled() || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || taken) return;
    const act = keys[e.key];
    if (!act) return;
    // Enter and space belong to the focused button or link.
    if ((e.key === "Enter" || e.key === " ") && (e.target as HTMLElement).closest("button, a")) return;
    e.preventDefault();
    act(e);
  }
  onMounted(() => {
    document.addEventListener("keydown", ask, true);
    document.addEventListener("keydown", press);
  });
  onBeforeUnmount(() => {
    document.removeEventListener("keydown", ask, true);
    document.removeEventListener("keydown", press);
  });
}
