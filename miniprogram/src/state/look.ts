import { computed, ref } from "vue";
import * as platform from "#phone";
import { saveValue, loadValue } from "./storage";

/** The size of the text: the phone's, or the user's choice. */
export type Size = "normal" | "elder";

const chosen = ref<Size | undefined>(loadValue<Size>("size"));
/** The phone's text scale; 1 is normal. */
const scale = ref(1);

/** The scale from which the phone's text counts as large (WeChat: 23.8 px of 17 in its care mode). */
const large = 1.25;

export const size = computed<Size>(() => chosen.value ?? (scale.value >= large ? "elder" : "normal"));
export const elder = computed(() => size.value === "elder");

export function setSize(s: Size): void {
  chosen.value = s;
  saveValue("size", s);
}

/** Reads the phone's text scale again, because it may change while the app is in the background. */
export function followPhone(): void {
  scale.value = platform.fontScale();
}
