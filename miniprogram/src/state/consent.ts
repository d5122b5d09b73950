import { ref } from "vue";

/** How many messages the user allowed since the app was opened. Who just allowed some is not asked again. */
export const allowedMessages = ref(0);
