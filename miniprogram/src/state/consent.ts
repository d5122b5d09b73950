import { reactive } from "vue";

/** When consent is asked for. Each moment has its own messages. */
export type Moment = "filing" | "replying" | "inbox" | "booking" | "duty";

/** The moments for which the user allowed messages since the app was opened: who just did is not asked again. */
export const allowed: Set<Moment> = reactive(new Set<Moment>());
