import type { Schemas } from "@/api/client";
import { due, moment } from "@/base/time";

type Matter = Schemas["Submission"];

/** The matter is not closed and not withdrawn. */
export const isOpen = (m: Matter): boolean => !["closed", "withdrawn"].includes(m.state);

/** The matter goes on together with another one, which leads. */
export const isFollower = (m: Matter): boolean => Boolean(m.lead);

export const canAssign = (m: Matter): boolean => isOpen(m) && !isFollower(m);

/** Somebody has taken the matter on. Before that only a liaison can close it, and not as solved. */
export const isWorkedOn = (m: Matter): boolean => ["accepted", "waiting", "answered"].includes(m.state);

export const canClose = (m: Matter): boolean => isOpen(m) && !isFollower(m);

/** The matter was closed with an agreement that is still to be carried out. */
export const isPromised = (m: Matter): boolean => m.outcome === "agreed";

/** The deadline of an open matter, or the time at which it ended, in words. */
export function deadline(m: Matter): string {
  if (!isOpen(m)) return m.closed_at ? `${m.state_name}于 ${moment(m.closed_at)}` : m.state_name;
  return m.paused_at ? "等待群众补充，时限暂停" : due(m.due_at);
}

export interface Flag {
  text: string;
  kind: "danger" | "warning" | "info";
}

const holds = { review: "内容待核对", risky: "平台提示有风险", inactive: "平台未能检查", unchecked: "尚未检查" };

/** The tags beside the number. */
export function flags(m: Matter): Flag[] {
  const list: Flag[] = [];
  if (m.emergency && !m.emergency.attended) list.push({ text: `危险：${m.emergency.kind_names.join("、")}`, kind: "danger" });
  if (m.hold) list.push({ text: holds[m.hold], kind: "warning" });
  if (m.about_member) list.push({ text: "反映委员", kind: "warning" });
  if (m.anonymous) list.push({ text: "对委员匿名", kind: "info" });
  if (m.together) list.push({ text: `${m.together} 人反映`, kind: "info" });
  if (m.rating && (m.rating.solved === "not" || m.rating.satisfaction === "dissatisfied")) list.push({ text: `评价：${m.rating.words}`, kind: "danger" });
  return list;
}
