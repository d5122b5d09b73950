import { api, unwrap, type Schemas } from "@/api/client";

/** A submission that is to be given to somebody. */
export interface Assignable {
  id: string;
  version: number;
  number: string;
  assignee?: { id: string; name: string } | null;
}

export type Given = Schemas["GivenOne"];

/** What came of giving some to a member. */
export interface Assigned {
  to: { id: string; name: string };
  given: Given[];
  failed: Given[];
}

/** Somebody who can be chosen, with what speaks for and against them. */
export interface Choice {
  id: string;
  name: string;
  sector: string;
  open: number;
  capacity: number;
  away: boolean;
  /** The rules propose them. */
  proposed: boolean;
  full: boolean;
  pro: string[];
  contra: string[];
}

/** Gives the submissions to the member, each for itself. */
export async function assign(items: Assignable[], to: { id: string; name: string }, reason: string, note = ""): Promise<Assigned> {
  const answer = await unwrap(
    api.POST("/api/v1/station/submissions/assign", { body: { items: items.map(({ id, version }) => ({ id, version })), to: to.id, reason, ...(note ? { note } : {}) } }),
  );
  return { to, given: answer.items.filter((g) => !g.code), failed: answer.items.filter((g) => g.code) };
}

/** Gives back what others had before; what nobody had stays where it is. */
export async function takeBack(done: Assigned): Promise<{ back: number; stayed: number; failed: Given[] }> {
  const groups = new Map<string, { to: { id: string; name: string }; items: Assignable[] }>();
  let stayed = 0;
  for (const g of done.given) {
    if (!g.before || !g.submission) {
      stayed += 1;
      continue;
    }
    const group = groups.get(g.before.id) ?? { to: g.before, items: [] };
    group.items.push(g.submission);
    groups.set(g.before.id, group);
  }
  let back = 0;
  const failed: Given[] = [];
  for (const { to, items } of groups.values()) {
    const r = await assign(items, to, "撤销刚才的分派");
    back += r.given.length;
    failed.push(...r.failed);
  }
  return { back, stayed, failed };
}

/** Every member of the station, whatever the length of a page. */
export async function members(): Promise<Schemas["Colleague"][]> {
  const all: Schemas["Colleague"][] = [];
  for (let cursor = ""; ; ) {
    const page = await unwrap(api.GET("/api/v1/members", { params: { query: { limit: 100, cursor } } }));
    all.push(...page.items);
    if (!page.next_cursor) return all;
    cursor = page.next_cursor;
  }
}

/** Who can be chosen for these: whom the rules propose for a single one first, then by load. */
export async function choicesFor(items: Assignable[]): Promise<Choice[]> {
  const only = items.length === 1 ? items[0] : undefined;
  const none: Schemas["Suggestion"] = { candidates: [], passed: [] };
  const [all, rules] = await Promise.all([
    members(),
    only ? unwrap(api.GET("/api/v1/submissions/{id}/candidates", { params: { path: { id: only.id } } })) : Promise.resolve(none),
  ]);
  const known = new Map(all.map((m) => [m.id, m]));
  const passed = new Map(rules.passed.map((p) => [p.id, p.text]));
  const proposed = rules.candidates.map((c): Choice => ({
    id: c.id, name: c.name, sector: c.sector, open: c.open, capacity: c.capacity, away: known.get(c.id)?.away ?? false,
    proposed: true, full: c.full, pro: c.for.map((g) => g.text), contra: c.against.map((g) => g.text),
  }));
  const rest = all
    .filter((m) => m.id !== only?.assignee?.id && !proposed.some((c) => c.id === m.id))
    .map((m): Choice => {
      const [open, capacity] = [m.open ?? 0, m.capacity ?? 0];
      const why = passed.get(m.id);
      return {
        id: m.id, name: m.name, sector: m.sector, open, capacity, away: m.away, proposed: false, full: capacity > 0 && open >= capacity,
        pro: [], contra: why ? [why] : [],
      };
    })
    .sort((a, b) => Number(a.away) - Number(b.away) || a.open / (a.capacity || 1) - b.open / (b.capacity || 1));
  return [...proposed, ...rest];
}
