import type { Schemas } from "@/api/client";

export type Need = Schemas["Need"];
export type Item = Schemas["NeedRow"];
type Key = Need["key"];

/** The name of each group, and the next step. */
export const needs: Record<Key, { title: string; todo: string; pressing?: boolean }> = {
  alarm: { title: "涉及人身安全", todo: "先联系、先处置，再记下做了什么", pressing: true },
  mentioned: { title: "同事提到您", todo: "看看备注里说的，办完勾掉" },
  reminded: { title: "您要今天看的", todo: "这是您让提醒的，办完勾掉，或换一天" },
  overdue: { title: "超过办理期限", todo: "问一问委员，必要时改派或向群众说明", pressing: true },
  uncontacted: { title: "首次联系超时", todo: "还没有人联系过群众：先打个电话，或交给能马上联系的委员", pressing: true },
  returned: { title: "被委员退回", todo: "看看退回的原因，另选一位委员" },
  pooled: { title: "没有合适的委员", todo: "请指定由谁办理" },
  held: { title: "内容待核对", todo: "看过后指定委员，或结束并说明" },
  due_today: { title: "今天到期", todo: "问一问进展，来不及的改派或延期" },
  reopened: { title: "群众要求重新办理", todo: "看看哪里没有办好，委员还没有接手" },
  assist_late: { title: "协办超时", todo: "催一催协办单位" },
  promise_late: { title: "约定到期未落实", todo: "问一问委员，落实了就记下，或改期说明" },
  photos: { title: "照片待看", todo: "看过后放行或不放行" },
  untold: { title: "要打电话的", todo: "没通知到的人、委员请您打的：打过再勾掉" },
  follow_up: { title: "评价不满意", todo: "打电话回访，记下结果" },
};

/** Whether a matter of the group can be put off until later today: what somebody or a day brings back cannot. */
export function putOff(key: Key): boolean {
  return key !== "mentioned" && key !== "reminded";
}

/** The reason that is written down for a look at a phone number from the row, by group. */
const phoneReasons: Partial<Record<Key, string>> = {
  uncontacted: "首次联系群众", overdue: "向群众说明进展", follow_up: "回访，了解哪里不满意", untold: "通知没有送到，或委员请打", reopened: "了解哪里没有办好",
};
export function phoneReason(key: Key): string {
  return phoneReasons[key] ?? "核实情况";
}

/** Returns the address of the list of a group. */
export function listOf(q: Schemas["Sought"]): { path: string; query: Record<string, string> } {
  return { path: "/matters", query: Object.fromEntries(Object.entries(q).filter((e): e is [string, string] => typeof e[1] === "string" && e[1] !== "")) };
}
