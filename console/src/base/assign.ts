import { api, unwrap, type Schemas } from "@/api/client";

/** A submission that can be assigned to a member. */
export interface Assignable {
  id: string;
  version: number;
  number: string;
  assignee?: { id: string; name: string } | null;
}

export type Given = Schemas["GivenOne"];

/** The result of assigning submissions to a member. */
export interface Assigned {
  to: { id: string; name: string };
  given: Given[];
  failed: Given[];
}

/** A member who can be chosen, with the reasons for and against. */
export interface Choice {
  id: string;
  name: string;
  sector: string;
  open: number;
  capacity: number;
  away: boolean;
  /** The routing rules propose the member. */
  proposed: boolean;
  full: boolean;
  pro: string[];
  contra: string[];
}

/** Assigns the submissions to the member. Each succeeds or fails by itself. */
export async function assign(items: Assignable[], to: { id: string; name: string }, reason: string, note = ""): Promise<Assigned> {
  const answer = await unwrap(
    api.POST("/api/v1/station/submissions/assign", { body: { items: items.map(({ id, version }) => ({ id, version })), to: to.id, reason, ...(note ? { note } : {}) } }),
  );
  return { to, given: answer.items.filter((g) => !g.code), failed: answer.items.filter((g) => g.code) };
}

/** Returns a submission as it is now. */
export function present(id: string): Promise<Schemas["Submission"]> {
  return unwrap(api.GET("/api/v1/submissions/{id}", { params: { path: { id } } }));
}

/** Returns the submissions to their former members. Those without one stay assigned. */
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

/** Loads all members of the station, page by page. */
export async function members(): Promise<Schemas["Colleague"][]> {
  const all: Schemas["Colleague"][] = [];
  for (let cursor = ""; ; ) {
    const page = await unwrap(api.GET("/api/v1/members", { params: { query: { limit: 100, cursor } } }));
    all.push(...page.items);
    if (!page.next_cursor) return all;
    cursor = page.next_cursor;
  }
}

/** Lists the members who can be chosen. For a single submission the proposals of the rules come first; the others follow by load. */
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
