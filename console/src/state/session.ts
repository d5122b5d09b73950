import { computed, ref } from "vue";
import { api, Problem, session, unwrap, type Schemas } from "@/api/client";

export type Role = Schemas["User"]["role"];

const user = ref<Schemas["ConsoleSession"] | null>(null);

/** Who is signed in on this computer. */
export const me = computed(() => user.value);

/** Whether the caller has one of the roles. */
export function is(...roles: Role[]): boolean {
  return user.value !== null && roles.includes(user.value.user.role);
}

/** The id of whose session it is; "" for nobody's. */
export function account(s: Schemas["ConsoleSession"] | null): string {
  return s?.user.id ?? "";
}

// All tabs of a browser have one session. One that shows somebody else's pages
// after a sign-in or sign-out in another leaves them.
const tabs = new BroadcastChannel("mashang.session");
let joined: (() => void) | null = null;

/** Calls what is given when somebody signs in in another tab; null for no more. */
export function onJoined(call: (() => void) | null): void {
  joined = call;
}

tabs.onmessage = (e: MessageEvent<string>) => {
  if (user.value && e.data !== account(user.value)) session.ended();
  else if (!user.value && e.data) joined?.();
};

/** Asks the server who is signed in; null for nobody. */
export async function recall(): Promise<Schemas["ConsoleSession"] | null> {
  try {
    user.value = await unwrap(api.GET("/api/v1/console/session"));
  } catch (e) {
    if (!(e instanceof Problem) || e.code !== "unauthenticated") throw e;
    user.value = null;
  }
  return user.value;
}

export function enter(s: Schemas["ConsoleSession"]): void {
  user.value = s;
  tabs.postMessage(account(s));
}

/** Ends the session here and at the server. */
export async function leave(): Promise<void> {
  await unwrap(api.DELETE("/api/v1/console/session"));
  user.value = null;
  tabs.postMessage("");
}

/** Forgets who was signed in, when the server already has. */
export function forget(): void {
  user.value = null;
}
