import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";

const storage = new Map<string, unknown>();
vi.stubGlobal("uni", {
  getStorageSync: (k: string) => storage.get(k) ?? "",
  setStorageSync: (k: string, v: unknown) => {
    if (full) throw new Error("full");
    storage.set(k, v);
  },
  removeStorageSync: (k: string) => storage.delete(k),
});
let full = false;
beforeEach(() => {
  storage.clear();
  full = false;
});

const { address, problemOf, Problem } = await import("@/api/client");
const { actBody } = await import("@/logic/act");
const draft = await import("@/logic/draft");
const { badges, memberActs, spelled, visitorActs, withProof } = await import("@/logic/matter");
const { colleagues, searchMembers } = await import("@/logic/colleagues");
const { forms, headOf, quoted, sentenceOf } = await import("@/logic/event");
const { photoScale } = await import("@/logic/photo");
const { problemWords } = await import("@/logic/refusal");
const { dialled, isMobile, isValidPhone } = await import("@/logic/phone");
const { keyOf, loginOf, sceneOf, twoDigits } = await import("@/logic/scene");
const { sendDraft } = await import("@/logic/send");
const when = await import("@/logic/when");
const { latestMessage } = await import("@/logic/message");
const { standingOf } = await import("@/logic/standing");
const { clamped, scaledAt, swiped, unzoomed } = await import("@/logic/zoom");
const { forGPS, forMaps } = await import("@/logic/coord");
const { named, setTongue, t, term, times, tongueOf } = await import("@/i18n");
const { zh } = await import("@/i18n/zh");
const { en } = await import("@/i18n/en");
const { now, serverTime, syncClock } = await import("@/state/clock");
const { removeValue, saveValue, loadValue } = await import("@/state/storage");

describe("the members to choose from", () => {
  it("are all, however many pages they fill", async () => {
    const asked: string[] = [];
    vi.stubGlobal("uni", {
      ...uni,
      request: ({ url, success }: { url: string; success: (r: object) => void }) => {
        asked.push(url);
        const cursor = new URL(url, "http://x").searchParams.get("cursor") ?? "";
        success({ statusCode: 200, header: {}, data: { items: [{ id: `after-${cursor}` }], next_cursor: { "": "a", a: "b" }[cursor] ?? "" } });
      },
    });
    expect((await colleagues()).map((m) => m.id)).toEqual(["after-", "after-a", "after-b"]);
    expect(asked).toHaveLength(3);
  });

  it("are found however the name is typed", () => {
    const m = { id: "m1", name: "阿依努尔·买买提", sector: "少数民族", village: "A区", expertise: ["双语 调解"] } as never;
    for (const q of ["阿依努尔买买提", "阿依努尔•买买提", "Ａ区", "\u200b调解", "双语调解", "阿依 a区", ""]) expect(searchMembers([m], q), q).toHaveLength(1);
    for (const q of ["买买买", "b区"]) expect(searchMembers([m], q), q).toHaveLength(0);
  });
});

describe("what was scanned", () => {
  it("is found however the platform hands it over", () => {
    expect(keyOf(sceneOf({ scene: "abcdefghjk" }))).toBe("abcdefghjk");
    expect(keyOf(sceneOf({ q: encodeURIComponent("https://ma.example.cn/q/ABCDEFGHJK?x=1") }))).toBe("abcdefghjk");
    expect(keyOf(sceneOf({ key: "abcdefghjk", scene: "other" }))).toBe("abcdefghjk");
    expect(keyOf(" abcde fghjk\n")).toBe("abcdefghjk");
    expect(keyOf("abcde-fghjk")).toBe("abcdefghjk");
    for (const typed of ["ａｂｃｄｅｆｇｈｊｋ", "abcdefghjk\u200b", "\u200eabcdefghjk", "编号：abcdefghjk", "abcdefghjk。"]) expect(keyOf(typed), typed).toBe("abcdefghjk");
    expect(keyOf("https://example.com/abcdefghjk")).not.toBe("abcdefghjk");
    expect(sceneOf({})).toBe("");
    expect(sceneOf({ scene: "100%" })).toBe("100%");
  });
  it("is a computer's login, or is not", () => {
    const id = "0123456789abcdefghjkmnpq";
    expect(loginOf(`https://ma.example.cn/m/pages/approve/index?login=${id}`)).toBe(id);
    expect(loginOf(`/pages/approve/index?x=1&login=${id}#x`)).toBe(id);
    expect(loginOf(` ${id.toUpperCase().slice(0, 12)} ${id.slice(12)}\n`)).toBe(id);
    for (const other of ["", "abcdefghjk", "https://ma.example.cn/q/abcdefghjk", "https://ma.example.cn/?login=", `${id}x`]) expect(loginOf(other), other).toBe("");
  });
  it("has two digits beside it, however they are typed", () => {
    expect(["42", " 4 2 ", "４２", "4-2"].map(twoDigits)).toEqual(["42", "42", "42", "42"]);
    expect(["", "4", "423", "四二", "4a"].map(twoDigits)).toEqual(["", "", "", "", ""]);
  });
});

describe("times", () => {
  const noon = when.moment("2026-07-15", "12:00");
  it("are the station's, whatever the phone's zone", () => {
    expect(when.clock(noon)).toBe("12:00");
    expect(when.clock(when.moment("2026-07-16"), true)).toBe("24:00");
    expect(when.clock(when.moment("2026-07-16"))).toBe("00:00");
    expect(when.isoDate(when.moment("2026-07-15", "00:00"))).toBe("2026-07-15");
  });
  it("are said as people do", () => {
    const w = times();
    expect(when.at(noon, noon, w)).toBe("今天 12:00");
    expect(when.dayWord(when.moment("2026-07-16"), noon, w)).toBe("明天");
    expect(when.dayWord(when.moment("2026-07-14", "23:59"), noon, w)).toBe("昨天");
    expect(when.dayWord(when.moment("2027-01-02"), noon, w)).toBe("2027年1月2日");
    expect(when.ago(noon - 59_999, noon, w)).toBe("刚刚");
    expect(when.ago(noon + 5_000, noon, w)).toBe("刚刚");
    expect(when.ago(noon - 60_000, noon, w)).toBe("1 分钟前");
    expect(when.ago(noon - 3 * 3_600_000, noon, w)).toBe("3 小时前");
    expect(when.due(noon + 30 * 60_000, noon, w)).toEqual({ late: false, soon: true, words: "还有 30 分钟" });
    expect(when.due(noon + 5 * 3_600_000, noon, w)).toEqual({ late: false, soon: false, words: "还有 5 小时" });
    expect(when.due(noon - 49 * 3_600_000, noon, w)).toEqual({ late: true, soon: true, words: "已超 2 天" });
  });
});

describe("a deadline as people say it", () => {
  const now = when.moment("2026-07-15", "12:00");
  const said = (date: string, time: string): string => when.by(when.moment(date, time), now, times());
  it("is rounded up to the half hour, by the part of the day", () => {
    expect(said("2026-07-16", "07:48")).toBe("明天早上 8 点前");
    expect(said("2026-07-16", "08:00")).toBe("明天早上 8 点前");
    expect(said("2026-07-16", "08:01")).toBe("明天早上 8 点半前");
    expect(said("2026-07-15", "14:40")).toBe("今天下午 3 点前");
    expect(said("2026-07-16", "11:59")).toBe("明天中午 12 点前");
    expect(said("2026-07-16", "00:10")).toBe("明天凌晨 0 点半前");
    expect(said("2026-07-20", "19:31")).toBe("7月20日晚上 8 点前");
  });
  it("ends a day at midnight instead of beginning the next", () => {
    expect(said("2026-07-15", "23:48")).toBe("今天夜里 12 点前");
    expect(said("2026-07-16", "00:00")).toBe("今天夜里 12 点前");
  });
  it("is exact in the last hour and once it has passed", () => {
    expect(said("2026-07-15", "12:48")).toBe("今天 12:48 前");
    expect(said("2026-07-15", "11:03")).toBe("今天 11:03 前");
    expect(said("2026-07-14", "11:03")).toBe("昨天 11:03 前");
  });
  it("is never before the deadline and less than half an hour after it", () => {
    const half = 30 * 60_000;
    for (let ms = now + 2 * half + 1; ms < now + 100 * half; ms += 7 * 60_000 + 1) {
      const up = Math.ceil(ms / half) * half;
      expect(when.by(ms, now, times())).toBe(when.by(up, now, times()));
      expect(up - ms).toBeLessThan(half);
    }
  });
  it("is said in English", () => {
    setTongue("en");
    expect([said("2026-07-16", "07:48"), said("2026-07-16", "12:30"), said("2026-07-15", "23:59"), said("2026-07-15", "12:30")]).toEqual(["by 8 am tomorrow", "by 12:30 pm tomorrow", "by midnight today", "by 12:30 today"]);
    setTongue("zh");
  });
});

describe("a draft", () => {
  const d = { ...draft.emptyDraft("k", "complaint", "id"), visitor: "resident" as const, text: "多收了二十元" };
  it("needs nothing but what happened", () => {
    expect(draft.faultsOf(d)).toEqual({});
    expect(draft.faultsOf({ ...d, text: "  " })).toEqual({ text: "file.need_text" });
    expect(draft.faultsOf({ ...d, text: "", voice: { local: "x", seconds: 3 } })).toEqual({});
  });
  it("names each field that is wrong", () => {
    const wrong = { ...d, text: "好".repeat(2001), place: "长".repeat(101), phone: "12", amount: "二十", forOther: true, otherPhone: "1" };
    expect(Object.keys(draft.faultsOf(wrong)).sort()).toEqual(["against", "amount", "otherName", "otherPhone", "otherRelation", "phone", "place", "text"]);
  });
  it("counts characters, not halves of them", () => {
    expect(draft.length("𠮷😀好")).toBe(3);
    expect(draft.faultsOf({ ...d, text: "😀".repeat(2000) })).toEqual({});
  });
  it("becomes the body the API wants, without what was not said", () => {
    expect(draft.filingOf(d)).toEqual({ scene: "k", kind: "complaint", visitor: "resident", text: "多收了二十元" });
    expect(
      draft.filingOf({
        ...d, visitor: "tourist", untilDate: "2026-07-20", place: " 渡口 ", point: { lat: 1, lng: 2, coord: "wgs84" }, photos: [{ local: "a", id: "f1" }, { local: "b" }, { local: "c", id: "f1" }],
        voice: { local: "v", seconds: 2, id: "f2" }, phone: "13800138000", anonymous: true, aboutMember: true, forOther: true, otherName: "王秀英", otherRelation: "母亲",
        against: "停车场", amount: "19.5 元", category: "travel", sameAs: "lj-9",
      }),
    ).toEqual({
      scene: "k", kind: "complaint", visitor: "tourist", text: "多收了二十元", category: "travel", photos: ["f1"], voice: "f2",
      place: { text: "渡口", lat: 1, lng: 2, coord: "wgs84" }, contact: { phone: "13800138000" }, until: "2026-07-20T23:59:00+08:00", anonymous: true, about_member: true,
      on_behalf_of: { name: "王秀英", relation: "母亲" }, against: { name: "停车场", amount_fen: 1950 }, same_as: "lj-9",
    });
    expect(draft.filingOf({ ...d, phone: "13800138000", phoneCode: "c" }).contact).toEqual({ phone_code: "c" });
    expect(draft.filingOf({ ...d, untilDate: "2026-07-20" }).until).toBeUndefined();
  });
  it("knows numbers and amounts as they are written", () => {
    const numbers = {
      "13800138000": ["13800138000", "+86 138 0013 8000", "１３８００１３８０００", "\u202d13800138000\u202c", "'13800138000", "86 13800138000", "(+86)13800138000", "138.0013.8000", "0086 13800138000"],
      "09318888888": ["0931-8888888", "（0931）8888888", "+86 931 8888888"],
      "4001234567": ["400-123-4567"],
      "+442079460958": ["+44 20 7946 0958", "+44 (0)20 7946 0958", "0044 20 7946 0958", "+44-20-7946-0958"],
      "+12025550143": ["+1 (202) 555-0143"],
      "+85291234567": ["+852 9123 4567"],
    };
    for (const [number, forms] of Object.entries(numbers)) {
      for (const p of forms) expect([isValidPhone(p), dialled(p)], p).toEqual([true, number]);
    }
    // Without its area code the server does not take a landline either.
    for (const p of ["12", "1380013800", "abc", "23800138000", "8888888", "+44", "+0 123 456 789", "+86 12", "+1234567890123456"]) expect(isValidPhone(p), p).toBe(false);
    expect(["13800138000", "+86 13800138000", "0931-8888888", "+44 7911 123456", "0044 7911 123456"].map(isMobile)).toEqual([true, true, false, false, false]);
    expect(draft.fenOf("")).toBeUndefined();
    expect(draft.fenOf("￥1,234.5")).toBe(123_450);
    expect(draft.fenOf("0.29")).toBe(29);
    expect(draft.fenOf("1.234")).toBeNaN();
    expect(draft.fenOf("-3")).toBeNaN();
  });
  it("is asked on few screens, each field on one of them", () => {
    const looks = [{ elder: false, place: false }, { elder: false, place: true }, { elder: true, place: false }, { elder: true, place: true }];
    expect(looks.map((l) => draft.screens(l).length)).toEqual([3, 2, 3, 3]);
    expect(draft.screens({ elder: false, place: true })[0]?.[0]).toBe("photos");
    for (const look of looks) {
      const all = draft.screens(look).flat();
      expect([...all].sort()).toEqual(["photos", "reach", "send", "what", "where", "who"]);
      for (const f of ["text", "place", "photos", "otherName", "phone", "scene", "contact.phone", "on_behalf_of.name", "visitor"]) expect(all).toContain(draft.questionOf(f));
    }
  });
  it("takes nobody for anything before they say it", () => {
    expect(draft.faultsOf({ ...draft.emptyDraft("k", "help", "id"), text: "水管裂了" })).toEqual({ visitor: "file.need_visitor" });
  });
  it("has three ways in, each with its kinds", () => {
    expect(["complaint", "dispute", "inquiry", "help", "", "dance"].map(draft.groupOf)).toEqual(["complaint", "complaint", "suggestion", "help", "complaint", "complaint"]);
  });
  it("has a key that the API takes", () => {
    expect(draft.newKey()).toMatch(/^[a-z0-9]{24}$/);
    expect(draft.newKey(() => 0)).toBe("a".repeat(24));
    expect(draft.newKey(() => 0.9999)).toBe("9".repeat(24));
  });
});

describe("what stands first on a matter's page", () => {
  const e = (what: string, text = "", more: object = {}): object => ({ at: "2026-07-15T10:00:00+08:00", what, by: { role: "member", name: "渡晓舟" }, text, sentence: "", ...more });
  const of = (...timeline: object[]): never => ({ timeline: [e("file", "多收了二十元"), ...timeline] }) as never;
  it("is the newest word of the other side, and not one that was taken back", () => {
    expect(latestMessage(of(e("accept")), "filer")).toBeUndefined();
    expect(latestMessage(of(e("ask", "哪一家？"), e("messages", "河边人家")), "filer")).toMatchObject({ index: 1, answered: true });
    expect(latestMessage(of(e("ask", "哪一家？"), e("messages", "河边人家")), "member")).toMatchObject({ index: 2, answered: false });
    expect(latestMessage(of(e("ask", "哪一家？"), e("reply", "", { taken: true })), "filer")?.index).toBe(1);
    expect(latestMessage(of(e("reply", "", { photos: ["p"] })), "filer")?.index).toBe(1);
    expect(latestMessage(of(e("transfer", "归他"), e("assist", "查一查")), "filer")).toBeUndefined();
  });
  it("is a question that waits, whatever was said of days since", () => {
    const index = (...timeline: object[]): number | undefined => latestMessage(of(...timeline), "filer")?.index;
    expect(index(e("ask", "哪一家？"), e("extend", "等测量"))).toBe(1);
    expect(index(e("ask", "哪一家？"), e("extend", "等测量"), e("extend", "还要等"))).toBe(1);
    expect(index(e("ask", "哪一家？"), e("messages", "河边人家"), e("extend", "等测量"))).toBe(3);
    expect(index(e("ask", "哪一家？"), e("reply", "查到了"), e("extend", "等测量"))).toBe(3);
    expect(index(e("close", "年底修"), e("promise", "改到春天"))).toBe(2);
  });
  it("has one state and at most one deadline", () => {
    const now = Date.parse("2026-07-15T12:00:00+08:00");
    const s = (state: string, more: object = {}): never => ({ state, state_name: state, due_at: "2026-07-16T07:48:00+08:00", assignee: { name: "渡晓舟", sector: "文旅" }, ...more }) as never;
    expect(standingOf(s("assigned"), "filer", now)).toMatchObject({ state: "等待受理", words: "已送到渡晓舟委员，明天早上 8 点前答复", late: false });
    expect(standingOf(s("accepted"), "filer", now).words).toBe("渡晓舟委员在办，明天早上 8 点前答复");
    expect(standingOf(s("accepted"), "member", now).words).toBe("明天 07:48 前，还有 19 小时");
    expect(standingOf(s("waiting", { paused_at: "x" }), "member", now)).toMatchObject({ state: "等对方回话", words: "时间暂停" });
    for (const state of ["waiting", "answered", "closed", "withdrawn"]) {
      for (const reader of ["filer", "member"] as const) expect(standingOf(s(state), reader, now).words, state).not.toMatch(/\d|点/);
    }
    expect(standingOf(s("accepted"), "filer", now + 24 * 3_600_000)).toMatchObject({ late: true, words: expect.stringContaining("超时") as string });
    const assists = [{ mine: true, state: "asked", state_name: "待答复", due_at: "2026-07-15T18:00:00+08:00" }];
    expect(standingOf(s("accepted", { assists }), "assistant", now).words).toBe("今天 18:00 前，还有 6 小时");
  });
  it("is named in the timeline without its words", () => {
    expect(headOf("游客提交了投诉：多收了（附照片两张）", "多收了")).toBe("游客提交了投诉");
    expect(headOf("Member 渡 answered: 已退", "已退")).toBe("Member 渡 answered");
    expect(headOf("渡晓舟委员已受理")).toBe("渡晓舟委员已受理");
  });
});

describe("a photo in full screen", () => {
  const screen = { width: 360, height: 740 };
  it("is enlarged about the finger, and never leaves the screen", () => {
    const z = scaledAt(unzoomed, 2, 90, 0, screen);
    expect(z).toEqual({ scale: 2, x: -90, y: 0 });
    expect(clamped({ ...z, x: -9_999, y: 9_999 }, screen)).toEqual({ scale: 2, x: -180, y: 370 });
    expect(Object.values(scaledAt(z, 0.01, 0, 0, screen)).map(Math.abs)).toEqual([1, 0, 0]);
    expect(scaledAt(unzoomed, 99, 0, 0, screen).scale).toBe(6);
  });
  it("follows a swipe that is far or fast", () => {
    expect([swiped(-100, 900, 360), swiped(100, 900, 360), swiped(-40, 100, 360), swiped(-40, 900, 360), swiped(5, 50, 360)]).toEqual([1, -1, 1, 0, 0]);
  });
});

describe("a point", () => {
  it("is moved for the maps of China, and back", () => {
    const gps = { lat: 39.915, lng: 116.404, coord: "wgs84" as const };
    const maps = forMaps(gps);
    expect(maps.lat).toBeCloseTo(39.91640428, 6);
    expect(maps.lng).toBeCloseTo(116.41024450, 6);
    const back = forGPS({ ...maps, coord: "gcj02" });
    expect(back.lat).toBeCloseTo(gps.lat, 6);
    expect(back.lng).toBeCloseTo(gps.lng, 6);
    expect(forGPS(gps)).toEqual({ lat: 39.915, lng: 116.404 });
  });
});

describe("sending", () => {
  const start = { ...draft.emptyDraft("k", "complaint", "id"), text: "第一次", photos: [{ local: "p1" }], voice: { local: "v", seconds: 3 } };
  const receipt = { id: "lj-1" } as never;
  function means(file: (key: string, body: string) => Promise<never>) {
    let n = 0;
    return { upload: vi.fn((local: string) => Promise.resolve(`up-${local}`)), file: vi.fn(file), key: () => `key-${++n}` };
  }
  const offline = (): Promise<never> => Promise.reject(new Problem(0, { code: "offline" }));
  const refused = (): Promise<never> => Promise.reject(new Problem(422, { code: "invalid" }));
  let last = start as import("@/logic/draft").Draft;
  const keeps = (d: import("@/logic/draft").Draft): void => {
    last = d;
  };

  it("takes the files first, and keeps each as it is taken", async () => {
    const m = means(() => Promise.resolve(receipt));
    expect(await sendDraft(start, keeps, m)).toEqual({ filed: receipt, earlier: false });
    expect(m.upload.mock.calls.map((c) => c[0])).toEqual(["p1", "v"]);
    expect(JSON.parse(m.file.mock.calls[0]![1])).toMatchObject({ photos: ["up-p1"], voice: "up-v" });
    expect(last.photos[0]?.id).toBe("up-p1");
  });
  it("repeats a lost try under its own key, and uploads nothing twice", async () => {
    const lost = means(offline);
    await expect(sendDraft(start, keeps, lost)).rejects.toMatchObject({ code: "offline" });
    expect(last.attempt?.key).toBe("key-1");
    const m = means(() => Promise.resolve(receipt));
    expect(await sendDraft(last, keeps, m)).toEqual({ filed: receipt, earlier: false });
    expect(m.file.mock.calls[0]).toEqual(lost.file.mock.calls[0]);
    expect(m.upload).not.toHaveBeenCalled();
  });
  it("finds out whether the lost try was taken before it sends what was changed", async () => {
    await expect(sendDraft(start, keeps, means(offline))).rejects.toBeInstanceOf(Problem);
    const changed = { ...last, text: "第二次" };
    const m = means(() => Promise.resolve(receipt));
    expect(await sendDraft(changed, keeps, m)).toEqual({ filed: receipt, earlier: true });
    expect(m.file).toHaveBeenCalledTimes(1);
    expect(JSON.parse(m.file.mock.calls[0]![1])).toMatchObject({ text: "第一次" });
  });
  it("sends the changed one under a new key when the lost try is refused now", async () => {
    await expect(sendDraft(start, keeps, means(offline))).rejects.toBeInstanceOf(Problem);
    const answers = [refused, () => Promise.resolve(receipt)];
    const m = means(() => answers.shift()!());
    expect(await sendDraft({ ...last, text: "第二次" }, keeps, m)).toEqual({ filed: receipt, earlier: false });
    expect(m.file.mock.calls.map((c) => (JSON.parse(c[1]) as { text: string }).text)).toEqual(["第一次", "第二次"]);
  });
  it("forgets a try that was refused", async () => {
    await expect(sendDraft(start, keeps, means(refused))).rejects.toMatchObject({ code: "invalid" });
    expect(last.attempt).toBeUndefined();
  });
  it("stops where a file finds no line, with nothing sent", async () => {
    const m = { ...means(() => Promise.resolve(receipt)), upload: vi.fn(offline) };
    await expect(sendDraft(start, keeps, m)).rejects.toMatchObject({ code: "offline" });
    expect(m.file).not.toHaveBeenCalled();
  });
});

describe("a matter", () => {
  const now = Date.parse("2026-07-15T12:00:00+08:00");
  const s = { state: "assigned", due_at: "2026-07-15T13:00:00+08:00", visitor: "tourist" } as never;
  const as = (more: object): never => ({ ...(s as object), ...more }) as never;
  it("offers the acts its state allows", () => {
    expect(memberActs(s)[0]).toBe("accept");
    expect(memberActs(s)).not.toContain("return");
    expect(memberActs(as({ return: { allowed: true } }))).toContain("return");
    expect(memberActs(as({ state: "answered" }))).toEqual(["close", "reply", "ask", "transfer"]);
    expect(memberActs(as({ state: "closed" }))).toEqual([]);
    expect(visitorActs(s, now)).toEqual(["messages", "withdraw"]);
    expect(visitorActs(as({ state: "withdrawn" }), now)).toEqual([]);
    const closed = { state: "closed", closed_at: "2026-07-01T12:00:01+08:00" };
    expect(visitorActs(as(closed), now)).toEqual(["rate", "reopen"]);
    expect(visitorActs(as({ ...closed, closed_at: "2026-06-30T11:59:59+08:00" }), now)).toEqual(["rate"]);
    expect(visitorActs(as({ ...closed, rating: {} }), now)).toEqual(["reopen"]);
    expect(visitorActs(as({ ...closed, outcome: "merged" }), now)).toEqual(["rate"]);
    expect(visitorActs(as({ ...closed, outcome: "invalid" }), now)).toEqual(["reopen"]);
  });
  it("that was agreed is owed until it is carried out, and has an end from then on", () => {
    const agreed = { state: "closed", outcome: "agreed", closed_at: "2026-05-01T12:00:00+08:00", promise: { day: "2026-07-10", late: true } };
    expect(memberActs(as(agreed))).toEqual(["fulfil", "promise"]);
    expect(badges(as({ ...agreed, visitor: "resident" }), now)).toEqual(["late"]);
    expect(visitorActs(as(agreed), now)).toEqual(["rate", "reopen"]);
    const rating = { at: "2026-05-02T12:00:00+08:00" };
    expect(visitorActs(as({ ...agreed, rating }), now)).toEqual(["reopen"]);
    const done = { ...agreed, outcome: "solved", promise: { fulfilled_at: "2026-07-14T12:00:00+08:00" }, rating };
    expect(memberActs(as(done))).toEqual([]);
    expect(visitorActs(as(done), now)).toEqual(["rate", "reopen"]);
    expect(visitorActs(as({ ...done, rating: { at: "2026-07-14T13:00:00+08:00" } }), now)).toEqual(["reopen"]);
  });
  it("is badged, the most pressing first", () => {
    expect(badges(s, now)).toEqual(["soon", "new", "tourist"]);
    expect(badges(as({ due_at: "2026-07-15T11:00:00+08:00", emergency: { attended: false }, together: 3, on_behalf_of: {} }), now)).toEqual(["danger", "late", "new", "tourist", "together", "behalf"]);
    expect(badges(as({ paused_at: "x", state: "waiting", visitor: "resident" }), now)).toEqual([]);
  });
  it("has one proof in its words at a time, and none twice", () => {
    const [consent, receipt] = ["当事人已认可。", "已有回执。"];
    const others = [consent, receipt];
    expect(withProof("", consent, others)).toBe(consent);
    expect(withProof("换了灯", consent, others)).toBe(`换了灯。${consent}`);
    expect(withProof(`换了灯。${consent}`, consent, others)).toBe(`换了灯。${consent}`);
    expect(withProof(`换了灯。${consent}`, receipt, others)).toBe(`换了灯。${receipt}`);
    expect(withProof(`换了灯。${receipt}`, "", others)).toBe("换了灯。");
  });
  it("is spelled for reading aloud", () => {
    expect(spelled("261126-0001")).toBe("2 6 1 1 2 6 0 0 0 1");
  });
  it("is acted on with the bodies of the contract", () => {
    const f = { text: " 好 ", photos: [{ local: "a", id: "f1" }], to: "m2", days: "4", outcome: "solved", proof: "photo", verdict: "not", satisfaction: "", include: [1], without: true, note: "", alone: false, promised: "2026-12-20" };
    expect(actBody("accept", 3, f)).toEqual({ version: 3 });
    expect(actBody("reply", 3, f)).toEqual({ version: 3, text: "好", photos: ["f1"], include: [1], without: true });
    expect(actBody("reply", 3, { ...f, alone: true })).toMatchObject({ alone: true });
    expect(actBody("transfer", 3, { ...f, note: " 转给熟悉的 " })).toEqual({ version: 3, to: "m2", reason: "好", note: "转给熟悉的" });
    expect(actBody("ask", 3, f)).toEqual({ version: 3, text: "好" });
    expect(actBody("close", 3, { ...f, include: [], without: false })).toEqual({ version: 3, outcome: "solved", text: "好", photos: ["f1"] });
    expect(actBody("close", 3, { ...f, photos: [], outcome: "agreed", include: [], without: false })).toEqual({ version: 3, outcome: "agreed", text: "好", promised: "2026-12-20" });
    expect(actBody("fulfil", 3, f)).toEqual({ version: 3, text: "好", photos: ["f1"] });
    expect(actBody("promise", 3, f)).toEqual({ version: 3, promised: "2026-12-20", reason: "好" });
    expect(actBody("transfer", 3, f)).toEqual({ version: 3, to: "m2", reason: "好" });
    expect(actBody("return", 3, f)).toEqual({ version: 3, reason: "好" });
    expect(actBody("reopen", 3, f)).toEqual({ version: 3, reason: "好" });
    expect(actBody("extend", 3, f)).toEqual({ version: 3, days: 4, reason: "好" });
    expect(actBody("assist", 3, f)).toEqual({ version: 3, department: "m2", text: "好", days: 4 });
    expect(actBody("messages", 3, f)).toEqual({ text: "好", photos: ["f1"] });
    expect(actBody("decline", 3, f)).toEqual({ reason: "好" });
    expect(actBody("withdraw", 3, { ...f, text: " " })).toEqual({});
    expect(actBody("rate", 3, f)).toEqual({ version: 3, solved: "not", reason: "好" });
    expect(actBody("rate", 3, { ...f, text: "", satisfaction: "satisfied" })).toEqual({ version: 3, solved: "not", satisfaction: "satisfied" });
    expect(() => actBody("dance", 3, f)).toThrow();
  });
});

describe("what went wrong", () => {
  it("is read from any answer", () => {
    expect(problemOf(429, { code: "too_many", detail: "太快" }, { "retry-after": "7" })).toMatchObject({ code: "too_many", retryAfter: 7, passing: true });
    expect(problemOf(502, "<html>")).toMatchObject({ code: "internal", status: 502, passing: true });
    expect(problemOf(422, '{"code":"invalid","errors":[{"field":"contact.phone","message":"有误"}]}').of("contact")).toBe("有误");
    expect(problemOf(422, { code: "invalid", errors: null }).of("text")).toBe("");
  });
  it("says who was first, when, and that nothing is lost", () => {
    const p = problemOf(409, { code: "conflict", acted_by: { role: "member", name: "渡晓舟" }, acted_at: "2026-07-15T12:00:00+08:00", version: 3 });
    expect(problemWords(p, Date.parse("2026-07-15T12:00:20+08:00"))).toMatch(/^刚刚渡晓舟委员更新了这件事/);
    const unnamed = problemOf(409, { code: "conflict", acted_by: { role: "visitor" }, acted_at: "2026-07-15T12:00:00+08:00" });
    expect(problemWords(unnamed, Date.parse("2026-07-15T12:00:20+08:00"))).toMatch(/^刚刚群众更新了这件事/);
  });
  it("is in the person's language", () => {
    const p = problemOf(503, { code: "unavailable", detail: "系统正忙" });
    expect(problemWords(p)).toBe("系统正忙");
    setTongue("en");
    expect(problemWords(p)).toBe("The system is busy. Please try again soon");
    expect(problemWords(problemOf(418, { code: "teapot", detail: "茶" }))).toContain("茶");
    setTongue("zh");
  });
  it("puts values into addresses, escaped, and leaves out what is empty", () => {
    expect(address("/a/{id}/b", { id: "x/y" }, { q: "路灯 1", cursor: "", limit: 3, late: undefined })).toBe("/a/x%2Fy/b?q=%E8%B7%AF%E7%81%AF%201&limit=3");
  });
});

describe("languages", () => {
  const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();
  it("keep the same holes", () => {
    for (const [key, text] of Object.entries(en)) {
      const words = zh[key as keyof typeof zh] as string | undefined;
      // What was done the server says in Chinese.
      if (words === undefined) {
        expect(key).toMatch(/^act\.[a-z]+$/);
        continue;
      }
      // A role before a name differs between the two, its holes do not.
      expect(holes(text), key).toEqual(holes(words));
      expect(text.split("|").length, key).toBe(words.split("|").length);
    }
  });
  it("say in English everything a visitor sees", () => {
    const members = /^(inbox|attend|assign\.|duty|away|code|record|phrases|phrase|call|proof|proof_note|bind|approve|act\.(do_(attend|assign|accept|reply|ask|transfer|return|close|extend|assist|contribute|decline|fulfil|promise|takeback))|done\.(attend|assign|accept|reply|ask|transfer|return|close|extend|assist|contribute|decline|fulfil|promise|takeback)|form\.|me\.(named|member|staff|console|console_note|console_none|duty|away|code|record|phrases)|outcome_note|standing\.(waits_for_filer|paused|unclosed|deadline)|word\.(messages|reopen|withdraw|rate|task))/;
    const missing = Object.keys(zh).filter((k) => !(k in en) && !members.test(k));
    expect(missing).toEqual([]);
    const theirs = ["messages", "withdraw", "rate", "reopen"].flatMap((a) => [forms[a]!.title, forms[a]!.label, forms[a]!.button, ...(forms[a]!.hint ? [forms[a]!.hint] : [])]);
    for (const k of [...theirs, "form.need_text", "form.long_text", "form.photos_wait"]) expect(en).toHaveProperty([k]);
  });
  it("say in English what was done, whatever it was", () => {
    const api = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/openapi.json"), "utf8")) as { components: { schemas: { Event: { properties: { what: { enum: string[] } } } } } };
    const acts = api.components.schemas.Event.properties.what.enum;
    expect(acts.length).toBeGreaterThan(30);
    expect(acts.filter((a) => !(`act.${a}` in en))).toEqual([]);
    setTongue("en");
    expect(sentenceOf({ at: "", what: "reply", by: { role: "member", name: "渡晓舟" }, text: "Refunded", sentence: "渡晓舟委员答复：Refunded" } as never)).toBe("渡晓舟 answered: Refunded");
    setTongue("zh");
  });
  it("have a word for every key the pages use", () => {
    const files: string[] = [];
    const walk = (d: string): void => readdirSync(d).forEach((n) => (statSync(join(d, n)).isDirectory() ? walk(join(d, n)) : files.push(join(d, n))));
    walk(join(import.meta.dirname, "../src"));
    const used = new Set(files.filter((f) => /\.(vue|ts)$/.test(f) && !f.includes("i18n")).flatMap((f) => [...readFileSync(f, "utf8").matchAll(/\bt\(["']([a-z_]+\.[a-z_]+)["']/g)].map((m) => m[1]!)));
    expect(used.size).toBeGreaterThan(200);
    expect([...used].filter((k) => !(k in zh))).toEqual([]);
  });
  it("follow the phone: Chinese for whoever reads it, English for everybody else", () => {
    for (const l of ["zh-CN", "zh_TW", "zh", "yue-HK", "ug-CN", "bo", ""]) expect(tongueOf(l), l).toBe("zh");
    for (const l of ["en-US", "en", "fr", "ko-KR", "ja", "de-AT", "zu"]) expect(tongueOf(l), l).toBe("en");
  });
  it("name the terms that stations share, and leave all others as they are", () => {
    expect(term("文化旅游")).toBe("文化旅游");
    setTongue("en");
    expect([term("文化旅游"), term("养蜂"), named("category", "tourism", "旅游服务")]).toEqual(["Culture and tourism", "养蜂", "Tourist services"]);
    setTongue("zh");
  });
  it("fill in names and fall back to Chinese", () => {
    expect(t("scan.member", { name: "渡晓舟" })).toBe("渡晓舟 委员");
    expect(named("category", "travel", "旅游消费")).toBe("旅游消费");
    setTongue("en");
    expect(t("inbox.title")).toBe("待办");
    expect(named("state", "closed", "已办结")).toBe("Closed");
    setTongue("zh");
  });
});

describe("the clock", () => {
  it("follows the server's, whatever the phone says", () => {
    const ahead = Date.now() + 3 * 86_400_000;
    syncClock(new Date(ahead).toUTCString());
    for (const time of [serverTime(), now.value]) expect(Math.abs(time - ahead)).toBeLessThan(5_000);
    syncClock(undefined);
    syncClock("no date");
    expect(Math.abs(serverTime() - ahead)).toBeLessThan(5_000);
    syncClock(new Date().toUTCString());
    expect(Math.abs(serverTime() - Date.now())).toBeLessThan(5_000);
  });
});

describe("what the phone keeps", () => {
  it("comes back, and a full phone stops nobody", () => {
    expect(saveValue("x", { a: 1 })).toBe(true);
    expect(loadValue("x")).toEqual({ a: 1 });
    removeValue("x");
    expect(loadValue("x")).toBeUndefined();
    storage.set("mashang.x", "{broken");
    expect(loadValue("x")).toBeUndefined();
    full = true;
    expect(saveValue("x", 1)).toBe(false);
  });
});

describe("photos before they are sent", () => {
  const scaled = (w: number, h: number) => [Math.round(w * photoScale(w, h)), Math.round(h * photoScale(w, h))];

  it("are made smaller, but writing stays legible", () => {
    expect(scaled(4000, 3000)).toEqual([1600, 1200]);
    expect(scaled(750, 9000)).toEqual([750, 9000]); // a long screenshot, as it came
    expect(scaled(1080, 12_000)).toEqual([1000, 11_111]);
    expect(scaled(10_000, 2500)).toEqual([4000, 1000]); // a panorama
    expect(scaled(800, 600)).toEqual([800, 600]);
    expect(photoScale(0, 0)).toBe(1); // not every phone says
  });

  it("never pass what a phone can draw", () => {
    for (const [w, h] of [[1200, 30_000], [30_000, 1200], [9000, 9000]] as const) {
      const [kw = 0, kh = 0] = scaled(w, h);
      expect(kw * kh).toBeLessThan(16_100_000);
    }
  });
});

describe("the words of somebody at the end of a sentence", () => {
  it("are set apart, so that they run the way they are written", () => {
    expect(quoted("杨柳岸委员答复：يول", "يول")).toEqual(["杨柳岸委员答复：", "يول"]);
    expect(quoted("杨柳岸委员已受理", undefined)).toEqual(["杨柳岸委员已受理", ""]);
    expect(quoted("群众补充：甲（照片 1 张）", "甲")).toEqual(["群众补充：甲（照片 1 张）", ""]);
  });
});

describe("an answer that can be taken back", () => {
  it("counts down to nothing", () => {
    expect([60_000, 59_999, 1, 0, -5_000].map((ms) => when.secondsLeft(1_000_000 + ms, 1_000_000))).toEqual([60, 60, 1, 0, 0]);
  });
});
