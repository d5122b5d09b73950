import { call, type Schemas } from "@/api/client";
import { finds } from "./fold";

/** Loads all members of the station, page by page. */
export async function colleagues(): Promise<Schemas["Colleague"][]> {
  const all: Schemas["Colleague"][] = [];
  for (let cursor = ""; ; ) {
    const page = await call("get", "/api/v1/members", { query: { limit: 100, cursor } });
    all.push(...page.items);
    if (!page.next_cursor) return all;
    cursor = page.next_cursor;
  }
}

/** Returns the members that match a search by name, sector, village or expertise. */
export function searchMembers<T extends Schemas["Colleague"]>(members: readonly T[], search: string): T[] {
  return members.filter((m) => finds(search, m.name, m.sector, m.village, ...m.expertise));
}
