import { api, Problem, unwrap, type Schemas } from "@/api/client";
import { refusal } from "@/api/problem";
import { present } from "./assign";

type Matter = Schemas["Submission"];

/** Recorded with the look at the number of somebody in danger. */
export const dangerPhoneReason = "险情，先联系反映人";
/** Recorded when a liaison takes an alarm. */
const takenReason = "我来处理，先联系反映人";

/** Records that a liaison sees to the danger. */
export function attend(m: Pick<Matter, "id" | "version">, reason: string): Promise<Matter> {
  return unwrap(api.POST("/api/v1/submissions/{id}/attend", { params: { path: { id: m.id } }, body: { version: m.version, reason } }));
}

/**
 * Takes an alarm. What else changed meanwhile does not matter, so a conflict is tried
 * once more, unless somebody else has taken it: then the error says who.
 */
export async function takeAlarm(m: Pick<Matter, "id" | "version">): Promise<void> {
  try {
    await attend(m, takenReason);
  } catch (e) {
    if (!(e instanceof Problem) || e.code !== "conflict") throw e;
    const now = await present(m.id);
    if (now.emergency?.attended) throw refusal(`${takenBy(now)}已经接手，${now.number} 不用再处理`);
    await attend(now, takenReason);
  }
}

function takenBy(m: Matter): string {
  return m.timeline?.filter((e) => e.what === "attend").at(-1)?.by.name ?? "别的联络员";
}
