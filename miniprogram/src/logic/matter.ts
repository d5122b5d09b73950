import type { Schemas } from "@/api/client";

type Submission = Schemas["Submission"];
export type State = Submission["state"];

/** Reports whether a matter is open. */
export function open(s: State): boolean {
  return s !== "closed" && s !== "withdrawn";
}

/** Returns the colour of a state. */
export function tone(s: State): "wait" | "busy" | "ask" | "done" | "over" {
  switch (s) {
    case "held":
    case "pooled":
    case "assigned":
      return "wait";
    case "accepted":
      return "busy";
    case "waiting":
      return "ask";
    case "answered":
    case "closed":
      return "done";
    case "withdrawn":
      return "over";
  }
}

/** Returns the acts of the member in charge (docs/api.md, Acts). */
export function memberActs(s: Submission): string[] {
  switch (s.state) {
    case "assigned":
      return ["accept", "reply", "ask", "transfer", ...(s.return?.allowed ? ["return"] : []), "extend"];
    case "accepted":
    case "waiting":
      return ["reply", "ask", "close", "transfer", ...(s.return?.allowed && s.state === "accepted" ? ["return"] : []), "extend"];
    case "answered":
      return ["close", "reply", "ask", "transfer"];
    case "closed":
      return isPromised(s) ? ["fulfil", "promise"] : [];
    default:
      return [];
  }
}

/** Reports whether the agreement of the closing is still to be carried out. */
export function isPromised(s: Submission): boolean {
  return s.state === "closed" && s.outcome === "agreed";
}

/** Reports whether the visitor rated the present end. A rating of an agreement is not one of its fulfilment. */
function isRated(s: Submission): boolean {
  const done = s.promise?.fulfilled_at;
  return s.rating !== undefined && (!done || Date.parse(s.rating.at) >= Date.parse(done));
}

/** Days within which a closed matter can be reopened (docs/api.md, Acts). */
const reopenDays = 15;

/** Reports whether the caller is the visitor, and not somebody who filed it for the visitor and handed it over. */
export function isOwn(s: Submission): boolean {
  return s.handed_over?.own ?? true;
}

/** Returns the acts of the visitor. Who handed it over may add words; deciding is the visitor's. */
export function visitorActs(s: Submission, now: number): string[] {
  if (s.state === "withdrawn") return [];
  if (!isOwn(s)) return s.state === "closed" ? [] : ["messages"];
  if (s.state !== "closed") return ["messages", "withdraw"];
  const acts = isRated(s) || s.outcome === "invalid" ? [] : ["rate"];
  const end = s.promise?.fulfilled_at ?? s.closed_at;
  const closed = end ? Date.parse(end) : 0;
  if (isPromised(s) || s.outcome !== "merged" && now - closed < reopenDays * 86_400_000) acts.push("reopen");
  return acts;
}

/** Returns the assist that the caller is to answer, undefined for none. */
export function ownAssist(s: Submission): Schemas["Assist"] | undefined {
  return s.assists?.find((a) => a.mine && a.state === "asked");
}

/** Returns the acts that stand on a card of the inbox: the commonest two for whoever is to do something next. */
export function cardActs(s: Submission, role: string): string[] {
  if (role === "liaison") return [...(s.emergency && !s.emergency.attended ? ["attend"] : []), ...(s.state === "pooled" || s.state === "held" ? ["assign"] : [])];
  if (ownAssist(s)) return ["contribute"];
  if (role !== "member") return [];
  switch (s.state) {
    case "assigned":
      return ["accept", "reply"];
    case "accepted":
      return ["reply", "close"];
    case "answered":
      return ["close"];
    default:
      return [];
  }
}

/** Returns the receipt number in single characters, for reading aloud. */
export function spelled(number: string): string {
  return number.replace(/[^0-9A-Za-z]/g, "").split("").join(" ");
}

/** The answers to whether it is solved, and to how satisfied the visitor is (docs/api.md, Acts). */
export const verdicts = ["solved", "partly", "not", "unknown"] as const;
export const satisfactions = ["satisfied", "neutral", "dissatisfied"] as const;

/** What shows that a matter is solved. A photo is required; the others are written into the text. */
export const proofs = ["photo", "consent", "receipt"] as const;

/** Returns a text with the words of one proof in place of those of any other. */
export function withProof(text: string, words: string, others: readonly string[]): string {
  const bare = others.reduce((s, w) => s.replace(w, ""), text).trim();
  if (words === "") return bare;
  return bare === "" || /[。！？!?.]$/.test(bare) ? bare + words : `${bare}。${words}`;
}

/** Returns the badges of a matter in a member's list, the most urgent first. */
export function badges(s: Submission, now: number): string[] {
  const list: string[] = [];
  const assist = ownAssist(s);
  const due = Date.parse(assist?.due_at ?? s.due_at);
  if (s.promise?.late && isPromised(s)) list.push("late");
  if (s.emergency && !s.emergency.attended) list.push("danger");
  if (open(s.state) && (assist || (s.state !== "answered" && !s.paused_at))) {
    if (due < now) list.push("late");
    else if (due - now < 4 * 3_600_000) list.push("soon");
  }
  if (s.state === "assigned") list.push("new");
  if (s.visitor === "tourist") list.push("tourist");
  if (s.together && s.together > 1) list.push("together");
  if (s.on_behalf_of) list.push("behalf");
  return list;
}
