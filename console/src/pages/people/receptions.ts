import type { Schemas } from "@/api/client";
import { date } from "@/base/time";

type Rule = Schemas["RosterReception"];

const holidayWords: Record<Rule["holidays"], string> = { skip: "节假日停", move: "遇节假日顺延", keep: "节假日照常" };

/** Where a rule's days are, in words. */
export function whereOf(r: Rule, rooms: Map<string, string>, places: Map<string, string>): string {
  if (r.room) return rooms.get(r.room) ?? r.room;
  if (r.place) return places.get(r.place) ?? r.place;
  return "本站";
}

/** 每周五 09:00–12:00 · 至少 2 人 · 每段 30 分钟 3 个名额 · 节假日停: what a rule says. An empty number is the server's default. */
export function ruleWords(r: Rule, now = new Date()): string {
  const min = r.min || 1;
  const parts = [`${r.repeat} ${r.from}–${r.to}`, r.max ? (r.max === min ? `${min} 人` : `${min} 至 ${r.max} 人`) : `至少 ${min} 人`];
  if (r.sectors.length) parts.push(`要有界别 ${r.sectors.join("、")}`);
  if (r.expertise.length) parts.push(`要有专长 ${r.expertise.join("、")}`);
  parts.push(r.seats ? `每段 ${r.slot || 30} 分钟 ${r.seats} 个名额${r.walk_ins ? `（留 ${r.walk_ins} 个给现场）` : ""}` : "不用预约，直接来");
  parts.push(holidayWords[r.holidays], `提前 ${r.publish || 7} 天公布`);
  const from = r.valid_from ? `${date(r.valid_from, now)}起` : "";
  const to = r.valid_to ? `${date(r.valid_to, now)}止` : "";
  if (from || to) parts.push(from + to);
  return parts.join(" · ");
}
