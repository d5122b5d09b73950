import { beforeEach, describe, expect, it, vi } from "vitest";
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
  navigateTo: (o: { url: string }) => went.push(o.url),
  request: (o: { data?: string; url: string; success: (r: unknown) => void }) => {
    bodies.push(o.data ? JSON.parse(o.data) : undefined);
    const a = answer(o.url);
    if (a instanceof Promise) void a.then(o.success);
    else o.success(a);
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
  answer = () => ({ statusCode: 401, data: { code: "unauthenticated" }, header: {} });
  await expect(s.refresh()).rejects.toMatchObject({ code: "unauthenticated" });
  expect(s.session.user).toBeUndefined();
  s.restore();
  expect(caller.token).toBe("");
});

it("remembers for whom the pages were opened when it ends in the background, and not after a logout", async () => {
  await s.signIn({ code: "a" });
  answer = () => ({ statusCode: 401, data: { code: "unauthenticated" }, header: {} });
  await expect(s.refresh()).rejects.toMatchObject({ code: "unauthenticated" });
  expect(s.account.value?.id).toBe("u1");
  expect(s.session.former?.id).toBe("u1");
  answer = () => ({ statusCode: 201, data: session, header: {} });
  await s.signIn({ code: "b" });
  expect(s.session.former).toBeUndefined();
  await s.signOut();
  expect(s.account.value).toBeUndefined();
});

it("that began meanwhile is not ended by an answer to the one before", async () => {
  await s.signIn({ code: "a" });
  answer = (url) => {
    if (url.endsWith("/sessions")) return { statusCode: 201, data: { ...session, token: "t2" }, header: {} };
    // Somebody logs in before the answer comes.
    return s.signIn({ code: "b" }).then(() => ({ statusCode: 401, data: { code: "unauthenticated" }, header: {} }));
  };
  await expect(s.refresh()).rejects.toMatchObject({ code: "unauthenticated" });
  expect(caller.token).toBe("t2");
  expect(s.session.user?.id).toBe("u1");
});

describe("an act that meets an ended session", () => {
  const refusals = (n: number, more: Partial<{ user: object }> = {}): void => {
    answer = (url) => {
      if (url.endsWith("/sessions")) return { statusCode: 201, data: { ...session, ...more }, header: {} };
      return n-- > 0 ? { statusCode: 401, data: { code: "unauthenticated" }, header: {} } : { statusCode: 200, data: session.user, header: {} };
    };
  };

  it("is done again once where a new one comes by itself", async () => {
    await s.signIn({ code: "a" });
    phone.code = "wx-code";
    refusals(1);
    let done = 0;
    await s.asUser("/pages/inbox/index", () => s.refresh().then(() => void (done += 1)));
    expect([done, went]).toEqual([1, []]);
    refusals(2);
    await expect(s.asUser("/pages/inbox/index", s.refresh)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("opens the login above the page elsewhere, and does nothing", async () => {
    await s.signIn({ code: "a" });
    refusals(1);
    await s.asUser("/pages/inbox/index", s.refresh);
    expect(went).toEqual(["/pages/login/index?back=%2Fpages%2Finbox%2Findex&over=1"]);
    went.length = 0;
    await s.asUser("/pages/inbox/index", () => Promise.reject(new Error("not reached")));
    expect(went).toHaveLength(1);
  });

  it("is not done for another user than the one who pressed", async () => {
    await s.signIn({ code: "a" });
    phone.code = "wx-code";
    refusals(1, { user: { id: "u2", role: "visitor" } });
    let tried = 0;
    await s.asUser("/pages/inbox/index", () => {
      tried += 1;
      return s.refresh();
    });
    expect([tried, s.session.user?.id]).toEqual([1, "u2"]);
  });
});

it("is kept whatever the phone's clock says", async () => {
  await s.signIn({ code: "a" });
  caller.token = "";
  vi.spyOn(Date, "now").mockReturnValue(Date.parse("2100-01-01T00:00:00Z"));
  s.restore();
  vi.restoreAllMocks();
  expect(caller.token).toBe("t");
});
