import { reactive } from "vue";
import { call, caller, type Schemas } from "@/api/client";
import * as platform from "#phone";
import { newKey } from "@/logic/draft";
import { drop, keep, kept } from "./kept";

export type User = Schemas["User"];

interface Kept {
  token: string;
  user: User;
  expires: number;
  /** The emulated person this browser plays, in the demo only. */
  openid?: string;
}

/** Who uses this phone. */
export const session = reactive({
  user: undefined as User | undefined,
  openid: "",
});

const name = "session";

/** Takes up the session that was kept, if it has not ended. */
export function restore(now = Date.now()): void {
  const k = kept<Kept>(name);
  if (!k || k.expires <= now) return;
  caller.token = k.token;
  session.user = k.user;
  session.openid = k.openid ?? "";
}

function forget(): void {
  caller.token = "";
  session.user = undefined;
  session.openid = "";
  drop(name);
}

caller.ended = forget;

function begin(s: Schemas["Session"], openid = ""): void {
  caller.token = s.token;
  session.user = s.user;
  session.openid = openid;
  keep(name, { token: s.token, user: s.user, expires: Date.parse(s.expires_at), openid } satisfies Kept);
}

/** Logs in by one of the ways of POST /sessions. */
export async function signIn(by: Schemas["Login"], openid = ""): Promise<void> {
  begin(await call("post", "/api/v1/sessions", { body: by }), openid);
}

/** Learns who the caller is by now: an invitation may have changed it. */
export function nowIs(user: User): void {
  session.user = user;
  const k = kept<Kept>(name);
  if (k) keep(name, { ...k, user });
}

export async function refresh(): Promise<void> {
  nowIs(await call("get", "/api/v1/me"));
}

/** Ends the session on the server too; the phone forgets it in any case. */
export async function leave(): Promise<void> {
  try {
    await call("delete", "/api/v1/sessions");
  } finally {
    forget();
  }
}

/**
 * Sees to it that somebody is logged in: silently in WeChat; in a browser the
 * login page is opened, which comes back to `back`. It answers whether to go on.
 */
export async function entered(back: string): Promise<boolean> {
  if (caller.token) return true;
  const code = await platform.loginCode();
  if (code) {
    await signIn({ code });
    return true;
  }
  uni.redirectTo({ url: `/pages/login/index?back=${encodeURIComponent(back)}` });
  return false;
}

const going = "oauth";

/** Leaves for WeChat's consent page; the state proves that whoever comes back left from here. */
export function leaveForWeChat(address: string, back: string): void {
  const state = newKey();
  keep(going, { state, back });
  platform.leaveFor(address.replace("STATE", state));
}

/** Logs in whoever comes back from there, and goes on where they left. */
export async function comeBack(): Promise<void> {
  const back = platform.cameBack();
  if (!back) return;
  const left = kept<{ state: string; back: string }>(going);
  drop(going);
  if (left?.state !== back.state) return;
  await signIn({ oauth_code: back.code });
  uni.reLaunch({ url: left.back });
}
