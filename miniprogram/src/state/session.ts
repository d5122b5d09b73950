import { reactive } from "vue";
import { call, caller, type Schemas } from "@/api/client";
import * as platform from "#phone";
import { newKey } from "@/logic/draft";
import { removeValue, saveValue, loadValue } from "./storage";

export type User = Schemas["User"];

interface Kept {
  token: string;
  user: User;
  expires: number;
  /** The openid of the emulated person, in the demo only. */
  openid?: string;
}

/** The signed-in user of this phone. */
export const session = reactive({
  user: undefined as User | undefined,
  openid: "",
});

const storageKey = "session";

/** Restores the saved session, unless it has expired. */
export function restore(now = Date.now()): void {
  const k = loadValue<Kept>(storageKey);
  if (!k || k.expires <= now) return;
  caller.token = k.token;
  session.user = k.user;
  session.openid = k.openid ?? "";
}

function forget(): void {
  caller.token = "";
  session.user = undefined;
  session.openid = "";
  removeValue(storageKey);
}

caller.ended = forget;

function begin(s: Schemas["Session"], openid = ""): void {
  caller.token = s.token;
  session.user = s.user;
  session.openid = openid;
  saveValue(storageKey, { token: s.token, user: s.user, expires: Date.parse(s.expires_at), openid } satisfies Kept);
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

/** Signs in where the platform does so silently; reports whether the user is signed in. */
export async function signInSilently(): Promise<boolean> {
  if (caller.token) return true;
  const code = await platform.loginCode();
  if (code) await signIn({ code }, platform.phoneOwner);
  return caller.token !== "";
}

/**
 * Makes sure that the user is signed in. In WeChat this is silent. In a browser it
 * opens the login page, which returns to `back`, and the caller must stop. `over`
 * opens it above the present page, which is shown again as it was.
 * Reports whether the user is signed in.
 */
export async function ensureSignedIn(back: string, over = false): Promise<boolean> {
  if (await signInSilently()) return true;
  const url = `/pages/login/index?back=${encodeURIComponent(back)}`;
  if (over) uni.navigateTo({ url: `${url}&over=1` });
  else uni.redirectTo({ url });
  return false;
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
