import type { Schemas } from "@/api/client";
import { date, moment, span, stamp } from "@/base/time";

export const states: [string, string][] = [
  ["held", "待核对"], ["pooled", "待分派"], ["assigned", "待受理"], ["accepted", "办理中"],
  ["waiting", "待补充"], ["answered", "已答复"], ["closed", "已办结"], ["withdrawn", "已撤回"],
];
export const openStates = states.slice(0, 6).map(([s]) => s);
export const kinds: [string, string][] = [["complaint", "投诉"], ["suggestion", "建议"], ["inquiry", "咨询"], ["help", "求助"], ["dispute", "纠纷"]];
export const visitors: [string, string][] = [["resident", "群众"], ["tourist", "游客"], ["business", "商户"]];
export const channels: [string, string][] = [["scan", "扫码"], ["call", "来电"], ["visit", "来访"], ["reception", "接待日"]];
export const dues: [string, string][] = [["overdue", "已超期"], ["today", "今天到期"], ["soon", "三天内到期"]];
export const sorts: [string, string][] = [["newest", "最新提交在前"], ["due", "最先到期在前"], ["promised", "最先约定落实在前"], ["oldest", "最早提交在前"]];
export const outcomes: [string, string][] = [
  ["agreed", "待落实"], ["solved", "已解决"], ["explained", "已解释"], ["referred", "已转办"], ["impossible", "客观不能"], ["merged", "已合并"], ["invalid", "不予受理"],
];

/** The flags: their text and urgency. */
export const flags: Record<string, { text: string; type: "danger" | "warning" | "info" }> = {
  alarm: { text: "险情未处置", type: "danger" },
  danger: { text: "涉及险情", type: "warning" },
  uncontacted: { text: "首次联系超时", type: "danger" },
  assist_late: { text: "协办超时", type: "danger" },
  untold: { text: "要打电话", type: "warning" },
  photos: { text: "照片待审", type: "warning" },
  returned: { text: "退回过", type: "info" },
  reopened: { text: "重新打开过", type: "warning" },
  low_rating: { text: "评价差", type: "warning" },
  follow_up: { text: "待回访", type: "warning" },
  about_member: { text: "反映委员", type: "info" },
  promise_late: { text: "约定到期未落实", type: "danger" },
  fulfilled: { text: "已落实", type: "info" },
};

/** Returns the flags to show, without those that another one implies. */
export function shownFlags(list: string[]): string[] {
  const implied = [list.includes("alarm") && "danger", list.includes("follow_up") && "low_rating"];
  return list.filter((f) => !implied.includes(f));
}

export type Row = Schemas["Row"];

/** Returns the deadline in words, and its urgency. */
export function dueWords(s: Pick<Row, "state" | "due_at" | "paused_at" | "closed_at" | "lead" | "promise">, now = new Date()): { text: string; press: "late" | "near" | "" } {
  if (s.promise?.day && !s.promise.fulfilled_at) return { text: `约定 ${date(s.promise.day)}前落实`, press: s.promise.late ? "late" : "" };
  if (s.state === "closed" || s.state === "withdrawn") return { text: s.closed_at ? moment(s.closed_at, now) : "", press: "" };
  if (s.state === "waiting") return { text: "暂停计时", press: "" };
  if (s.state === "answered") return { text: "已答复，待办结", press: "" };
  if (s.lead) return { text: "随并入的诉求", press: "" };
  const ms = new Date(s.due_at).getTime() - now.getTime();
  if (ms < 0) return { text: `超期 ${span(-ms)}`, press: "late" };
  return { text: `${moment(s.due_at, now)} 前`, press: ms < 24 * 3_600_000 ? "near" : "" };
}

/** Returns the deadline for paper: with its day, and without what is true at this moment alone. */
export function dueStamp(s: Pick<Row, "state" | "due_at" | "paused_at" | "closed_at" | "lead" | "promise">): string {
  if (s.promise?.day && !s.promise.fulfilled_at) return `约定 ${s.promise.day} 前落实`;
  if (s.state === "closed" || s.state === "withdrawn") return s.closed_at ? stamp(s.closed_at) : "";
  if (s.state === "waiting") return "等群众补充，暂停计时";
  if (s.lead) return "随并入的诉求";
  return `${stamp(s.due_at)} 前`;
}
