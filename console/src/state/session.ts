import { computed, ref } from "vue";
import { api, Problem, session, unwrap, type Schemas } from "@/api/client";
import { dropDrafts, dropForeignDrafts } from "@/base/drafts";
import { dropEntries, dropForeignEntries } from "@/base/outboxStore";

export type Role = Schemas["User"]["role"];

const user = ref<Schemas["ConsoleSession"] | null>(null);

const sessionEnded = ref(false);

function take(s: Schemas["ConsoleSession"]): void {
  user.value = s;
  sessionEnded.value = false;
  dropForeignDrafts(account(s));
  dropForeignEntries(account(s));
}

/** The signed-in user of this browser, or null. After the session ended it is still who was signed in. */
export const me = computed(() => user.value);

/** The session ended under an open page. The page waits, hidden, until the same person signs in again. */
export const ended = computed(() => sessionEnded.value);

session.ended = () => {
  if (user.value) sessionEnded.value = true;
};

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
  if (user.value && e.data !== account(user.value)) session.left();
  else if (user.value) sessionEnded.value = false;
  else if (e.data) signedInElsewhere?.();
};

/** Asks the server for the session; returns null without one, or if it is somebody else's than the page's. */
export async function loadSession(): Promise<Schemas["ConsoleSession"] | null> {
  let got: Schemas["ConsoleSession"];
  try {
    got = await unwrap(api.GET("/api/v1/console/session"));
  } catch (e) {
    if (!(e instanceof Problem) || e.code !== "unauthenticated") throw e;
    return null;
  }
  if (user.value && account(got) !== account(user.value)) {
    session.left();
    return null;
  }
  take(got);
  return got;
}

/** Takes a session that was just opened in this tab. The waiting page of the same person goes on. */
export function startSession(s: Schemas["ConsoleSession"]): void {
  take(s);
  otherTabs.postMessage(account(s));
}

/**
 * Gives way to the session that somebody else opened in this tab: what the former user left unsent is gone, and the
 * other tabs leave their pages. This one stays covered until the caller has loaded it anew.
 */
export function replaceSession(s: Schemas["ConsoleSession"]): void {
  dropDrafts();
  dropEntries();
  otherTabs.postMessage(account(s));
}

/** Ends the session in this browser and on the server. */
export async function endSession(): Promise<void> {
  await unwrap(api.DELETE("/api/v1/console/session"));
  clearSession();
  otherTabs.postMessage("");
}

/** Forgets the user, with the words that they left unsent. */
export function clearSession(): void {
  dropEntries();
  user.value = null;
  sessionEnded.value = false;
  dropDrafts();
}
