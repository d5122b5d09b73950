import type { Schemas } from "@/api/client";
import { date, mondayOf, shiftDay, weekday } from "@/base/time";

export type Day = Schemas["ReceptionDay"];
export type Plan = Schemas["ReceptionPlan"];
export type Swap = Schemas["ReceptionSwap"];
type Skipped = Schemas["ReceptionSkipped"];

/** How many weeks the page shows. */
export const weeksShown = 8;

/** How pressing something is: red, amber, blue, grey. */
export type Tone = "none" | "few" | "swap" | "calm";

/** One thing that a day lacks, or that is to be known of it. */
export interface Lack {
  tone: Tone;
  text: string;
}

/** 12月4日 周五. */
export function dayWords(day: string, now = new Date()): string {
  return `${date(day, now)} ${weekday(day)}`;
}

/** 12月4日 周五 09:00–12:00. */
export function timeWords(d: Pick<Day, "date" | "from" | "to">, now = new Date()): string {
  return `${dayWords(d.date, now)} ${d.from}–${d.to}`;
}

/** Reports whether a day has ended. It ends at 24:00 at the latest, which no Date names as a time of its day. */
export function isOver(d: Pick<Day, "date" | "to">, now = new Date()): boolean {
  const [hours = 0, minutes = 0] = d.to.split(":").map(Number);
  return now.getTime() >= Date.parse(`${d.date}T00:00:00+08:00`) + (hours * 60 + minutes) * 60_000;
}

/** A swap that waits for the liaison; one that is only asked waits for a member. */
export const awaitsApproval = (s: Swap): boolean => s.state === "agreed";
export const isOpenSwap = (s: Swap): boolean => s.state === "asked" || s.state === "agreed";

/** What a day lacks in words, the most pressing first. */
export function lacks(d: Day, now = new Date()): Lack[] {
  const { hole } = d;
  const few = (text: string): Lack => ({ tone: "few", text });
  const list: Lack[] = [];
  if (hole.nobody) list.push({ tone: "none", text: d.terms.min && d.terms.min > 1 ? `没有人，要 ${d.terms.min} 人` : "没有人" });
  else if (hole.few) list.push(few(`缺 ${hole.few} 人`));
  list.push(...hole.sectors.map((s) => few(`缺“${s}”界别`)), ...hole.expertise.map((e) => few(`缺“${e}”专长`)));
  list.push(...hole.away.map((n) => few(`${n}请假或离任`)), ...hole.out.map((n) => few(`${n}来不了`)), ...hole.double.map((n) => few(`${n}同时在别处`)));
  for (const s of d.swaps.filter(isOpenSwap)) {
    list.push({ tone: "swap", text: awaitsApproval(s) ? `${s.from_name}换班待批` : `${s.from_name}在找人换` });
  }
  if (d.moved_from && d.state !== "cancelled") list.push({ tone: "calm", text: `由 ${date(d.moved_from, now)} ${d.moved_from === d.planned ? "顺延或改期" : "改期"}` });
  if (d.clash) list.push({ tone: "calm", text: "与顺延来的同一天" });
  if (d.uncertain) list.push({ tone: "calm", text: "日期可能会变" });
  return list;
}

/** Reports whether something is to be done for a day: a hole, or somebody who cannot come. */
export const isLacking = (d: Day): boolean => d.hole.open;

/** The states of a day in words. */
export const stateNames: Record<Day["state"], string> = { draft: "草稿", published: "已公布", held: "待归档", closed: "已归档", cancelled: "已取消" };

/** What a member says of a day, in words. */
export const wishNames = { wants: "想来", declines: "不方便" };

/** The place of a day as one value, for the filter. */
export const placeKey = (d: Pick<Day, "kind" | "target">): string => (d.target ? `${d.kind}:${d.target}` : d.kind);

/** The places of the days, each once, in the order of their names. */
export function placesOf(days: Day[]): { value: string; label: string }[] {
  const found = new Map(days.map((d) => [placeKey(d), d.where]));
  return [...found].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label, "zh"));
}

/** One line of the page: a day, or a date that a holiday took away. */
export type Line = { key: string; date: string; day: Day; skipped?: undefined } | { key: string; date: string; day?: undefined; skipped: Skipped };

export interface Week {
  /** Its Monday. */
  monday: string;
  title: string;
  lines: Line[];
  /** How many of its days lack something. */
  holes: number;
}

/** 本周, 下周, or nothing. */
function nearWords(monday: string, today: string): string {
  const ahead = (Date.parse(monday) - Date.parse(mondayOf(today))) / (7 * 86_400_000);
  return { "-1": "上周 ", "0": "本周 ", "1": "下周 " }[String(ahead)] ?? "";
}

/** 12月7日–12月13日; the year is said once. */
function weekWords(monday: string, now: Date): string {
  const [from, to] = [date(monday, now), date(shiftDay(monday, 6), now)];
  const year = /^\d+年/.exec(from)?.[0] ?? "";
  return `${from}–${year && to.startsWith(year) ? to.slice(year.length) : to}`;
}

/** Groups what the page shows by week, in order. Weeks without a line are left out. */
export function weeksOf(plan: Plan, shown: { place: string; lacking: boolean }, today: string, now = new Date()): Week[] {
  const days: Line[] = plan.items
    .filter((d) => (!shown.place || placeKey(d) === shown.place) && (!shown.lacking || isLacking(d)))
    .map((d) => ({ key: d.id, date: d.date, day: d }));
  const skipped: Line[] = shown.lacking ? [] : plan.skipped.filter((s) => !shown.place || placeKey(s) === shown.place).map((s) => ({ key: `${s.rule}/${s.planned}`, date: s.planned, skipped: s }));
  const byWeek = new Map<string, Line[]>();
  for (const l of [...days, ...skipped].sort((a, b) => a.date.localeCompare(b.date) || (a.day?.from ?? "").localeCompare(b.day?.from ?? ""))) {
    const monday = mondayOf(l.date);
    byWeek.set(monday, [...(byWeek.get(monday) ?? []), l]);
  }
  return [...byWeek].sort(([a], [b]) => a.localeCompare(b)).map(([monday, lines]) => ({
    monday, lines, title: `${nearWords(monday, today)}${weekWords(monday, now)}`,
    holes: lines.filter((l) => l.day && isLacking(l.day)).length,
  }));
}

/** 全部 50 位委员每月各坐 1 次：12月有 4 天，每天要 13 人. What a target asks of a month, and whether the days hold it. */
export function monthWords(m: Schemas["ReceptionMonth"]): string {
  const month = `${Number(m.month.slice(5))}月`;
  const need = `${m.wanted} 位委员、每月各 1 次：${month}有 ${m.days} 天，每天要 ${m.each} 人`;
  return m.possible < m.wanted ? `${need}；按现在的人数只坐得下 ${m.possible} 人次` : need;
}

/** What a proposal still lacks after it is accepted. */
export function stillLacks(p: Schemas["ReceptionProposal"]): Lack[] {
  const few = (text: string): Lack => ({ tone: "few", text });
  return [...(p.short ? [few(`还缺 ${p.short} 人`)] : []), ...p.sectors.map((s) => few(`还缺“${s}”界别`)), ...p.expertise.map((e) => few(`还缺“${e}”专长`))];
}

/** The members of a day who come, in their order: who is out is not among them. */
export function sitting(d: Day): string[] {
  return d.roster.filter((s) => s.state !== "out").map((s) => s.member);
}
