import { ref } from "vue";
import * as platform from "#phone";

/** Whether the phone has a connection. */
export const online = ref(true);

let asked = false;

/** Follows the phone's connection. */
export function followNet(): void {
  if (asked) return;
  asked = true;
  platform.watchNet((up) => (online.value = up));
}
