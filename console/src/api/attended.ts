// Whoever walks away leaves pages that go on by themselves: they load anew what
// changed. That must not keep the session open for whoever comes by.

/** After so long without a touch nobody is there, in milliseconds. */
const patience = 2 * 60_000;

/** The screen in the hall is there to be watched, not touched. */
const watched = "/api/v1/station/screen";

let touched = Date.now();

/** Notes that somebody is there. */
export function touch(at = Date.now()): void {
  touched = at;
}

/** Whether what is asked now is asked by the page alone. */
export function unattended(address: string, now = Date.now()): boolean {
  return now - touched > patience && !new URL(address, "http://here").pathname.startsWith(watched);
}

/** Listens for touches. */
export function attend(on: EventTarget): void {
  for (const what of ["pointerdown", "pointermove", "keydown", "wheel"]) on.addEventListener(what, () => touch(), { passive: true, capture: true });
}
