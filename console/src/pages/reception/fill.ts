import { api, unwrap } from "@/api/client";
import { sitting, type Day } from "./days";

/** A roster that was put, and the one before it. */
export interface PutRoster {
  day: Day;
  members: string[];
}
export type FormerRosters = PutRoster[];

/** The rosters to be put for the days that are wanted: who sits already, and whom the proposal adds. */
export function accepted(list: { day: Day; adds: { member: string }[] }[], wanted: Set<string>): FormerRosters {
  return list.filter((p) => wanted.has(p.day.id) && p.adds.length).map((p) => ({ day: p.day, members: [...sitting(p.day), ...p.adds.map((s) => s.member)] }));
}

/** Puts the rosters, all or none. */
export async function accept(list: FormerRosters): Promise<void> {
  await unwrap(api.POST("/api/v1/reception/fill", { body: { days: list.map((x) => ({ day: x.day.id, revision: x.day.revision, members: x.members })) } }));
}

const same = (a: string[], b: string[]): boolean => a.length === b.length && a.every((m) => b.includes(m));

/**
 * Puts the former rosters back: of the days that are still as they were put. It returns
 * the dates of the others, which somebody has changed since.
 */
export async function putRosters(list: FormerRosters): Promise<string[]> {
  const dates = list.map((x) => x.day.date).sort();
  const query = { from: dates[0] ?? "", to: dates[dates.length - 1] ?? "" };
  const now = new Map((await unwrap(api.GET("/api/v1/reception/days", { params: { query } }))).items.map((d) => [d.id, d]));
  const [back, left] = former(list, now);
  if (back.length) await accept(back);
  return left;
}

/** Splits what is to be put back from what changed since, whose dates it returns. */
export function former(list: FormerRosters, now: Map<string, Day>): [back: FormerRosters, left: string[]] {
  const back: FormerRosters = [];
  const left: string[] = [];
  for (const x of list) {
    const d = now.get(x.day.id);
    if (d && same(sitting(d), x.members)) back.push({ day: d, members: sitting(x.day) });
    else left.push(x.day.date);
  }
  return [back, left];
}
