import { ref } from "vue";

/** A short message after an act, with an undo function where one exists. */
export interface Toast {
  text: string;
  undo?: () => void;
}

export const toast = ref<Toast>();

let timer: ReturnType<typeof setTimeout> | undefined;

/** The time a message is shown, in milliseconds; enough for slow readers. */
const duration = 6000;

export function say(text: string, undo?: () => void): void {
  toast.value = undo ? { text, undo } : { text };
  if (timer) clearTimeout(timer);
  timer = setTimeout(() => (toast.value = undefined), duration);
}

export function hideToast(): void {
  toast.value = undefined;
}
