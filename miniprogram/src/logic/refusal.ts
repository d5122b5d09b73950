import type { FieldError, Problem } from "@/api/problem";
import { serverTime } from "@/state/clock";
import { ago } from "@/logic/when";
import { named, t, times, tongue } from "@/i18n";

/** Describes a problem and the next step in the user's language. In Chinese the server's text is better than ours. */
export function problemWords(p: Problem, now = serverTime()): string {
  if (p.code === "offline") return t("problem.offline");
  if (p.code === "conflict") return conflictWords(p, now);
  if (tongue.value === "zh" && p.message) return p.message + (p.body.trace_id ? `（${p.body.trace_id}）` : "");
  if (p.code === "too_many") return t("problem.too_many", { n: Math.max(1, p.retryAfter) });
  return named("problem", p.code, t("problem.other", { detail: p.message || p.code }));
}

/** Names the person who acted first, and when: "Answered 20 seconds ago by …". */
function conflictWords(p: Problem, now: number): string {
  const by = p.body.acted_by;
  const who = by?.name ? t("problem.member_named", { name: by.name }) : named("role", by?.role ?? "system");
  const when = p.body.acted_at ? ago(Date.parse(p.body.acted_at), now, times()) : "";
  return t("problem.conflict", { who, when });
}

/** Describes the fault of one field of a refusal; "" if it has none. */
export function faultOf(p: Problem, field: string): string {
  return p.of(field) ? fieldWords({ field, message: p.of(field) }) : "";
}

/** Describes the fault of a field. The server's words are Chinese. */
export function fieldWords(f: FieldError): string {
  return tongue.value === "zh" ? f.message : t("problem.field");
}
