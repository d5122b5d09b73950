/** Small values in the phone's storage. A full or forbidden storage loses them and causes no error. */

import * as platform from "#phone";

/** An emulated phone keeps its own values: one browser shows several. */
const prefix = platform.phoneOwner ? `mashang@${platform.phoneOwner}.` : "mashang.";

export function loadValue<T>(name: string): T | undefined {
  try {
    const text = uni.getStorageSync(prefix + name) as unknown;
    return typeof text === "string" && text !== "" ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Saves a value; reports whether it was saved. */
export function saveValue(name: string, value: unknown): boolean {
  try {
    uni.setStorageSync(prefix + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function removeValue(name: string): void {
  try {
    uni.removeStorageSync(prefix + name);
  } catch {
    // Without storage there is no value.
  }
}

/** Returns the names of all values; undefined if the phone does not tell. */
export function valueNames(): string[] | undefined {
  try {
    return uni.getStorageInfoSync().keys.filter((k) => k.startsWith(prefix)).map((k) => k.slice(prefix.length));
  } catch {
    return undefined;
  }
}
