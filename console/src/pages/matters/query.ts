import type { paths } from "@/api/schema";

export type Params = NonNullable<paths["/api/v1/station/submissions"]["get"]["parameters"]["query"]>;
type Lists = "state" | "kind" | "category" | "visitor" | "channel" | "outcome" | "flag" | "tag";
type Singles = "member" | "sector" | "room" | "place" | "due" | "from" | "to" | "mine" | "sort";

/** The filter of the list; "" and [] do not filter. */
export interface Filter extends Record<Lists, string[]>, Record<Singles, string> {
  /** The search. It may name a person, so it never becomes part of an address. */
  q: string;
}

const lists: Lists[] = ["state", "kind", "category", "visitor", "channel", "outcome", "flag", "tag"];
const singles: Singles[] = ["member", "sector", "room", "place", "due", "from", "to", "mine", "sort"];

export function empty(): Filter {
  return { state: [], kind: [], category: [], visitor: [], channel: [], outcome: [], flag: [], tag: [], member: "", sector: "", room: "", place: "", due: "", from: "", to: "", mine: "", sort: "", q: "" };
}

/** Returns the parameters of the address, without the search. */
export function toAddress(f: Filter): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of lists) if (f[name].length > 0) out[name] = f[name].join(",");
  for (const name of singles) if (f[name]) out[name] = f[name];
  return out;
}

/** Reads the filter from the parameters of the address; ignores other parameters. */
export function fromAddress(query: Record<string, unknown>, q: string): Filter {
  const f = empty();
  const text = (name: string): string => (typeof query[name] === "string" ? (query[name] as string) : "");
  for (const name of lists) f[name] = text(name).split(",").filter(Boolean);
  for (const name of singles) f[name] = text(name);
  f.q = q;
  return f;
}

/** Returns the parameters of the request. */
export function toParams(f: Filter): Params {
  return { ...toAddress(f), ...(f.q.trim() ? { q: f.q.trim() } : {}) } as unknown as Params;
}

/** Returns the form in which a named filter is saved, with the search. */
export function toSaved(f: Filter): string {
  return new URLSearchParams(toParams(f) as unknown as Record<string, string>).toString();
}

export function fromSaved(saved: string): Filter {
  const all = Object.fromEntries(new URLSearchParams(saved));
  return fromAddress(all, all.q ?? "");
}

/** Counts the conditions beside state, search and order. */
export function conditions(f: Filter): number {
  const { state: _s, sort: _o, ...rest } = toAddress(f);
  return Object.keys(rest).length;
}
