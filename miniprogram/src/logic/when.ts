/**
 * Times in words, in the station's zone (UTC+8, no daylight saving) and never in
 * the phone's, because deadlines are the station's.
 */

const minute = 60_000;
const hour = 60 * minute;
const half = 30 * minute;
const day = 24 * hour;
const zone = 8 * hour;

/** The parts of a moment in the station's zone. */
export interface Local {
  year: number;
  month: number;
  date: number;
  weekday: number;
  hour: number;
  minute: number;
}

export function local(ms: number): Local {
  const t = new Date(ms + zone);
  return {
    year: t.getUTCFullYear(), month: t.getUTCMonth() + 1, date: t.getUTCDate(),
    weekday: t.getUTCDay(), hour: t.getUTCHours(), minute: t.getUTCMinutes(),
  };
}

/** Returns the days since 1970 in the station's zone. */
export function dayNumber(ms: number): number {
  return Math.floor((ms + zone) / day);
}

const two = (n: number): string => String(n).padStart(2, "0");

/** "15:04"; midnight at the end of a span is 24:00. */
export function clock(ms: number, end = false): string {
  const l = local(ms);
  return end && l.hour === 0 && l.minute === 0 ? "24:00" : `${two(l.hour)}:${two(l.minute)}`;
}

/** "2006-01-02". */
export function isoDate(ms: number): string {
  const l = local(ms);
  return `${l.year}-${two(l.month)}-${two(l.date)}`;
}

/** Returns the moment of a local date and time ("2006-01-02", "15:04"); NaN for a wrong one. */
export function moment(date: string, time = "00:00"): number {
  return Date.parse(`${date}T${time}:00+08:00`);
}

/** The words of a language for times (i18n). */
export interface TimeWords {
  today: string;
  tomorrow: string;
  yesterday: string;
  weekdays: readonly string[];
  date: (l: Local, sameYear: boolean) => string;
  justNow: string;
  ago: (n: number, unit: "minute" | "hour") => string;
  /** "今天 15:04 前". */
  byClock: (day: string, clock: string) => string;
  /** "明天早上 8 点前". Midnight at the end of a day is 24. */
  byHour: (day: string, hour: number, half: boolean) => string;
  left: (n: number, unit: "minute" | "hour" | "day") => string;
  late: (n: number, unit: "minute" | "hour" | "day") => string;
}

/** "今天", "明天" or a date. */
export function dayWord(ms: number, now: number, w: TimeWords): string {
  const ahead = dayNumber(ms) - dayNumber(now);
  if (ahead === 0) return w.today;
  if (ahead === 1) return w.tomorrow;
  if (ahead === -1) return w.yesterday;
  return w.date(local(ms), local(ms).year === local(now).year);
}

/** "今天 15:04". */
export function at(ms: number, now: number, w: TimeWords): string {
  return `${dayWord(ms, now, w)} ${clock(ms)}`;
}

/** "刚刚", "20 分钟前"; after a day the moment itself. */
export function ago(ms: number, now: number, w: TimeWords): string {
  const d = Math.max(0, now - ms);
  if (d < minute) return w.justNow;
  if (d < hour) return w.ago(Math.floor(d / minute), "minute");
  if (d < day) return w.ago(Math.floor(d / hour), "hour");
  return at(ms, now, w);
}

/**
 * A deadline as people say it: "明天早上 8 点前" for 07:48.
 *
 * It is rounded up to the next half hour. Rounded down it would promise what nobody
 * owes; rounded up, whoever keeps the deadline also keeps what was said, and the words
 * are off by less than half an hour. In the last hour, and once it has passed, minutes
 * matter: the words are exact. What counts as late is the deadline itself, never the words.
 */
export function by(ms: number, now: number, w: TimeWords): string {
  if (ms - now <= hour) return byExactly(ms, now, w);
  const up = Math.ceil(ms / half) * half;
  // Midnight ends a day; it does not begin the next.
  const day = dayWord(up - 1, now, w);
  const l = local(up);
  return w.byHour(day, l.hour === 0 && l.minute === 0 ? 24 : l.hour, l.minute === 30);
}

/** "明天 07:48 前", for whoever has to keep it. */
export function byExactly(ms: number, now: number, w: TimeWords): string {
  return w.byClock(dayWord(ms, now, w), clock(ms));
}

/** A deadline in words, with its urgency. */
export interface Due {
  late: boolean;
  /** Less than four hours are left, or it is late. */
  soon: boolean;
  words: string;
}

const near = 4 * hour;

export function due(ms: number, now: number, w: TimeWords): Due {
  const d = ms - now;
  const late = d < 0;
  const n = Math.abs(d);
  const say = late ? w.late : w.left;
  const words = n < hour ? say(Math.max(1, Math.floor(n / minute)), "minute") : n < day ? say(Math.floor(n / hour), "hour") : say(Math.floor(n / day), "day");
  return { late, soon: d < near, words };
}

/** Returns the date of the station's calendar that is days after a moment: "2026-12-20". */
export function dayAhead(ms: number, days: number): string {
  const l = local(ms + days * day);
  return `${l.year}-${two(l.month)}-${two(l.date)}`;
}

/** Returns the whole seconds from now until end, both in milliseconds; at least 0. */
export function secondsLeft(end: number, now: number): number {
  return Math.max(0, Math.ceil((end - now) / 1000));
}
