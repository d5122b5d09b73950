import type { Schemas } from "@/api/client";
import type { Entry, Hour } from "@/state/outbox";

export type Party = Schemas["Party"];

/** One line of the desk: a party, with what is not with the server yet. */
export interface Line extends Party {
  /** Something about it waits to be sent. */
  pending?: boolean;
  /** The key of the entry that waits; of a party that the server does not know, or of an act that it refused. */
  entry?: string;
  /** The server's words about an act that it refused. */
  refused?: string;
}

const fresh = (e: Entry & { act: { what: "enter" } }): Line => {
  const { body } = e.act;
  return {
    id: e.key, number: "", slot: body.slot ?? "", state: body.walk_in ? "arrived" : "booked", walk_in: Boolean(body.walk_in), entered: Boolean(body.walk_in), persons: body.persons,
    name: body.name ?? "", words: body.words ?? "", needs: body.needs ?? [], by_staff: true, phone_tail: body.phone?.slice(-4), entry: e.key, pending: !e.refused,
    refused: e.refused,
  };
};

function acted(l: Line, e: Entry): Line {
  if (e.refused) return { ...l, entry: e.key, refused: e.refused };
  switch (e.act.what) {
    case "arrive":
      return { ...l, state: "arrived", pending: true };
    case "unarrive":
      return { ...l, state: l.entered ? "cancelled" : l.walk_in ? "waiting" : "booked", arrived_at: undefined, pending: true };
    case "receive":
      return { ...l, state: "received", outcome: e.act.body.outcome, referred_to: e.act.body.to, persons: e.act.body.persons || l.persons, pending: true };
    case "unreceive":
      return { ...l, state: "arrived", outcome: undefined, referred_to: undefined, pending: true };
    default:
      return l;
  }
}

/** The parties of the day as they will be once everything is sent, by slot; what the server does not know yet comes last. */
export function linesOf(hour: Hour, entries: Entry[]): Line[] {
  const own = entries.filter((e) => e.day === hour.day.id);
  const lines = hour.parties.map((p) => own.filter((e) => e.act.what !== "enter" && e.act.party === p.id).reduce(acted, p as Line));
  return [...lines, ...own.filter((e): e is Entry & { act: { what: "enter" } } => e.act.what === "enter").map(fresh)];
}

/** The states of a party in words. */
export const partyStates: Record<Party["state"], string> = {
  booked: "已预约", waiting: "候补", offered: "候补到位，等确认", cancelled: "已取消", moved: "改到别的日子", arrived: "到了，等接待", received: "已接待", missed: "没来",
};

/** What visitors can need. */
export const needNames: Record<string, string> = { wheelchair: "轮椅通行", sign: "手语", dialect: "方言", home: "上门", video: "视频" };

/** What came of a party in words. */
export function outcomeWords(p: Pick<Party, "outcome" | "referred_to">): string {
  if (p.outcome === "answered") return "当场答复";
  if (p.outcome === "filed") return "登记为诉求";
  return p.outcome === "referred" ? `转到${p.referred_to ?? ""}` : "";
}

/** The lists behind the figures. */
export const lists = {
  all: { name: "全部", has: (l: Line) => l.state !== "cancelled" && l.state !== "moved" },
  coming: { name: "还没到", has: (l: Line) => l.state === "booked" || l.state === "waiting" || l.state === "offered" },
  here: { name: "在等", has: (l: Line) => l.state === "arrived" },
  received: { name: "已接待", has: (l: Line) => l.state === "received" },
  walkIns: { name: "现场来的", has: (l: Line) => l.walk_in && l.state !== "cancelled" },
  missed: { name: "没来", has: (l: Line) => l.state === "missed" },
  off: { name: "取消的", has: (l: Line) => l.state === "cancelled" || l.state === "moved" },
} satisfies Record<string, { name: string; has: (l: Line) => boolean }>;
export type ListName = keyof typeof lists;

/** How many parties each list has, and how many persons were received. */
export function figuresOf(lines: Line[]): Record<ListName, number> & { personTimes: number } {
  const count = Object.fromEntries(Object.entries(lists).map(([k, v]) => [k, lines.filter(v.has).length])) as Record<ListName, number>;
  return { ...count, personTimes: lines.filter(lists.received.has).reduce((n, l) => n + l.persons, 0) };
}

const plain = (s: string): string => s.normalize("NFKC").toLowerCase().trim();

/** Reports whether a line has what was typed: in its number, name, words or the end of its phone. */
export function matches(l: Line, typed: string): boolean {
  const t = plain(typed);
  return !t || [l.number, l.name, l.words, l.phone_tail ?? ""].some((x) => plain(x).includes(t));
}

/** Those who are here, the next first. Who was entered without the network comes after those whom the server knows. */
export function queueOf(hour: Hour, lines: Line[]): Line[] {
  const place = new Map(hour.queue.map((id, i) => [id, i]));
  return lines.filter(lists.here.has).sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || 0);
}

/** The first slot that can still be booked; "" if there is none. */
export function firstFree(slots: Schemas["OpenSlot"][]): string {
  return slots.find((s) => !s.over && s.left > 0)?.from ?? "";
}

/** The acts that a state allows. */
export const canArrive = (l: Line): boolean => !l.pending && !l.entry && ["booked", "waiting", "offered", "missed"].includes(l.state);
export const canReceive = (l: Line): boolean => !l.entry && !["cancelled", "moved"].includes(l.state) && !l.submission;
export const canUnreceive = (l: Line): boolean => !l.entry && l.state === "received" && !l.submission;
export const canUnarrive = (l: Line): boolean => !l.pending && !l.entry && l.state === "arrived";
export const canChange = (l: Line): boolean => !l.pending && !l.entry && ["booked", "waiting", "offered"].includes(l.state);
