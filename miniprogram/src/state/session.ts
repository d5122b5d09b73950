import { computed, reactive, watch } from "vue";
import { asProblem, call, caller, type Schemas } from "@/api/client";
import * as platform from "#phone";
import { newKey } from "@/logic/draft";
import { removeValue, saveValue, loadValue } from "./storage";

export type User = Schemas["User"];

interface Kept {
  token: string;
  user: User;
  /** The openid of the emulated person, in the demo only. */
  openid?: string;
}

/** The signed-in user of this phone. */
export const session = reactive({
  user: undefined as User | undefined,
  openid: "",
  /** The user whose session ended while the app was open, until somebody logs in. */
  former: undefined as User | undefined,
});

/** The user for whom the pages were opened: a session that ends in the background takes nothing from under a finger. */
export const account = computed(() => session.user ?? session.former);

/** Calls `changed` when somebody else logs in where a page is open: what it shows was the former user's. */
export function whenOtherUser(changed: () => void): void {
  watch(
    () => account.value?.id,
    (now, before) => {
      if (now && before) changed();
    },
  );
}

const storageKey = "session";

/** Restores the saved session. Whether it has expired the server says: the phone's clock may be days wrong. */
export function restore(): void {
  const k = loadValue<Kept>(storageKey);
  if (!k) return;
  caller.token = k.token;
  session.user = k.user;
  session.openid = k.openid ?? "";
}

function forget(): void {
  caller.token = "";
  session.user = undefined;
  session.openid = "";
  session.former = undefined;
  removeValue(storageKey);
}

caller.ended = () => {
  const former = account.value;
  forget();
  session.former = former;
  // Where a new session comes by itself, nobody has to be told.
  void signInSilently().catch(() => undefined);
};

function begin(s: Schemas["Session"], openid = ""): void {
  caller.token = s.token;
  session.user = s.user;
  session.openid = openid;
  session.former = undefined;
  saveValue(storageKey, { token: s.token, user: s.user, openid } satisfies Kept);
}

/** Signs in by one of the methods of POST /sessions. */
export async function signIn(by: Schemas["Login"], openid = ""): Promise<void> {
  begin(await call("post", "/api/v1/sessions", { body: by }), openid);
}

/** Replaces the user, for example after an invitation changed the role. */
export function setUser(user: User): void {
  session.user = user;
  const k = loadValue<Kept>(storageKey);
  if (k) saveValue(storageKey, { ...k, user });
}

export async function refresh(): Promise<void> {
  setUser(await call("get", "/api/v1/me"));
}

/** Ends the session on the server. The phone clears it even if the server fails. */
export async function signOut(): Promise<void> {
  try {
    await call("delete", "/api/v1/sessions");
  } finally {
    forget();
  }
}

/** A silent login under way. */
let signing: Promise<void> | undefined;

/** Signs in where the platform does so silently; reports whether the user is signed in. */
export async function signInSilently(): Promise<boolean> {
  if (caller.token) return true;
  signing ??= byPlatform().finally(() => (signing = undefined));
  await signing;
  return caller.token !== "";
}

async function byPlatform(): Promise<void> {
  const code = await platform.loginCode();
  if (code) await signIn({ code }, platform.phoneOwner);
}

/** Where the login page opens: in the place of the present page, or above it, which is then shown again as it was. */
export type LoginPlace = "instead" | "over" | "sending";

/**
 * Makes sure that the user is signed in. In WeChat this is silent. In a browser it
 * opens the login page, which returns to `back`, and the caller must stop. `sending`
 * is `over` for a page that goes on with a sending by itself.
 * Reports whether the user is signed in.
 */
export async function ensureSignedIn(back: string, place: LoginPlace = "instead"): Promise<boolean> {
  if (await signInSilently()) return true;
  const url = `/pages/login/index?back=${encodeURIComponent(back)}`;
  if (place === "instead") uni.redirectTo({ url });
  else uni.navigateTo({ url: `${url}&over=1${place === "sending" ? "&sending=1" : ""}` });
  return false;
}

/** Signs in before a page reads. From what is `shown` already nobody is sent to the login. Reports whether the user is signed in. */
export function ensureReader(page: string, shown: boolean): Promise<boolean> {
  return shown ? signInSilently() : ensureSignedIn(page);
}

/**
 * Does what the user pressed. Where their session is over, the login opens above the page, which stays as it is, and
 * the user presses again; in WeChat a new session comes by itself and the act goes on. It throws the Problem of any
 * other refusal. Nothing is done again for another user than the one who pressed.
 */
export async function asUser(page: string, act: () => Promise<void>): Promise<void> {
  if (!(await ensureSignedIn(page, "over"))) return;
  const user = account.value?.id;
  try {
    await act();
  } catch (e) {
    // The phone did not know yet that the session was over. The server did nothing, so a second try acts once.
    if (asProblem(e).code !== "unauthenticated") throw e;
    if ((await ensureSignedIn(page, "over")) && account.value?.id === user) await act();
  }
}

const loginStateKey = "oauth";

/** Opens WeChat's consent page. The saved state proves that the answer belongs to this request. */
export function startWeChatLogin(address: string, back: string): void {
  const state = newKey();
  saveValue(loginStateKey, { state, back });
  platform.leaveFor(address.replace("STATE", state));
}

/** Signs in with the answer of the consent page and returns to the former page. */
export async function finishWeChatLogin(): Promise<void> {
  const back = platform.cameBack();
  if (!back) return;
  const left = loadValue<{ state: string; back: string }>(loginStateKey);
  removeValue(loginStateKey);
  if (left?.state !== back.state) return;
  await signIn({ oauth_code: back.code });
  uni.reLaunch({ url: left.back });
}
