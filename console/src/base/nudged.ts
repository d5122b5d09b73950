import type { Schemas } from "@/api/client";

export type Nudged = Schemas["Nudged"];

/** Says whom a nudge did not reach, and what to do; "" if it reached everybody. */
export function missedWords(n: Nudged): string {
  const parts: string[] = [];
  if (n.unbound.length) parts.push(`${n.unbound.join("、")}还没有绑定微信，收不到，请打电话`);
  if (n.recent.length) parts.push(`${n.recent.join("、")}刚催过，这次没有再催`);
  return parts.join("；");
}

/** Says whom a nudge reached and whom it did not. */
export function nudgedWords(n: Nudged): string {
  return [n.told.length ? `已催${n.told.join("、")}` : "", missedWords(n)].filter(Boolean).join("；");
}
