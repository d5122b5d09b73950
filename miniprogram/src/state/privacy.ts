import { ref } from "vue";
import * as platform from "#phone";

/** Whether the platform waits for the person to agree to the privacy notice. */
export const asking = ref(false);

let answers: { agreed: () => void; refused: () => void } | undefined;

export function watchForPrivacy(): void {
  platform.watchPrivacy((agreed, refused) => {
    answers = { agreed, refused };
    asking.value = true;
  });
}

export function agree(): void {
  asking.value = false;
  answers?.agreed();
  answers = undefined;
}

export function refuse(): void {
  asking.value = false;
  answers?.refused();
  answers = undefined;
}
