import { computed, ref } from "vue";
import * as platform from "#phone";
import { keep, kept } from "./kept";

/** How large everything is: as the phone says, or as the person chose. */
export type Size = "normal" | "elder";

const chosen = ref<Size | undefined>(kept<Size>("size"));
/** How much larger than usual the phone shows text; 1 is usual. */
const scale = ref(1);

/** The phone's own large type begins here (WeChat: 23.8 px of 17 in its care mode). */
const large = 1.25;

export const size = computed<Size>(() => chosen.value ?? (scale.value >= large ? "elder" : "normal"));
export const elder = computed(() => size.value === "elder");

export function setSize(s: Size): void {
  chosen.value = s;
  keep("size", s);
}

/** Asks the phone anew; it may have been changed while we were in the background. */
export function followPhone(): void {
  scale.value = platform.fontScale();
}
