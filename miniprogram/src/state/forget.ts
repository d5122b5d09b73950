import * as platform from "#phone";
import { allowed } from "./consent";
import { isDraft, isDraftOf, sweepFiles } from "./drafts";
import { forgetSeen } from "./seen";
import { lastSign } from "./sign";
import { removeValue, valueNames } from "./storage";

/** What is the phone's and nobody's: how it shows things. */
const ofPhone = new Set(["size", "tongue", "played"]);

/** What is there if the phone does not tell its names. */
const usual = ["session", "reach", "filed", "seen", "sign", "login.phone"];

/** Reports whether this user wrote something here that was not sent. */
export function hasDrafts(user: string): boolean {
  return (valueNames() ?? []).some((n) => isDraftOf(user, n));
}

/**
 * Removes what the phone keeps of its user, whose session is over: what they left for the next filing and what they have
 * seen. Without `keepDrafts` also what they wrote and did not send, with its photos and voice. What another user of the
 * phone wrote stays for them.
 */
export async function forgetUser(user: string, keepDrafts: boolean): Promise<void> {
  const stays = (n: string): boolean => ofPhone.has(n) || (keepDrafts && n === "sign") || (isDraft(n) && (keepDrafts || !isDraftOf(user, n)));
  const names = (valueNames() ?? usual).filter((n) => !stays(n));
  names.forEach(removeValue);
  forgetSeen();
  allowed.clear();
  if (keepDrafts) return;
  lastSign.value = undefined;
  await (valueNames() ? sweepFiles(Date.now(), 0) : platform.sweepFiles(new Set(), 0));
}
