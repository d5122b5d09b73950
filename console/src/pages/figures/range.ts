// Spans of days in Beijing time. As in the API, both ends are included.

export type Preset = "week" | "month" | "year" | "custom";
export type Step = "day" | "week" | "month";

export interface Range {
  from: string;
  to: string;
}

const dayMs = 86_400_000;
const zoneMs = 8 * 3_600_000; // UTC+8, without daylight saving

/** Returns the date of a moment in Beijing: 2026-05-01. */
export function dayOf(at: Date): string {
  return new Date(at.getTime() + zoneMs).toISOString().slice(0, 10);
}

/** Returns the date that is days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Counts the days of a span, including the last. */
export function daysIn(r: Range): number {
  return Math.round((Date.parse(r.to) - Date.parse(r.from)) / dayMs) + 1;
}

/** Returns the present week (from Monday), month or year up to today. */
export function presetRange(preset: Exclude<Preset, "custom">, now: Date): Range {
  const today = dayOf(now);
  if (preset === "week") {
    const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
    return { from: addDays(today, -weekday), to: today };
  }
  return { from: preset === "month" ? `${today.slice(0, 8)}01` : `${today.slice(0, 5)}01-01`, to: today };
}

/** Chooses the step that suits the length of a span. */
export function stepFor(r: Range): Step {
  const days = daysIn(r);
  if (days <= 62) return "day";
  return days <= 190 ? "week" : "month";
}

/** Returns the label of a point on an axis. */
export function pointName(from: string, step: Step): string {
  const day = dayOf(new Date(from));
  const [year, month, date] = day.split("-").map(Number);
  if (step === "month") return `${year}年${month}月`;
  return `${month}月${date}日${step === "week" ? "起" : ""}`;
}

/** Returns the days of a point. The API gives moments and excludes the end. */
export function pointRange(p: { from: string; to: string }): Range {
  return { from: dayOf(new Date(p.from)), to: dayOf(new Date(Date.parse(p.to) - 1)) };
}
