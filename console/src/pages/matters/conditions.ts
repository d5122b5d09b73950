import type { Schemas } from "@/api/client";
import type { Filter } from "./query";
import { channels, dues, flags, kinds, outcomes, states, visitors } from "./words";

/** A condition of the filter in words, and the change that removes it. */
export interface Condition {
  key: keyof Filter;
  text: string;
  without: Partial<Filter>;
}

const named = (list: { id: string; name: string }[] | undefined, id: string): string => list?.find((x) => x.id === id)?.name ?? id;
const pairs = (list: [string, string][], v: string): string => list.find(([k]) => k === v)?.[1] ?? v;

/** Lists the conditions of a filter beside state, search and order. choices has the names of the roster. */
export function conditionsOf(f: Filter, c: Schemas["Choices"] | null): Condition[] {
  const conditionOf = (key: keyof Filter, text: string): Condition => ({ key, text, without: { [key]: Array.isArray(f[key]) ? [] : "" } });
  const out: Condition[] = [];
  if (f.due) out.push(conditionOf("due", pairs(dues, f.due)));
  if (f.outcome.length) out.push(conditionOf("outcome", f.outcome.map((x) => pairs(outcomes, x)).join("或")));
  if (f.flag.length) out.push(conditionOf("flag", f.flag.map((x) => flags[x]?.text ?? x).join("或")));
  if (f.tag.length) out.push(conditionOf("tag", `标签：${f.tag.join("或")}`));
  if (f.mine) out.push(conditionOf("mine", f.mine === "mentioned" ? "备注提到我的" : "今天要提醒我的"));
  if (f.member) out.push(conditionOf("member", f.member === "-" ? "没有办理委员" : `委员：${named(c?.members, f.member)}`));
  if (f.sector) out.push(conditionOf("sector", `界别：${f.sector}`));
  if (f.kind.length) out.push(conditionOf("kind", f.kind.map((x) => pairs(kinds, x)).join("或")));
  if (f.category.length) out.push(conditionOf("category", f.category.map((x) => (x === "-" ? "未归类" : named(c?.categories, x))).join("或")));
  if (f.visitor.length) out.push(conditionOf("visitor", f.visitor.map((x) => pairs(visitors, x)).join("或")));
  if (f.channel.length) out.push(conditionOf("channel", f.channel.map((x) => pairs(channels, x)).join("或")));
  if (f.room) out.push(conditionOf("room", `议事室：${named(c?.rooms, f.room)}`));
  if (f.place) out.push(conditionOf("place", `点位：${named(c?.places, f.place)}`));
  if (f.from || f.to) out.push({ key: "from", text: `提交于 ${f.from || "最早"} 至 ${f.to || "今天"}`, without: { from: "", to: "" } });
  return out;
}

/** Describes the whole filter, for a printed list: 在办；委员：杨柳岸；搜索“路灯”. */
export function described(f: Filter, c: Schemas["Choices"] | null): string {
  const names: Record<string, string> = { open: "在办", over: "已结束", ...Object.fromEntries(states) };
  const all = f.state.length === 0 || ["open", "over"].every((s) => f.state.includes(s));
  const parts = [all ? "全部状态" : f.state.map((s) => names[s] ?? s).join("或"), ...conditionsOf(f, c).map((x) => x.text)];
  if (f.q.trim()) parts.push(`搜索“${f.q.trim()}”`);
  return parts.join("；");
}
