import { call, type Schemas } from "@/api/client";
import { finds } from "./fold";

/** Every member of the station, whatever the length of a page. */
export async function colleagues(): Promise<Schemas["Colleague"][]> {
  const all: Schemas["Colleague"][] = [];
  for (let cursor = ""; ; ) {
    const page = await call("get", "/api/v1/members", { query: { limit: 100, cursor } });
    all.push(...page.items);
    if (!page.next_cursor) return all;
    cursor = page.next_cursor;
  }
}

/** Those whom a search finds by name, sector, village or what they are good at. */
export function sought<T extends Schemas["Colleague"]>(members: readonly T[], search: string): T[] {
  return members.filter((m) => finds(search, m.name, m.sector, m.village, ...m.expertise));
}
