import type { Schemas } from "@/api/client";

export type Rate = Schemas["Rate"];
export type Count = Schemas["Count"];

/** The number whose submissions are listed. With the span it is the query of /station/figures/list. */
export interface Opened {
  /** The title of the drawer. */
  title: string;
  figure: FigureName;
  part?: "yes" | "no" | "of";
  by?: Breakdown;
  key?: string;
  cross?: Breakdown;
  other?: string;
  /** The span, if it is not the page's. */
  from?: string;
  to?: string;
}

export type Breakdown = Schemas["Figures"]["by"];
export type FigureName =
  | "filed" | "left_out" | "solved_at_once" | "fulfilled" | "kept" | "first" | "answer" | "answered" | "solved" | "rated" | "confirmed" | "satisfied" | "followed_up" | "reopened"
  | "withdrawn" | "joint" | "merged" | "referred" | "impossible" | "invalid";

/** 97.3%, or – if there is nothing to count. */
export function percent(r: Count): string {
  return r.of === 0 ? "–" : `${((r.yes / r.of) * 100).toFixed(1).replace(/\.0$/, "")}%`;
}

/** Compares a rate with the span before, in words; "" if one of the two is empty. */
export function compareRates(now: Count, before: Count): string {
  if (now.of === 0 || before.of === 0) return "";
  const points = Math.round((now.yes / now.of - before.yes / before.of) * 1000) / 10;
  if (points === 0) return "与上期持平";
  return `${points > 0 ? "↑ 比上期高" : "↓ 比上期低"} ${Math.abs(points)} 个百分点`;
}

/** Compares a number with the span before, in words; "" if that was 0. */
export function compareNumbers(now: number, before: number): string {
  if (before === 0) return "";
  if (now === before) return "与上期持平";
  const share = Math.round((Math.abs(now - before) / before) * 100);
  return `${now > before ? "↑ 比上期多" : "↓ 比上期少"} ${share}%（上期 ${before}）`;
}

/** 45 分钟, 6.5 小时, 3.2 天. */
export function durationText(m: Schemas["Middle"]): string {
  if (m.of === 0) return "–";
  const short = (n: number): string => n.toFixed(1).replace(/\.0$/, "");
  if (m.minutes < 120) return `${m.minutes} 分钟`;
  return m.minutes < 48 * 60 ? `${short(m.minutes / 60)} 小时` : `${short(m.minutes / 1440)} 天`;
}

/** Compares two shares. An empty count is the smallest. */
export function byShare(a: Count, b: Count): number {
  const share = (r: Count): number => (r.of === 0 ? -1 : r.yes / r.of);
  return share(a) - share(b);
}
