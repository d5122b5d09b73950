import { reactive } from "vue";
import { loadValue, saveValue } from "./storage";

/** Which version of a submission this phone has shown. The versions of the last 500 are kept. */
interface Seen {
  /** When the phone began to keep versions. What did not change since counts as seen. */
  since: number;
  versions: Record<string, number>;
}

const name = "seen";
const max = 500;

const seen = reactive<Seen>(loadValue<Seen>(name) ?? { since: Date.now(), versions: {} });

/** Stores that this version was shown. */
export function markSeen(s: { id: string; version: number }): void {
  if (seen.versions[s.id] === s.version) return;
  delete seen.versions[s.id]; // the newest stands last
  seen.versions[s.id] = s.version;
  for (const old of Object.keys(seen.versions).slice(0, -max)) delete seen.versions[old];
  saveValue(name, seen);
}

/** Reports whether something was done to the submission that this phone has not shown. */
export function isUnseen(s: { id: string; version: number; filed_at: string }): boolean {
  const shown = seen.versions[s.id];
  return shown === undefined ? Date.parse(s.filed_at) >= seen.since : s.version > shown;
}
