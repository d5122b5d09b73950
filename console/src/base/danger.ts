import { api, Problem, unwrap, type Schemas } from "@/api/client";

/** Recorded with the look at the number of somebody in danger. */
export const dangerPhoneReason = "险情，先联系反映人";
/** Recorded when a liaison takes an alarm. */
const takenReason = "我来处理，先联系反映人";

type Matter = Pick<Schemas["Submission"], "id" | "version">;

const attend = (m: Matter): Promise<Schemas["Submission"]> =>
  unwrap(api.POST("/api/v1/submissions/{id}/attend", { params: { path: { id: m.id } }, body: { version: m.version, reason: takenReason } }));

/** Takes an alarm. What else changed meanwhile does not matter, so a conflict is tried once more. */
export async function takeAlarm(m: Matter): Promise<void> {
  try {
    await attend(m);
  } catch (e) {
    if (!(e instanceof Problem) || e.code !== "conflict") throw e;
    await attend(await unwrap(api.GET("/api/v1/submissions/{id}", { params: { path: { id: m.id } } })));
  }
}
