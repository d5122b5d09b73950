// A page reloads what changed even when its user has left. These requests must
// not prolong the session, or the next passer-by could use it. They carry a mark.

/** The user counts as absent after this time without input, in milliseconds. */
const idleAfter = 2 * 60_000;

/** The screen in the hall has viewers but no input. */
const watchedPath = "/api/v1/station/screen";

let lastInput = Date.now();

/** Records that the user is present. */
export function noteInput(at = Date.now()): void {
  lastInput = at;
}

/** Reports whether the page makes a request by itself, without a user. */
export function isUnattended(address: string, now = Date.now()): boolean {
  return now - lastInput > idleAfter && !new URL(address, "http://here").pathname.startsWith(watchedPath);
}

/** Listens for input. */
export function watchInput(on: EventTarget): void {
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) on.addEventListener(kind, () => noteInput(), { passive: true, capture: true });
}
