import { ref, type Ref } from "vue";

/** A lock that at most one tab of the browser holds. */
export interface TabLock {
  /** Whether this tab holds it. Without locks (plain http on a network) each tab does. */
  held: Ref<boolean>;
  /** Aborts when the lock is given up; null while it is not wanted. */
  signal: () => AbortSignal | null;
  /** Asks for the lock, or gives it up. */
  want: (is: boolean) => void;
}

/** Makes a tab's part in a lock. A tab that is closed or crashes loses it to the next that asked. taken is called when this tab gets it. */
export function tabLock(name: string, locks: LockManager | undefined, taken: () => void = () => undefined): TabLock {
  const held = ref(false);
  let request: AbortController | null = null;
  let release: (() => void) | null = null;

  function want(is: boolean): void {
    if (is === Boolean(request)) return;
    if (!is) {
      request?.abort();
      release?.();
      request = release = null;
      held.value = false;
      return;
    }
    const { signal } = (request = new AbortController());
    const take = (): void => {
      held.value = true;
      taken();
    };
    if (!locks) {
      take();
      return;
    }
    const hold = (): Promise<void> =>
      new Promise((go) => {
        if (signal.aborted) return go();
        release = go;
        take();
      });
    // The request fails only by its abort, which is intended.
    locks.request(name, { signal }, hold).catch(() => undefined);
  }

  return { held, signal: () => request?.signal ?? null, want };
}

/** Reports whether a tab of the browser holds the lock. */
export async function isHeld(name: string, locks: LockManager | undefined = navigator.locks): Promise<boolean> {
  return ((await locks?.query())?.held ?? []).some((l) => l.name === name);
}
