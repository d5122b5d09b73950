import type { Schemas } from "@/api/client";
import { named, t, type Key } from "@/i18n";

type Submission = Schemas["Submission"];
type Event = Schemas["Event"];

/** Who reads a matter: who filed it, the member who has it (or staff), or somebody asked to assist. */
export type Reader = "filer" | "member" | "assistant";

/** The acts whose words are for the filer, and those for the member. */
const forFiler = new Set<Event["what"]>(["ask", "reply", "close", "extend", "promise", "fulfil"]);
const forMember = new Set<Event["what"]>(["messages", "reopen", "withdraw", "rate"]);

/** The acts whose words are about days alone. */
const ofDays = new Set<Event["what"]>(["extend", "promise"]);

/** An event of the timeline and its place in it. */
export interface Message {
  event: Event;
  index: number;
  /** The reader answered it since. */
  answered: boolean;
}

/** Returns the newest words of the other side, or its question that is not answered yet; undefined while it has said nothing. An answer that was taken back says nothing. */
export function latestMessage(s: Submission, reader: Reader): Message | undefined {
  const list = s.timeline ?? [];
  const [others, own] = reader === "filer" ? [forFiler, forMember] : [forMember, forFiler];
  let answered = false;
  let newest: Message | undefined;
  for (let index = list.length - 1; index >= 0; index--) {
    const event = list[index]!;
    if (own.has(event.what)) answered = true;
    if (!others.has(event.what) || event.taken || !(event.text || event.photos?.length || event.parts?.length)) continue;
    const message = { event, index, answered };
    // A question waits for its reader, whatever was said of days since.
    if (event.what === "ask" && !answered) return message;
    newest ??= message;
    if (!ofDays.has(event.what)) return newest;
  }
  return newest;
}

/** What the other side said or asks, as the page shows it first. */
export interface Shown {
  head: string;
  at: string;
  text: string;
  photos: string[];
  parts: Schemas["Part"][];
  foot: string;
}

/** Returns what stands first on a matter's page: the newest words of the other side; to who assists, what they are asked for. */
export function shownFirst(s: Submission, reader: Reader): Shown | undefined {
  const none = { text: "", photos: [], parts: [], foot: "" };
  if (reader === "assistant") {
    const a = s.assists?.find((x) => x.mine);
    return a?.at ? { ...none, head: t("word.task", { who: whoIs(a.by) }), at: a.at, text: a.task ?? "" } : undefined;
  }
  const w = latestMessage(s, reader);
  if (!w) return undefined;
  const e = w.event;
  return {
    head: t(`word.${e.what}` as Key, { who: whoIs(e.by), outcome: e.outcome ? named("outcome", e.outcome) : "" }),
    at: e.at, text: e.text ?? "", photos: e.photos ?? [], parts: e.parts ?? [], foot: e.what === "ask" && w.answered ? t("word.answered") : "",
  };
}

/** Returns the places in the timeline of what the page shows above it: the filing, and what stands first. */
export function shownAbove(s: Submission, reader: Reader): number[] {
  const task = s.assists?.find((a) => a.mine)?.task;
  const first = reader === "assistant" ? (s.timeline ?? []).findIndex((e) => e.what === "assist" && e.text === task) : (latestMessage(s, reader)?.index ?? -1);
  return first > 0 ? [0, first] : [0];
}

function whoIs(a: Schemas["Actor"] | undefined): string {
  if (a?.role === "member" && a.name) return t("problem.member_named", { name: a.name });
  return a?.name || named("role", a?.role ?? "member");
}
