// What waits to be sent is kept in this browser, because it must outlive the tab. Each
// entry has a storage key of its own, so that two tabs never overwrite each other's. It
// goes with the sign-out: it may name people.

const prefix = "mashang.outbox.";

/** What all entries have. */
export interface Kept {
  /** The idempotency key under which it is sent. */
  key: string;
  /** Whose it is: an account's id. */
  of: string;
  /** When it was made, in milliseconds. */
  at: number;
}

const names = (): string[] => Object.keys(localStorage).filter((k) => k.startsWith(prefix));

/** Returns an account's entries in the order in which they were made. */
export function readEntries<T extends Kept>(of: string): T[] {
  const list: T[] = [];
  for (const name of names()) {
    try {
      const e = JSON.parse(localStorage.getItem(name) ?? "null") as T | null;
      if (e?.of === of) list.push(e);
    } catch {
      localStorage.removeItem(name); // nobody can read it
    }
  }
  return list.sort((a, b) => a.at - b.at || a.key.localeCompare(b.key));
}

/** Keeps an entry in the place of an earlier one with its key. It throws if the browser keeps nothing more. */
export function writeEntry(e: Kept): void {
  localStorage.setItem(prefix + e.key, JSON.stringify(e));
}

export const hasEntry = (key: string): boolean => localStorage.getItem(prefix + key) !== null;
export const removeEntry = (key: string): void => localStorage.removeItem(prefix + key);

/** Reports whether an event of the browser's storage is about entries. */
export const concernsEntries = (e: StorageEvent): boolean => e.key === null || e.key.startsWith(prefix);

/** Drops all entries, after a sign-out. */
export function dropEntries(): void {
  for (const name of names()) localStorage.removeItem(name);
}

/** Drops what other accounts left in this browser. */
export function dropForeignEntries(of: string): void {
  const own = new Set(readEntries(of).map((e) => prefix + e.key));
  for (const name of names()) if (!own.has(name)) localStorage.removeItem(name);
}
