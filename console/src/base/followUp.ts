import { api, unwrap, type Schemas } from "@/api/client";

/** What came of a call to whoever was not satisfied; text may be empty. */
export interface FollowUp {
  result: Schemas["FollowUp"]["result"];
  text: string;
}

export const results: { value: FollowUp["result"]; name: string; hint: string }[] = [
  { value: "reached", name: "联系上了，已说明", hint: "讲清了情况，群众了解" },
  { value: "satisfied", name: "现在满意了", hint: "后来办好了，或当时点错了" },
  { value: "reopen", name: "要求重新办理", hint: "交回原来的委员，期限重新计算" },
  { value: "not_reached", name: "没有联系上", hint: "还会留在“评价不满意”里，三次为止" },
];

/** Records the call. */
export function followUp(m: Pick<Schemas["Submission"], "id" | "version">, { result, text }: FollowUp): Promise<Schemas["Submission"]> {
  return unwrap(api.POST("/api/v1/submissions/{id}/followup", { params: { path: { id: m.id } }, body: { version: m.version, result, ...(text ? { text } : {}) } }));
}
