import { ref } from "vue";

/** The time that pages show times against; it moves while a page is looked at. */
export const now = ref(Date.now());

let timer: ReturnType<typeof setInterval> | undefined;

export function tick(): void {
  now.value = Date.now();
  timer ??= setInterval(() => (now.value = Date.now()), 10_000);
}

export function rest(): void {
  if (timer) clearInterval(timer);
  timer = undefined;
}
