import { ref } from "vue";

/** A short word after something was done, and how to take it back where that can be. */
export interface Toast {
  text: string;
  undo?: () => void;
}

export const toast = ref<Toast>();

let timer: ReturnType<typeof setTimeout> | undefined;

/** Long enough to read at leisure, in milliseconds. */
const shownFor = 6000;

export function say(text: string, undo?: () => void): void {
  toast.value = undo ? { text, undo } : { text };
  if (timer) clearTimeout(timer);
  timer = setTimeout(() => (toast.value = undefined), shownFor);
}

export function hushToast(): void {
  toast.value = undefined;
}
