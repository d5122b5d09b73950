import { reactive, watch } from "vue";
import { api, unwrap, type Schemas } from "@/api/client";
import { account, me } from "@/state/session";

export type Numbers = Schemas["Numbers"];

/** Reports whether what was typed is a mobile number of mainland China, which codes can be texted to. */
export function isMobile(typed: string): boolean {
  return /^(\+?86|0086)?1[3-9]\d{9}$/.test(typed.normalize("NFKC").replace(/[\s()-]/g, ""));
}

/** How long a shown number stays, in milliseconds. The next look is recorded again. */
const shownFor = 10 * 60_000;

const shown = reactive(new Map<string, Numbers>());
watch(() => account(me.value), () => shown.clear());

/** The numbers of a matter that were shown a short time ago, or undefined. */
export function shownNumbers(id: string): Numbers | undefined {
  return shown.get(id);
}

/** Shows the numbers of a matter. The server records who looked and why. */
export async function showNumbers(id: string, reason: string): Promise<void> {
  const numbers = await unwrap(api.POST("/api/v1/submissions/{id}/phone", { params: { path: { id } }, body: { reason } }));
  shown.set(id, numbers);
  setTimeout(() => shown.get(id) === numbers && shown.delete(id), shownFor);
}
