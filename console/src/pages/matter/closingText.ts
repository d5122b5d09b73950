import { computed, type Ref } from "vue";
import type { Outcome } from "./acts";

/** What a form of a closing keeps beside the text. */
export interface ClosingFields {
  outcome: Outcome | "";
  /** The text for the other readers: what people are told beside an internal reason, or that reason while the text is for people. */
  other: string;
}

/** Decides for whom the text of a closing is: people read it, but that of 不予受理 is an internal reason. */
export function useClosingText(form: Ref<ClosingFields>, words: Ref<string>) {
  const invalid = computed(() => form.value.outcome === "invalid");

  /** Chooses the outcome. A text stays with those it was written for. */
  function choose(outcome: Outcome): void {
    if ((outcome === "invalid") !== invalid.value) [words.value, form.value.other] = [form.value.other, words.value];
    form.value.outcome = outcome;
  }

  const asks = computed(() =>
    invalid.value
      ? { label: "不予受理的原因", hint: "群众看不到；会留下记录，不计入任何数字", max: 500 }
      : { label: "办理情况（群众会看到）", hint: "", max: 2000 },
  );
  return { invalid, choose, asks };
}
