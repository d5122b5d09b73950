// The locks of a browser with several tabs, as Web Locks promises them.

interface Wish {
  name: string;
  run: () => unknown;
  done: (v: unknown) => void;
  refused: (e: unknown) => void;
}

export class Locks {
  held: { name: string; tab: string; drop: () => void }[] = [];
  waiting: (Wish & { tab: string })[] = [];

  of(tab: string): LockManager {
    const request = (name: string, a: unknown, b?: unknown): Promise<unknown> => {
      const run = (b ?? a) as () => unknown;
      const signal = b ? (a as LockOptions).signal : undefined;
      return new Promise((done, refused) => {
        const wish = { name, run, done, refused, tab };
        signal?.addEventListener("abort", () => {
          if (!this.waiting.includes(wish)) return;
          this.waiting = this.waiting.filter((w) => w !== wish);
          refused(new DOMException("", "AbortError"));
        });
        this.waiting.push(wish);
        queueMicrotask(() => this.grant(name));
      });
    };
    const query = () => Promise.resolve({ held: this.held.map(({ name }) => ({ name })), pending: [] });
    return { request, query } as unknown as LockManager;
  }

  private grant(name: string): void {
    if (this.held.some((l) => l.name === name)) return;
    const wish = this.waiting.find((w) => w.name === name);
    if (!wish) return;
    this.waiting = this.waiting.filter((w) => w !== wish);
    const drop = (): void => {
      this.held = this.held.filter((l) => l !== lock);
      this.grant(name);
    };
    const lock = { name, tab: wish.tab, drop };
    this.held.push(lock);
    void Promise.resolve(wish.run()).then((v) => {
      drop();
      wish.done(v);
    });
  }

  /** Releases the locks and requests of a tab. */
  crash(tab: string): void {
    this.waiting = this.waiting.filter((w) => w.tab !== tab);
    for (const l of this.held.filter((x) => x.tab === tab)) l.drop();
  }
}
