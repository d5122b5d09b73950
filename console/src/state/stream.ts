// What a stream tells is no part of the server's description of its answers.

/** Submissions of which something shown is another now; with gap any may be. */
export interface News {
  ids: string[];
  gap: boolean;
  place: string;
}

/** One of the staff who has a matter open; self is whoever is signed in here. */
export interface Looker {
  submission: string;
  id: string;
  name: string;
  self: boolean;
}

/** What a tab is told. */
export interface Hears {
  news: (news: News) => void;
  looking: (items: Looker[]) => void;
  /** Whether changes are being heard. */
  live: (is: boolean) => void;
  /** The session is over. */
  ended: () => void;
  /** Asks the server whether the session still stands, after it refused a stream. */
  stands: () => Promise<boolean>;
}

/** What of the browser it stands on. */
export interface Ground {
  /** Only there in a secure context. */
  locks?: LockManager;
  channel: (name: string) => BroadcastChannel;
  source: (address: string) => EventSource;
}

// What the tab that reads the stream tells the others, and what they ask of it.
type Said = { what: "news"; news: News } | { what: "looking"; items: Looker[] } | { what: "live"; is: boolean } | { what: "ended" } | { what: "opened" } | { what: "ask" };

/** Of so many matters at most the server takes note. */
const most = 20;

/** The least and the longest pause before a refused stream is asked for again, in milliseconds. */
const pauses = { least: 5_000, most: 60_000 };

/**
 * One tab's part in the stream of changes that all tabs of an account share.
 *
 * Over HTTP/1.1 a browser opens six connections to a host: with a stream a tab
 * the seventh tab never loads. So one tab, the one that holds a lock of the
 * browser, reads the stream and tells the others over a channel. A tab that is
 * closed or crashes loses its lock, and the next reads on from where the feed
 * was. Where there are no locks (plain http on a network) each tab reads its own.
 */
export class Stream {
  private readonly name: string;
  private readonly tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  private readonly channel: BroadcastChannel;
  private source: EventSource | null = null;
  private waiting: AbortController | null = null;
  private release: (() => void) | null = null;
  private leave: (() => void) | null = null;
  private place = "";
  private matter = "";
  private told = ""; // the matters that the open stream was asked for with
  private readonly awaited = new Set<string>();
  private lookers: Looker[] = [];
  private on = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private pause = pauses.least;

  /** account is the user's id: another account's tabs are on another channel. */
  constructor(
    private readonly account: string,
    private readonly hears: Hears,
    private readonly ground: Ground,
  ) {
    this.name = `mashang.live.${account}`;
    this.channel = ground.channel(this.name);
    this.channel.onmessage = (e: MessageEvent<Said>) => this.hear(e.data);
    this.say({ what: "ask" });
  }

  /** Whether this tab reads the stream. */
  get leads(): boolean {
    return this.release !== null;
  }

  /** Says whether this tab wants to hear and may read the stream for all. */
  want(is: boolean): void {
    if (!is) {
      this.waiting?.abort();
      this.waiting = null;
      this.close();
      this.release?.();
      this.release = null;
      return;
    }
    if (this.waiting) return;
    const asked = (this.waiting = new AbortController());
    const read = (): Promise<void> =>
      new Promise((release) => {
        if (asked.signal.aborted) {
          release();
          return;
        }
        this.release = release;
        void this.open();
      });
    if (!this.ground.locks) void read();
    // The only way not to get it is to no longer want it.
    else void this.ground.locks.request(this.name, { signal: asked.signal }, read).catch(() => undefined);
  }

  /** Says which matter this tab has open; "" for none. */
  look(matter: string): void {
    if (matter === this.matter) return;
    this.matter = matter;
    this.leave?.();
    this.leave = null;
    if (!this.ground.locks) {
      if (this.leads) void this.open();
      return;
    }
    if (!matter) return;
    // A lock says it, as it ends with the tab, however that ends.
    void this.ground.locks.request(`${this.name}.at.${matter}.${this.tab}`, () => {
      if (matter !== this.matter) return undefined;
      return new Promise<void>((leave) => {
        this.leave = leave;
        if (this.leads) void this.open();
        else this.say({ what: "opened" });
      });
    });
  }

  /** Takes no more part. */
  end(): void {
    this.look("");
    this.want(false);
    this.channel.close();
  }

  private say(said: Said): void {
    if (this.ground.locks) this.channel.postMessage(said);
  }

  private hear(said: Said): void {
    switch (said.what) {
      case "news":
        this.news(said.news);
        break;
      case "looking":
        this.hears.looking((this.lookers = said.items));
        break;
      case "live":
        this.hears.live((this.on = said.is));
        break;
      case "ended":
        this.hears.ended();
        break;
      case "opened":
        if (this.leads) void this.open();
        break;
      case "ask":
        if (!this.leads) break;
        this.say({ what: "news", news: { ids: [], gap: false, place: this.place } });
        this.say({ what: "looking", items: this.lookers });
        this.say({ what: "live", is: this.on });
    }
  }

  private news(news: News): void {
    this.place = news.place;
    if (news.ids.length || news.gap) this.hears.news(news);
  }

  private state(is: boolean): void {
    if (is !== this.on) this.say({ what: "live", is });
    this.hears.live((this.on = is));
  }

  /** Which matters the account's tabs have open. */
  private async matters(): Promise<string> {
    const { locks } = this.ground;
    if (!locks) return this.matter;
    const before = `${this.name}.at.`;
    const held = ((await locks.query()).held ?? []).map((l) => l.name ?? "").filter((n) => n.startsWith(before));
    for (const n of held) this.await(locks, n);
    return [...new Set(held.map((n) => n.slice(before.length, n.lastIndexOf("."))))].sort().slice(-most).join(",");
  }

  /** Waits, while this tab reads the stream, until the holder of the lock has left its matter. */
  private await(locks: LockManager, name: string): void {
    if (!this.waiting || this.awaited.has(name)) return;
    this.awaited.add(name);
    const gone = locks.request(name, { signal: this.waiting.signal }, () => undefined);
    void gone.catch(() => undefined).then(() => {
      this.awaited.delete(name);
      if (this.leads) void this.open();
    });
  }

  /** Opens the stream, anew if the matters that are open are other ones. */
  private async open(): Promise<void> {
    const by = this.waiting;
    const matters = await this.matters();
    if (!by || by !== this.waiting || !this.leads || (this.source && matters === this.told)) return;
    this.source?.close();
    clearTimeout(this.again);
    this.told = matters;
    const q = new URLSearchParams({ as: this.account });
    if (this.place) q.set("after", this.place);
    if (matters) q.set("matter", matters);
    const s = this.ground.source(`/api/v1/station/live?${q}`);
    this.source = s;
    s.onopen = () => {
      this.pause = pauses.least;
      this.state(true);
    };
    s.onerror = () => {
      this.state(false);
      if (s.readyState === EventSource.CLOSED) void this.refused(s); // the browser itself does not try again
    };
    s.addEventListener("changed", (e) => {
      const news = JSON.parse((e as MessageEvent<string>).data) as News;
      this.say({ what: "news", news });
      this.news(news);
    });
    s.addEventListener("looking", (e) => {
      this.lookers = (JSON.parse((e as MessageEvent<string>).data) as { items: Looker[] }).items;
      this.say({ what: "looking", items: this.lookers });
      this.hears.looking(this.lookers);
    });
    s.addEventListener("ended", () => this.over());
  }

  private over(): void {
    this.say({ what: "ended" });
    this.close();
    this.hears.ended();
  }

  private async refused(s: EventSource): Promise<void> {
    if (s !== this.source) return;
    this.source = null;
    const stands = await this.hears.stands();
    if (!this.leads || this.source) return;
    if (!stands) {
      this.over();
      return;
    }
    this.again = setTimeout(() => void this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, pauses.most);
  }

  private close(): void {
    clearTimeout(this.again);
    this.source?.close();
    this.source = null;
    // The others hear of it only if the next one does not get through.
    this.hears.live((this.on = false));
  }
}
