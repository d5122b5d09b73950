/**
 * Moves within the browser's history, before the router sees them: events of the window reach its listeners in the
 * order in which they began to listen, and this file is loaded before the router is made.
 */

type Mover = (e: PopStateEvent) => void;

let mover: Mover | undefined;

const entries: (() => void)[] = [];

addEventListener("popstate", (e) => {
  const back = entries.pop();
  if (!back) {
    mover?.(e);
    return;
  }
  e.stopImmediatePropagation();
  back();
});

/** Adds an entry to the history: the next "back" calls `back` and stays on the page. Returns what goes back by itself. */
export function addHistoryEntry(back: () => void): () => void {
  entries.push(back);
  history.pushState(history.state, "");
  return () => history.back();
}

/** Gives the moves to a page that has steps; undefined gives them to the router alone. */
export function followMoves(m: Mover | undefined): void {
  mover = m;
}
