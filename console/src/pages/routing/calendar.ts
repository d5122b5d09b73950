import type { Schemas } from "@/api/client";

export type Day = Schemas["CalendarDay"];

/** A month: its days, and the number of empty cells before the first. */
export interface Month {
  month: number;
  before: number;
  days: Day[];
}

/** Groups a year's days by month. Weeks begin on Monday. */
export function months(days: Day[]): Month[] {
  const list: Month[] = [];
  for (const d of days) {
    const month = Number(d.date.slice(5, 7));
    if (list.at(-1)?.month !== month) list.push({ month, before: (weekday(d.date) + 6) % 7, days: [] });
    list.at(-1)?.days.push(d);
  }
  return list;
}

/** Returns 0 (Sunday) to 6. */
export function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/** Returns the date that is days later. */
export function shift(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Returns the date that a key moves to; "" for other keys. */
export function dateForKey(date: string, key: string): string {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key];
  if (step) return shift(date, step);
  const [y, m] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  const day = (year: number, month: number, d: number): string => new Date(Date.UTC(year, month, d)).toISOString().slice(0, 10);
  const last = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const d = Number(date.slice(8, 10));
  if (key === "Home") return shift(date, -((weekday(date) + 6) % 7));
  if (key === "End") return shift(date, (7 - weekday(date)) % 7);
  if (key === "PageUp") return day(y, m - 2, Math.min(d, last(y, m - 2)));
  if (key === "PageDown") return day(y, m, Math.min(d, last(y, m)));
  return "";
}

const weekdays = ["日", "一", "二", "三", "四", "五", "六"];
const kindNames: Record<Day["kind"], string> = { work: "工作日", weekend: "周末", holiday: "法定节假日", make_up: "调休上班" };

/** 7月1日 周三. */
export function dayName(date: string): string {
  return `${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日 周${weekdays[weekday(date)]}`;
}

/** Describes a day: 上班（调休，春节）, 休息（本站：赶集）. */
export function describeDay(d: Day): string {
  if (d.own) return `${d.work ? "上班" : "休息"}（本站：${d.own.name}）`;
  return `${d.work ? "上班" : "休息"}（${[kindNames[d.kind], d.name].filter(Boolean).join("，")}）`;
}

export function describeUsual(d: Day): string {
  return [kindNames[d.kind], d.name].filter(Boolean).join("，");
}
