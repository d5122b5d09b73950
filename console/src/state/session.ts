import { computed, ref } from "vue";
import { api, Problem, session, unwrap, type Schemas } from "@/api/client";

export type Role = Schemas["User"]["role"];

const user = ref<Schemas["ConsoleSession"] | null>(null);

/** The signed-in user of this browser, or null. */
export const me = computed(() => user.value);

/** Reports whether the signed-in user has one of the roles. */
export function hasRole(...roles: Role[]): boolean {
  return user.value !== null && roles.includes(user.value.user.role);
}

/** Returns the id of the session's user; "" without a session. */
export function account(s: Schemas["ConsoleSession"] | null): string {
  return s?.user.id ?? "";
}

// All tabs of a browser share one session. After a sign-in or sign-out in one
// tab, the other tabs must not go on showing the pages of the former user.
const otherTabs = new BroadcastChannel("mashang.session");
let signedInElsewhere: (() => void) | null = null;

/** Sets the function that is called after a sign-in in another tab; null removes it. */
export function onSignInElsewhere(call: (() => void) | null): void {
  signedInElsewhere = call;
}

otherTabs.onmessage = (e: MessageEvent<string>) => {
  if (user.value && e.data !== account(user.value)) session.ended();
  else if (!user.value && e.data) signedInElsewhere?.();
};

/** Asks the server for the session; returns null without one. */
export async function loadSession(): Promise<Schemas["ConsoleSession"] | null> {
  try {
    user.value = await unwrap(api.GET("/api/v1/console/session"));
  } catch (e) {
    if (!(e instanceof Problem) || e.code !== "unauthenticated") throw e;
    user.value = null;
  }
  return user.value;
}

export function startSession(s: Schemas["ConsoleSession"]): void {
  user.value = s;
  otherTabs.postMessage(account(s));
}

/** Ends the session in this browser and on the server. */
export async function endSession(): Promise<void> {
  await unwrap(api.DELETE("/api/v1/console/session"));
  user.value = null;
  otherTabs.postMessage("");
}

/** Clears the session after the server ended it. */
export function clearSession(): void {
  user.value = null;
}
