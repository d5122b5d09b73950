import type { Schemas } from "@/api/client";
import { named, t, times, tongue } from "@/i18n";
import { serverTime } from "@/state/clock";
import { dayWord } from "./when";

/** Says in the user's language what a matter like theirs is. The server's sentence is Chinese. */
export function offerWords(o: Schemas["SameOffer"], now = serverTime()): string {
  if (tongue.value === "zh") return o.sentence;
  return t("file.similar_words", {
    what: named("kind", o.kind, o.kind_name), where: o.where ? t("file.similar_where", { name: o.where }) : "",
    since: dayWord(Date.parse(o.since), now, times()), people: o.people, state: named("state", o.state, o.state_name),
  });
}
