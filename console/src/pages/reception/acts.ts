import { api, Problem, unwrap, type Schemas } from "@/api/client";
import { conflictText, problemText } from "@/api/problem";
import type { Day } from "./days";

const of = (d: Day) => ({ params: { path: { day: d.id } } });
type Outline = Omit<Schemas["ReceptionOutline"], "revision">;

/** The acts on a day as the user saw it. Each returns the day as it is then. */
export const dayActs = {
  load: (d: Day): Promise<Day> => unwrap(api.GET("/api/v1/reception/days/{day}", of(d))),
  roster: (d: Day, members: string[]): Promise<Day> => unwrap(api.POST("/api/v1/reception/days/{day}/roster", { ...of(d), body: { revision: d.revision, members } })),
  outline: (d: Day, o: Outline): Promise<Day> => unwrap(api.POST("/api/v1/reception/days/{day}/outline", { ...of(d), body: { revision: d.revision, ...o } })),
  publish: (d: Day): Promise<Day> => unwrap(api.POST("/api/v1/reception/days/{day}/publish", { ...of(d), body: { revision: d.revision } })),
  keep: (d: Day): Promise<Day> => unwrap(api.POST("/api/v1/reception/days/{day}/keep", { ...of(d), body: { revision: d.revision } })),
  restore: (d: Day): Promise<Day> => unwrap(api.POST("/api/v1/reception/days/{day}/restore", { ...of(d), body: { revision: d.revision } })),
  cancel: (d: Day, reason: string): Promise<Day> => unwrap(api.POST("/api/v1/reception/days/{day}/cancel", { ...of(d), body: { revision: d.revision, reason } })),
  close: (d: Day, present: string[]): Promise<Day> => unwrap(api.POST("/api/v1/reception/days/{day}/close", { ...of(d), body: { revision: d.revision, present } })),
  move: (d: Day, to: { date: string; from: string; to: string; reason: string }): Promise<Day> =>
    unwrap(api.POST("/api/v1/reception/days/{day}/postpone", { ...of(d), body: { revision: d.revision, ...to } })),
  askSwap: (d: Day, key: string, body: Schemas["AskedSwap"]): Promise<Day> =>
    unwrap(api.POST("/api/v1/reception/days/{day}/swaps", { params: { path: { day: d.id }, header: { "Idempotency-Key": key } }, body })),
  agree: (d: Day, swap: string, member: string): Promise<Day> =>
    unwrap(api.POST("/api/v1/reception/days/{day}/swaps/{swap}/agree", { params: { path: { day: d.id, swap } }, body: { member } })),
  approve: (d: Day, swap: string, why: string): Promise<Day> =>
    unwrap(api.POST("/api/v1/reception/days/{day}/swaps/{swap}/approve", { params: { path: { day: d.id, swap } }, body: why ? { why } : {} })),
  refuse: (d: Day, swap: string, why: string): Promise<Day> =>
    unwrap(api.POST("/api/v1/reception/days/{day}/swaps/{swap}/refuse", { params: { path: { day: d.id, swap } }, body: { why } })),
  announcement: (d: Day): Promise<Schemas["ReceptionAnnouncement"]> => unwrap(api.GET("/api/v1/reception/days/{day}/announcement", of(d))),
  candidates: (d: Day, member = ""): Promise<Schemas["SwapCandidates"]> =>
    unwrap(api.GET("/api/v1/reception/days/{day}/candidates", { params: { path: { day: d.id }, query: member ? { member } : {} } })),
};

/** Reports whether somebody else has changed the day since it was shown. */
export const isConflict = (e: unknown): e is Problem => e instanceof Problem && e.status === 409;

/** The code of a failure that has its final words. */
const told = "told";

/** The words of a failed act, those of its fields first. After a conflict the page shows the day anew, and the words say so. */
export function failure(e: unknown): string {
  if (e instanceof Problem && e.code === told) return e.message;
  if (isConflict(e)) return `${conflictText(e.message)}。已换成最新的，您填的还在，看过再提交一次`;
  const faults = e instanceof Problem ? Object.values(e.fields) : [];
  return faults.length ? faults.join("；") : problemText(e);
}

/**
 * Runs an act on a day. After a conflict it hands the present day to fresh, and throws
 * what is to be shown, unless nothing that the act is about has changed: then it is
 * tried once more, as on a day that was published by itself meanwhile.
 */
export async function onDay(d: Day, act: (d: Day) => Promise<Day>, fresh: (d: Day) => void, about?: (d: Day) => unknown): Promise<void> {
  try {
    fresh(await act(d));
  } catch (e) {
    if (isConflict(e)) {
      const now = await dayActs.load(d).catch(() => null); // the conflict is what is said
      if (now) fresh(now);
      if (now && about && now.revision !== d.revision && JSON.stringify(about(now)) === JSON.stringify(about(d))) return onDay(now, act, fresh);
    }
    throw new Problem(e instanceof Problem ? e.status : 0, { code: told, detail: failure(e), errors: e instanceof Problem ? e.body.errors : undefined });
  }
}
