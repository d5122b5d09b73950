// Times are in the station's zone, whatever the zone of the computer.
const zone = "Asia/Shanghai";

const parts = new Intl.DateTimeFormat("zh-CN", {
  timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

interface Parts {
  year: number;
  month: number;
  day: number;
  clock: string;
}

function take(at: Date): Parts {
  const p = Object.fromEntries(parts.formatToParts(at).map((x) => [x.type, x.value]));
  return { year: Number(p.year), month: Number(p.month), day: Number(p.day), clock: `${p.hour}:${p.minute}` };
}

/** Returns the days since the epoch in the station's zone. */
function dayNumber(p: Parts): number {
  return Date.UTC(p.year, p.month - 1, p.day) / 86_400_000;
}

/** 今天 17:30, 昨天 09:05, 5月3日 17:30, 2025年12月31日 17:30. */
export function moment(at: string | Date, now = new Date()): string {
  const p = take(new Date(at));
  const n = take(now);
  const ahead = dayNumber(p) - dayNumber(n);
  const near = ({ "-1": "昨天", "0": "今天", "1": "明天" } as Record<string, string>)[String(ahead)];
  if (near) return `${near} ${p.clock}`;
  return `${p.year === n.year ? "" : `${p.year}年`}${p.month}月${p.day}日 ${p.clock}`;
}

/** 2026年5月3日 17:30: for paper, which is read on another day. */
export function stamp(at: string | Date): string {
  const p = take(new Date(at));
  return `${p.year}年${p.month}月${p.day}日 ${p.clock}`;
}

/** 5月3日, with the year unless it is this one. */
export function day(at: string | Date, now = new Date()): string {
  const p = take(new Date(at));
  return `${p.year === take(now).year ? "" : `${p.year}年`}${p.month}月${p.day}日`;
}

/** 3 分钟, 5 小时, 2 天: the largest unit that fits. */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 60) return `${minutes} 分钟`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} 小时`;
  return `${Math.floor(minutes / 1440)} 天`;
}

/** How long ago: 刚刚, 3 分钟前. */
export function ago(at: string | Date, now = new Date()): string {
  const ms = now.getTime() - new Date(at).getTime();
  return ms < 60_000 ? "刚刚" : `${span(ms)}前`;
}

/** A deadline in words: 超期 2 天, 还有 5 小时, 5月3日 17:30 前. */
export function due(at: string | Date, now = new Date()): string {
  const ms = new Date(at).getTime() - now.getTime();
  if (ms < 0) return `超期 ${span(-ms)}`;
  if (ms < 3 * 3_600_000) return `还有 ${span(ms)}`;
  return `${moment(at, now)}前`;
}

/** Returns the date of the station's calendar that is days after now: 2026-12-20. */
export function dayAhead(days: number, now = new Date()): string {
  const p = take(now);
  return new Date(Date.UTC(p.year, p.month - 1, p.day + days)).toISOString().slice(0, 10);
}

/** 12月20日, 2027年1月5日: a day of the form 2026-12-20 in words. */
export function date(day: string, now = new Date()): string {
  const [y, m, d] = day.split("-").map(Number);
  return `${y === take(now).year ? "" : `${y}年`}${m}月${d}日`;
}

const weekdayNames = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

/** 周五: the weekday of a day of the form 2026-12-04. */
export function weekday(day: string): string {
  return weekdayNames[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? "";
}

/** Returns the day that is some days after another: 2026-12-04, 3 gives 2026-12-07. */
export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Returns the Monday of a day's week. */
export function mondayOf(day: string): string {
  return shiftDay(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}
