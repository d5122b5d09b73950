/**
 * Moves within the browser's history, before the router sees them: events of the window reach its listeners in the
 * order in which they began to listen, and this file is loaded before the router is made.
 */

type Mover = (e: PopStateEvent) => void;

let mover: Mover | undefined;

addEventListener("popstate", (e) => mover?.(e));

/** Gives the moves to a page that has steps; undefined gives them to the router alone. */
export function followMoves(m: Mover | undefined): void {
  mover = m;
}
