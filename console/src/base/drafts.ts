// What somebody wrote and did not send yet is kept for this tab: it outlives the
// dialog, the page and a new sign-in, and goes with the tab or the sign-out.
const prefix = "draft.";
const ownerKey = "drafts.of";

/** Returns what is kept under the key, or null. */
export function readDraft<T>(key: string): T | null {
  const kept = sessionStorage.getItem(prefix + key);
  return kept === null ? null : (JSON.parse(kept) as T);
}

/** Keeps a value under the key; null removes it. A full storage keeps nothing. */
export function keepDraft(key: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(prefix + key);
    else sessionStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // The words are still in the form.
  }
}

/** The draft of a filing for somebody, which the page 登记 keeps. */
export const filingDraft = "file";

/** A party of a reception day that becomes a submission. */
export interface FilingParty {
  day: string;
  id: string;
  number: string;
  persons: number;
  by?: string;
}

/** Drops what another account left in this tab. */
export function dropForeignDrafts(account: string): void {
  if (sessionStorage.getItem(ownerKey) !== account) dropDrafts();
  sessionStorage.setItem(ownerKey, account);
}

/** Removes all of them, after a sign-out. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}
