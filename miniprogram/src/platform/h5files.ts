/** The files of drafts in the browser, in IndexedDB: localStorage has room for two photos. */

import { ownName } from "./h5owner";

const storeName = "files";

/** A stored file. `at` is when, in milliseconds. */
interface Stored {
  blob: Blob;
  at: number;
}

/** A file that belongs to no draft stays for as long, because its draft may be about to be saved. */
const sweepAfter = 24 * 60 * 60 * 1000;

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(ownName("mashang"), 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => {
      // The browser closes it for want of room, or when somebody clears the site's data: the next use opens it anew.
      request.result.onclose = () => (opened = undefined);
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = request.onblocked = () => reject(request.error ?? new Error("blocked"));
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

async function run<T>(mode: IDBTransactionMode, act: (files: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await database()).transaction(storeName, mode);
  return new Promise((resolve, reject) => {
    const request = act(transaction.objectStore(storeName));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error ?? new Error("aborted"));
  });
}

/** The files behind the blob: addresses that were made here. A page may not fetch such an address. */
const blobs = new Map<string, Blob>();

/** Returns the file of a local address, blob: or data:. */
export function blobOf(local: string): Blob {
  const known = blobs.get(local);
  if (known) return known;
  const [head = "", body = ""] = local.split(",", 2);
  const type = /^data:([^;,]+)/.exec(head)?.[1] ?? "application/octet-stream";
  const raw = atob(body);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Blob([bytes], { type });
}

/** Stores a file and returns its name; "" if the browser has no room or keeps nothing. */
export async function keepFile(local: string): Promise<string> {
  const name = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  try {
    await run("readwrite", (files) => files.put({ blob: blobOf(local), at: Date.now() } satisfies Stored, name));
    return name;
  } catch {
    return "";
  }
}

/** Returns the local address of a stored file; "" if it is gone. */
export async function openFile(name: string): Promise<string> {
  try {
    const found = (await run("readonly", (files) => files.get(name))) as Stored | undefined;
    if (!found) return "";
    const local = URL.createObjectURL(found.blob);
    blobs.set(local, found.blob);
    return local;
  } catch {
    return "";
  }
}

/** Removes files. What cannot be removed now is swept later. */
export async function dropFiles(names: string[]): Promise<void> {
  for (const name of names) {
    try {
      await run("readwrite", (files) => files.delete(name));
    } catch {
      return;
    }
  }
}

/** Removes files that are not used and older than `age`, in milliseconds. */
export async function sweepFiles(used: Set<string>, age = sweepAfter): Promise<void> {
  try {
    const names = await run("readonly", (files) => files.getAllKeys());
    const old = names.map(String).filter((n) => !used.has(n) && Number(n.split("-")[0]) <= Date.now() - age);
    await dropFiles(old);
  } catch {
    // A browser that keeps nothing has nothing to sweep.
  }
}
