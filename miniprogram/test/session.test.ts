import { beforeEach, expect, it, vi } from "vitest";
import { phone } from "./phone";

const storage = new Map<string, unknown>();
const went: string[] = [];
const bodies: unknown[] = [];
vi.stubGlobal("uni", {
  getStorageSync: (k: string) => storage.get(k) ?? "",
  setStorageSync: (k: string, v: unknown) => storage.set(k, v),
  removeStorageSync: (k: string) => storage.delete(k),
  reLaunch: (o: { url: string }) => went.push(o.url),
  redirectTo: (o: { url: string }) => went.push(o.url),
  request: (o: { data?: string; url: string; success: (r: unknown) => void }) => {
    bodies.push(o.data ? JSON.parse(o.data) : undefined);
    o.success(answer(o.url));
  },
});
const session = { token: "t", user: { id: "u1", role: "visitor" }, expires_at: "2099-01-01T00:00:00+08:00", target: null };
let answer = (_url: string): unknown => ({ statusCode: 201, data: session, header: {} });

const { caller } = await import("@/api/client");
const s = await import("@/state/session");

beforeEach(() => {
  caller.ended();
  storage.clear();
  went.length = bodies.length = 0;
  phone.back = undefined;
  phone.left = "";
  phone.code = "";
  answer = () => ({ statusCode: 201, data: session, header: {} });
});

it("leaves for WeChat's consent page and comes back to where it was", async () => {
  s.startWeChatLogin("https://open.example/authorize?state=STATE#wechat_redirect", "/pages/file/index?key=k");
  const state = /state=([a-z0-9]{24})#/.exec(phone.left)?.[1] ?? "";
  expect(state).not.toBe("");
  phone.back = { code: "c1", state };
  await s.finishWeChatLogin();
  expect(bodies).toEqual([{ oauth_code: "c1" }]);
  expect(went).toEqual(["/pages/file/index?key=k"]);
  expect(s.session.user?.id).toBe("u1");
  // A second time the same address logs nobody in.
  await s.finishWeChatLogin();
  expect(bodies).toHaveLength(1);
});

it("takes no code from whoever did not leave from here", async () => {
  phone.back = { code: "stolen", state: "x".repeat(24) };
  await s.finishWeChatLogin();
  s.startWeChatLogin("https://open.example/?state=STATE", "/pages/mine/index");
  phone.back = { code: "stolen", state: "y".repeat(24) };
  await s.finishWeChatLogin();
  expect(bodies).toEqual([]);
  expect(went).toEqual([]);
});

it("logs in silently where the phone can, and by the login page elsewhere", async () => {
  expect(await s.ensureSignedIn("/pages/mine/index")).toBe(false);
  expect(went).toEqual(["/pages/login/index?back=%2Fpages%2Fmine%2Findex"]);
  phone.code = "wx-code";
  expect(await s.ensureSignedIn("/pages/mine/index")).toBe(true);
  expect(bodies).toEqual([{ code: "wx-code" }]);
  expect(await s.ensureSignedIn("/pages/mine/index")).toBe(true);
  expect(bodies).toHaveLength(1);
});

it("is taken up again until it ends, and forgotten when the server no longer knows it", async () => {
  await s.signIn({ code: "a" });
  caller.token = "";
  s.restore();
  expect(caller.token).toBe("t");
  caller.token = "";
  s.restore(Date.parse("2099-01-02T00:00:00+08:00"));
  expect(caller.token).toBe("");
  s.restore();
  answer = () => ({ statusCode: 401, data: { code: "unauthenticated" }, header: {} });
  await expect(s.refresh()).rejects.toMatchObject({ code: "unauthenticated" });
  expect(s.session.user).toBeUndefined();
  s.restore();
  expect(caller.token).toBe("");
});
