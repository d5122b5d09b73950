import { dayAhead } from "@/base/time";

export interface Later {
  name: string;
  until: Date;
}

const hour = 3_600_000;
/** The hours of a working day at which one looks again, with the last hour before that makes sense. */
const clocks: [at: string, name: string][] = [["14:00", "下午两点"], ["16:30", "下班前（16:30）"]];

/** Returns the times today until which a matter can be put off, the first first. */
export function laterToday(now = new Date()): Later[] {
  const at = (clock: string): Date => new Date(`${dayAhead(0, now)}T${clock}:00+08:00`);
  const midnight = new Date(`${dayAhead(1, now)}T00:00:00+08:00`);
  return [
    { name: "1 小时后", until: new Date(now.getTime() + hour) },
    ...clocks.map(([clock, name]) => ({ name, until: at(clock) })).filter((l) => l.until.getTime() - now.getTime() >= hour),
    { name: "明天再看", until: midnight },
  ].filter((l) => l.until <= midnight);
}
