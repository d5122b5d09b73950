import type { Schemas } from "@/api/client";

type Key = Schemas["Need"]["key"];

/** The name of each group, and the next step. */
export const needs: Record<Key, { title: string; todo: string; pressing?: boolean }> = {
  alarm: { title: "涉及人身安全", todo: "先联系、先处置，再记下做了什么", pressing: true },
  overdue: { title: "超过办理期限", todo: "问一问委员，必要时改派或说明", pressing: true },
  pooled: { title: "没有合适的委员", todo: "请指定由谁办理" },
  held: { title: "内容待核对", todo: "看过后指定委员，或结束并说明" },
  photos: { title: "照片待看", todo: "看过后放行或不放行" },
  untold: { title: "要打电话的", todo: "没通知到的人、委员请您打的：打过再勾掉" },
  assist_late: { title: "协办超时", todo: "催一催协办单位" },
  promise_late: { title: "约定到期未落实", todo: "问一问委员，落实了就记下，或改期说明" },
  returned: { title: "被委员退回过", todo: "看看退回的原因，是否还要改派" },
  reopened: { title: "群众要求重新办理", todo: "看看哪里没有办好" },
  low_rating: { title: "评价不满意", todo: "回访，了解哪里不满意" },
};

/** Returns the address of the list of a group. */
export function listOf(q: Schemas["Sought"]): { path: string; query: Record<string, string> } {
  return { path: "/matters", query: Object.fromEntries(Object.entries(q).filter((e): e is [string, string] => typeof e[1] === "string" && e[1] !== "")) };
}
