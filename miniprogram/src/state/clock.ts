import { ref } from "vue";

/** The present time for pages, in milliseconds. It advances while the app is shown. */
export const now = ref(Date.now());

let timer: ReturnType<typeof setInterval> | undefined;

export function startClock(): void {
  now.value = Date.now();
  timer ??= setInterval(() => (now.value = Date.now()), 10_000);
}

export function stopClock(): void {
  if (timer) clearInterval(timer);
  timer = undefined;
}
