/** Small things the phone keeps. A full or forbidden storage never stops anybody: what was kept is then only forgotten. */

const prefix = "mashang.";

export function kept<T>(name: string): T | undefined {
  try {
    const text = uni.getStorageSync(prefix + name) as unknown;
    return typeof text === "string" && text !== "" ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns whether it was kept. */
export function keep(name: string, value: unknown): boolean {
  try {
    uni.setStorageSync(prefix + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function drop(name: string): void {
  try {
    uni.removeStorageSync(prefix + name);
  } catch {
    // Nothing was kept, then.
  }
}
