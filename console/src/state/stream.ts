import { tabLock, type TabLock } from "./tabLock";

// docs/openapi.json does not describe the events of the stream, so their types are here.

/** The submissions and documents that changed. After a gap any of them may have changed. */
export interface News {
  ids: string[];
  /** A kind, a slash and an id each: "day/20261204-j01", "bookings/20261204-j01". Absent for none. */
  documents?: string[];
  gap: boolean;
  place: string;
}

/** A member of staff who has a matter open; self marks the signed-in user. */
export interface Viewer {
  submission: string;
  id: string;
  name: string;
  self: boolean;
}

/** Receives what the stream says. */
export interface StreamListener {
  news: (news: News) => void;
  viewers: (items: Viewer[]) => void;
  /** The stream was connected or lost. */
  live: (is: boolean) => void;
  /** The session has ended. */
  ended: () => void;
  /** Asks the server whether the session is valid, after the server refused a stream. */
  isSessionValid: () => Promise<boolean>;
}

/** The parts of the browser that Stream uses; tests replace them. */
export interface Browser {
  /** Absent outside a secure context. */
  locks?: LockManager;
  channel: (name: string) => BroadcastChannel;
  source: (address: string) => EventSource;
}

// The messages between the tab that reads the stream and the others.
type TabMessage = { what: "news"; news: News } | { what: "looking"; items: Viewer[] } | { what: "live"; is: boolean } | { what: "ended" } | { what: "opened" } | { what: "ask" };

/** The server accepts at most so many open matters. */
const maxMatters = 20;

/** The pause before the next try after a refusal, in milliseconds. It doubles each time. */
const retryPause = { min: 5_000, max: 60_000 };

/**
 * Stream is one tab's part in the stream of changes that all tabs of an account share.
 *
 * Over HTTP/1.1 a browser opens six connections to a host. With one stream for
 * each tab the seventh tab would never load. So the tab that holds a lock of the
 * browser reads the stream and passes it on over a channel. A tab that is closed
 * or crashes loses the lock, and the next tab continues at the same position.
 * Without locks (plain http on a network) each tab reads a stream of its own.
 */
export class Stream {
  private readonly name: string;
  private readonly tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  private readonly channel: BroadcastChannel;
  private source: EventSource | null = null;
  private readonly lock: TabLock;
  private releaseMatter: (() => void) | null = null;
  private place = "";
  private matter = "";
  private openedFor = ""; // the matters in the request of the open stream
  private readonly watchedLocks = new Set<string>();
  private viewers: Viewer[] = [];
  private connected = false;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pause = retryPause.min;

  /** account is the user's id. Each account has its own channel. */
  constructor(
    private readonly account: string,
    private readonly listener: StreamListener,
    private readonly browser: Browser,
  ) {
    this.name = `mashang.live.${account}`;
    this.channel = browser.channel(this.name);
    this.lock = tabLock(this.name, browser.locks, () => void this.open());
    this.channel.onmessage = (e: MessageEvent<TabMessage>) => this.receive(e.data);
    this.post({ what: "ask" });
  }

  /** Whether this tab reads the stream. */
  get leads(): boolean {
    return this.lock.held.value;
  }

  /** Sets whether this tab needs the stream and may read it for all tabs. */
  want(is: boolean): void {
    if (!is) this.close();
    this.lock.want(is);
  }

  /** Sets the matter that this tab has open; "" for none. */
  look(matter: string): void {
    if (matter === this.matter) return;
    this.matter = matter;
    this.releaseMatter?.();
    this.releaseMatter = null;
    if (!this.browser.locks) {
      if (this.leads) void this.open();
      return;
    }
    if (!matter) return;
    // A lock announces the matter, because the browser releases it however the tab ends.
    void this.browser.locks.request(`${this.name}.at.${matter}.${this.tab}`, () => {
      if (matter !== this.matter) return undefined;
      return new Promise<void>((leave) => {
        this.releaseMatter = leave;
        if (this.leads) void this.open();
        else this.post({ what: "opened" });
      });
    });
  }

  /** Leaves the stream and the channel. */
  end(): void {
    this.look("");
    this.want(false);
    this.channel.close();
  }

  private post(message: TabMessage): void {
    if (this.browser.locks) this.channel.postMessage(message);
  }

  private receive(message: TabMessage): void {
    switch (message.what) {
      case "news":
        this.news(message.news);
        break;
      case "looking":
        this.listener.viewers((this.viewers = message.items));
        break;
      case "live":
        this.listener.live((this.connected = message.is));
        break;
      case "ended":
        this.listener.ended();
        break;
      case "opened":
        if (this.leads) void this.open();
        break;
      case "ask":
        if (!this.leads) break;
        this.post({ what: "news", news: { ids: [], gap: false, place: this.place } });
        this.post({ what: "looking", items: this.viewers });
        this.post({ what: "live", is: this.connected });
    }
  }

  private news(news: News): void {
    this.place = news.place;
    if (news.ids.length || news.documents?.length || news.gap) this.listener.news(news);
  }

  private setConnected(is: boolean): void {
    if (is !== this.connected) this.post({ what: "live", is });
    this.listener.live((this.connected = is));
  }

  /** Returns the matters that the account's tabs have open. */
  private async openMatters(): Promise<string> {
    const { locks } = this.browser;
    if (!locks) return this.matter;
    const before = `${this.name}.at.`;
    const held = ((await locks.query()).held ?? []).map((l) => l.name ?? "").filter((n) => n.startsWith(before));
    for (const n of held) this.awaitRelease(locks, n);
    return [...new Set(held.map((n) => n.slice(before.length, n.lastIndexOf("."))))].sort().slice(-maxMatters).join(",");
  }

  /** Reopens the stream when the holder of the lock leaves its matter, if this tab still reads it. */
  private awaitRelease(locks: LockManager, name: string): void {
    const signal = this.lock.signal();
    if (!signal || this.watchedLocks.has(name)) return;
    this.watchedLocks.add(name);
    const released = locks.request(name, { signal }, () => undefined);
    void released.catch(() => undefined).then(() => {
      this.watchedLocks.delete(name);
      if (this.leads) void this.open();
    });
  }

  /** Opens the stream, or reopens it if the open matters changed. */
  private async open(): Promise<void> {
    const wanted = this.lock.signal();
    const matters = await this.openMatters();
    if (!wanted || wanted !== this.lock.signal() || !this.leads || (this.source && matters === this.openedFor)) return;
    this.source?.close();
    clearTimeout(this.retryTimer);
    this.openedFor = matters;
    const q = new URLSearchParams({ as: this.account });
    // What a page read before the first stream began may have changed before it began: that is a gap.
    let isFirst = !this.place;
    if (this.place) q.set("after", this.place);
    if (matters) q.set("matter", matters);
    const s = this.browser.source(`/api/v1/station/live?${q}`);
    this.source = s;
    s.onopen = () => {
      this.pause = retryPause.min;
      this.setConnected(true);
    };
    s.onerror = () => {
      this.setConnected(false);
      if (s.readyState === EventSource.CLOSED) void this.retryOrEnd(s); // the browser does not retry after a refusal
    };
    s.addEventListener("changed", (e) => {
      const news = JSON.parse((e as MessageEvent<string>).data) as News;
      if (isFirst) news.gap = true;
      isFirst = false;
      this.post({ what: "news", news });
      this.news(news);
    });
    s.addEventListener("looking", (e) => {
      this.viewers = (JSON.parse((e as MessageEvent<string>).data) as { items: Viewer[] }).items;
      this.post({ what: "looking", items: this.viewers });
      this.listener.viewers(this.viewers);
    });
    s.addEventListener("ended", () => this.endSession());
  }

  private endSession(): void {
    this.post({ what: "ended" });
    this.close();
    this.listener.ended();
  }

  private async retryOrEnd(s: EventSource): Promise<void> {
    if (s !== this.source) return;
    this.source = null;
    const valid = await this.listener.isSessionValid();
    if (!this.leads || this.source) return;
    if (!valid) {
      this.endSession();
      return;
    }
    this.retryTimer = setTimeout(() => void this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, retryPause.max);
  }

  private close(): void {
    clearTimeout(this.retryTimer);
    this.source?.close();
    this.source = null;
    // The other tabs are not told: the next reader reports if it fails to connect.
    this.listener.live((this.connected = false));
  }
}
