import type { Schemas } from "@/api/client";
import { named, t, times } from "@/i18n";
import { open, tone } from "./matter";
import type { Reader } from "./message";
import { by, byExactly, due } from "./when";

type Submission = Schemas["Submission"];

/** Where a matter stands for its reader: one state, and at most one deadline. */
export interface Standing {
  state: string;
  tone: string;
  words: string;
  late: boolean;
}

/** Returns where a matter stands. A paused clock and an answered matter have no deadline. */
export function standingOf(s: Submission, reader: Reader, now: number): Standing {
  const assist = reader === "assistant" ? s.assists?.find((a) => a.mine) : undefined;
  if (assist && open(s.state)) {
    const end = assist.due_at && assist.state === "asked" ? deadline(assist.due_at, now) : undefined;
    return { state: named("assist", assist.state, assist.state_name), tone: assist.state === "answered" ? "done" : "ask", words: end?.words ?? "", late: end?.late ?? false };
  }
  const state = reader === "filer" || s.state !== "waiting" ? named("state", s.state, s.state_name) : t("standing.waits_for_filer");
  return { state, tone: tone(s.state), ...(reader === "filer" ? forFiler(s, now) : forMember(s, now)) };
}

/** What the filer hears is said as people say it, and names who has the matter. */
function forFiler(s: Submission, now: number): { words: string; late: boolean } {
  const late = isRunning(s) && Date.parse(s.due_at) < now;
  const when = by(Date.parse(s.due_at), now, times()) + (s.due_uncertain ? t("matter.uncertain") : "");
  const name = s.assignee?.name ?? "";
  switch (s.state) {
    case "held":
      return { words: t("standing.held"), late: false };
    case "pooled":
      return { words: late ? t("standing.late") : t("standing.pooled", { by: when }), late };
    case "assigned":
    case "accepted":
      if (!name) return { words: late ? t("standing.late") : t("standing.due", { by: when }), late };
      return { words: late ? t("standing.late_with", { name }) : t(s.state === "assigned" ? "standing.assigned" : "standing.accepted", { name, by: when }), late };
    case "waiting":
      return { words: t("standing.waiting"), late: false };
    case "answered":
      return { words: t("standing.answered"), late: false };
    case "closed":
      return { words: name ? t("standing.closed", { name }) : "", late: false };
    case "withdrawn":
      return { words: "", late: false };
  }
}

/** Members see the minute: they have to keep it. */
function forMember(s: Submission, now: number): { words: string; late: boolean } {
  if (s.state === "waiting" || s.paused_at) return { words: t("standing.paused"), late: false };
  if (s.state === "answered") return { words: t("standing.unclosed"), late: false };
  return isRunning(s) ? deadline(s.due_at, now) : { words: "", late: false };
}

function deadline(at: string, now: number): { words: string; late: boolean } {
  const ms = Date.parse(at);
  const left = due(ms, now, times());
  return { words: t("standing.deadline", { by: byExactly(ms, now, times()), left: left.words }), late: left.late };
}

function isRunning(s: Submission): boolean {
  return open(s.state) && s.state !== "answered" && s.state !== "waiting" && !s.paused_at;
}
