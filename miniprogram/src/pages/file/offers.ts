import { ref, watch, type Ref } from "vue";
import { call, type Schemas } from "@/api/client";
import type { Draft } from "@/logic/draft";
import { online } from "@/state/net";
import { session } from "@/state/session";

/** The pause in typing before the server is asked, in milliseconds. */
const typingPause = 700;

/** Asks for topics and similar matters when the user pauses. An offer is tied to a person, so nobody gets one before the login. */
export function useOffers(draft: Ref<Draft>) {
  const offers = ref<Schemas["SameOffer"][]>([]);
  const topics = ref<Schemas["TopicOffer"][]>([]);
  let resting: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => draft.value.text,
    (text, before) => {
      if (before !== "") draft.value.sameAs = ""; // an offer belongs to the former text
      if (resting) clearTimeout(resting);
      if (text.trim().length < 6 || !online.value || !session.user) return;
      resting = setTimeout(() => void consider(text), typingPause);
    },
  );
  async function consider(text: string): Promise<void> {
    const path = { key: draft.value.scene };
    const [similar, about] = await Promise.allSettled([
      call("post", "/api/v1/codes/{key}/similar", { path, body: { text } }),
      call("post", "/api/v1/codes/{key}/topics", { path, body: { text } }),
    ]);
    if (draft.value.text !== text) return;
    offers.value = similar.status === "fulfilled" ? similar.value.items : [];
    topics.value = about.status === "fulfilled" && !about.value.sure ? about.value.topics : [];
    if (!offers.value.some((o) => o.offer === draft.value.sameAs)) draft.value.sameAs = "";
  }
  return { offers, topics };
}
