import { reactive } from "vue";
import { serverTime } from "./clock";
import { account } from "./session";
import { loadValue, removeValue, saveValue } from "./storage";

/** Which version of a submission this phone has shown to a user. The versions of the last 500 are kept. */
interface Seen {
  /** When it began to keep versions, by the server's clock. What did not change since counts as seen. */
  since: number;
  versions: Record<string, number>;
}

const max = 500;

/** Those that were asked for since the app was opened, by the user's id. */
const known = new Map<string, Seen>();

function nameOf(user: string): string {
  return user ? `seen.${user}` : "seen";
}

/** Returns what the present user has seen. It begins with the first question, which follows an answer of the server. */
function own(): Seen {
  const user = account.value?.id ?? "";
  let seen = known.get(user);
  if (!seen) {
    // Versions before had one for all users of the phone: who is here first goes on with it.
    seen = reactive(loadValue<Seen>(nameOf(user)) ?? loadValue<Seen>(nameOf("")) ?? { since: serverTime(), versions: {} });
    if (user) removeValue(nameOf(""));
    known.set(user, seen);
    saveValue(nameOf(user), seen);
  }
  return seen;
}

/** Stores that this version was shown. */
export function markSeen(s: { id: string; version: number }): void {
  const seen = own();
  if (seen.versions[s.id] === s.version) return;
  delete seen.versions[s.id]; // the newest stands last
  seen.versions[s.id] = s.version;
  for (const old of Object.keys(seen.versions).slice(0, -max)) delete seen.versions[old];
  saveValue(nameOf(account.value?.id ?? ""), seen);
}

/** Reports whether something was done to the submission that this phone has not shown to the user. */
export function isUnseen(s: { id: string; version: number; filed_at: string }): boolean {
  const { since, versions } = own();
  const shown = versions[s.id];
  return shown === undefined ? Date.parse(s.filed_at) >= since : s.version > shown;
}

/** Forgets what every user has seen. */
export function forgetSeen(): void {
  known.clear();
}
