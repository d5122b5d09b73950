import { ref } from "vue";

/** How far the server's clock is ahead of the phone's, in milliseconds. A phone may be days wrong. */
let offset = 0;

/** The time at the server, in milliseconds. Deadlines are the station's, so pages count with it. */
export const serverTime = (): number => Date.now() + offset;

/** The present time for pages, in milliseconds. It advances while the app is shown. */
export const now = ref(serverTime());

/** Smaller differences are the time that an answer takes. */
const tolerance = 5_000;

/** Sets the clock by an answer's Date header, which has whole seconds. Without one it stays as it is. */
export function syncClock(date: unknown): void {
  const at = typeof date === "string" ? Date.parse(date) : NaN;
  if (Number.isNaN(at) || Math.abs(at - serverTime()) <= tolerance) return;
  offset = at - Date.now();
  now.value = serverTime();
}

let timer: ReturnType<typeof setInterval> | undefined;

export function startClock(): void {
  now.value = serverTime();
  timer ??= setInterval(() => (now.value = serverTime()), 10_000);
}

export function stopClock(): void {
  if (timer) clearInterval(timer);
  timer = undefined;
}
