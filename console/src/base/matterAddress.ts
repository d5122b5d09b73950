import type { RouteLocationNormalizedLoaded, RouteLocationRaw } from "vue-router";
import { keepDraft, readDraft } from "./drafts";

// A search of the list may name a person, so it is in no address. The entry of the
// browser's history names it, and the tab keeps it with the drafts until the sign-out:
// whoever goes back to the entry under another account does not find it.
const key = (id: string): string => `search/${id}`;

/** The search of the present entry of the history, by its id; empty without one. */
function searchState(): { search?: string } {
  const id: unknown = history.state?.search;
  return typeof id === "string" ? { search: id } : {};
}

/** Returns what the list is searched for at the present entry of the history. */
export function readSearch(): string {
  const { search } = searchState();
  return search ? (readDraft<string>(key(search)) ?? "") : "";
}

/** Keeps what the list is searched for at the present entry of the history. */
export function keepSearch(q: string): void {
  const search = searchState().search ?? String(Date.now());
  keepDraft(key(search), q || null);
  history.replaceState({ ...history.state, search }, "");
}

/** Returns the address of the list, or of a matter in it, with the filter and the search that are open at route. */
export function inList(route: RouteLocationNormalizedLoaded, id = ""): RouteLocationRaw {
  const to: RouteLocationRaw = id ? { name: "matter", params: { id } } : { name: "matters" };
  const listed = route.name === "matters" || route.name === "matter";
  return listed ? { ...to, query: route.query, state: searchState() } : to;
}
