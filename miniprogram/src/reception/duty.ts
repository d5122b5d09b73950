import type { Schemas } from "@/api/client";

export type Day = Schemas["ReceptionDay"];
export type Swap = Schemas["ReceptionSwap"];

/** Why a member cannot come. */
export const reasons = ["外出", "生病", "公务", "其他"] as const;
export type Reason = (typeof reasons)[number];

/** The caller's own seat of a day. */
export function ownSeat(d: Day): Schemas["ReceptionSeat"] | undefined {
  return d.roster.find((s) => s.mine);
}

/** The caller's own swap that is open, or the last one that was refused while they still sit. */
export function ownSwap(d: Day): Swap | undefined {
  const me = ownSeat(d)?.member;
  return d.swaps.find((s) => s.mine) ?? d.swaps.filter((s) => s.from === me && s.state === "refused").at(-1);
}

/** The swaps of days in which the caller is asked, by name or with everybody. */
export function asksOf(days: Day[], byName: boolean): { day: Day; swap: Swap }[] {
  return days.flatMap((day) => day.swaps.filter((s) => s.asks && (s.to !== "") === byName).map((swap) => ({ day, swap })));
}

/** The swaps that wait for the caller's approval as a convener. */
export function toApprove(days: Day[]): { day: Day; swap: Swap }[] {
  return days.filter((d) => d.edits).flatMap((day) => day.swaps.filter((s) => s.state === "agreed").map((swap) => ({ day, swap })));
}

/** Who else sits. */
export function others(d: Day): string[] {
  return d.roster.filter((s) => !s.mine && s.state !== "out").map((s) => s.name);
}
