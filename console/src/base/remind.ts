import { dayAhead } from "@/base/time";

export interface Day {
  name: string;
  /** 2026-12-20 */
  day: string;
}

const weekdays = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

/** Returns the day of the week: 周四. */
export function weekday(day: string): string {
  return weekdays[new Date(`${day}T12:00:00Z`).getUTCDay()]!;
}

/** Returns the days on which one is commonly reminded: tomorrow, the rest of the working week, next Monday, in two weeks. */
export function commonDays(now = new Date()): Day[] {
  const list: Day[] = [{ name: "明天", day: dayAhead(1, now) }];
  for (let i = 2; i <= 8; i += 1) {
    const day = dayAhead(i, now);
    const name = weekday(day);
    if (name === "周六" || name === "周日") continue;
    list.push({ name: name === "周一" ? "下周一" : name, day });
    if (name === "周一") break;
  }
  return [...list, { name: "两周后", day: dayAhead(14, now) }];
}
