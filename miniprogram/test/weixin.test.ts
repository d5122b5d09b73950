// @vitest-environment jsdom
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { json, Page, platform, reset, source } from "./weixin";

const code = {
  key: "abcdefghjk", kind: "member", name: "渡晓舟", station: { id: "lj", name: "古渡镇委员工作站", phone: "0900-0000000" },
  member: { id: "m1", name: "渡晓舟", sector: "文化旅游", village: "古渡村", expertise: ["旅游投诉"] },
  on_duty: [], next_duty: [], categories: [], kinds: ["complaint", "suggestion", "inquiry", "help", "dispute"],
  kind_names: [{ key: "complaint", name: "投诉" }, { key: "help", name: "求助" }],
};
const matter = {
  id: "lj-1", number: "261126-0001", station: "lj", station_name: "古渡镇委员工作站", station_phone: "0900-0000000",
  target: { kind: "member", id: "m1", name: "渡晓舟" }, kind: "complaint", kind_name: "投诉", category: "", visitor: "tourist",
  state: "assigned", state_name: "待受理", version: 1, text: "多收了二十元", photos: [], anonymous: false, about_member: false,
  assignee: { id: "m1", name: "渡晓舟", sector: "文化旅游" }, reasons: ["您扫的是渡晓舟委员的码"],
  filed_at: "2026-11-25T10:00:00+08:00", due_at: "2099-11-26T10:00:00+08:00",
  timeline: [{ at: "2026-11-25T10:00:00+08:00", what: "file", by: { role: "visitor" }, sentence: "游客提交了投诉：多收了二十元" }],
};

function server(role: string): void {
  platform.answers = {
    "POST /api/v1/sessions": () => ({ status: 201, data: { token: "t", expires_at: "2099-01-01T00:00:00+08:00", user: { id: "u1", role, member_id: role === "member" ? "m1" : undefined, name: role === "member" ? "渡晓舟" : undefined }, target: null } }),
    "GET /api/v1/me": () => ({ data: { id: "u1", role, member_id: role === "member" ? "m1" : undefined } }),
    "GET /api/v1/codes/abcdefghjk": () => ({ data: code }),
    "GET /api/v1/codes/scannedkey": () => ({ data: code }),
    "GET /api/v1/codes/abcdefghjk/results": () => ({ data: { items: [] } }),
    "GET /api/v1/codes/scannedkey/results": () => ({ data: { items: [] } }),
    "POST /api/v1/submissions": () => ({ status: 201, data: matter }),
    "GET /api/v1/submissions": () => ({ data: { items: [matter], next_cursor: "" } }),
    "GET /api/v1/submissions/lj-1": () => ({ data: { ...matter, ...(role === "member" ? { return: { allowed: true, until: "2099-01-01T00:00:00+08:00", left: 2 } } : {}) } }),
    "POST /api/v1/submissions/lj-1/accept": () => ({ data: { ...matter, state: "accepted", state_name: "办理中", version: 2 } }),
    "GET /api/v1/inbox": () => ({ data: { items: [matter], next_cursor: "" } }),
    "GET /api/v1/subscriptions/templates": () => ({ data: { items: [{ id: "template-1", purpose: "visitor_reply", why: "委员答复时告诉您", for: "visitor" }], next_cursor: "" } }),
    "POST /api/v1/subscriptions": () => ({ data: { accepted: 1 } }),
  };
  for (const list of ["me/duty", "me/codes", "me/phrases", "me/absences", "members", "departments"]) {
    platform.answers[`GET /api/v1/${list}`] = () => ({ data: { items: [], next_cursor: "" } });
  }
  const rate = { yes: 1, of: 2, share: 0.5, low: 0.1, high: 0.9 };
  const tally = { filed: 2, first: rate, answer: rate, solved: rate, satisfied: { ...rate, of: 0 } };
  platform.answers["GET /api/v1/me/figures"] = () => ({ data: { mine: tally, station: tally, aims: [] } });
  platform.answers["GET /api/v1/me/data"] = () => ({ data: { user: { id: "u1", role }, contact: null, consents: {}, phrases: [], submissions: [matter], more: false } });
}

function sent(method: string, path: string): (typeof platform.asked)[number] {
  const r = platform.asked.find((a) => a.method === method && a.url.split("?")[0] === path);
  if (!r) throw new Error(`${method} ${path} was not asked:\n${platform.asked.map((a) => `${a.method} ${a.url}`).join("\n")}`);
  return r;
}

let page: Page | undefined;
async function open(path: string, query: Record<string, string> = {}): Promise<Page> {
  page = await Page.open(path, query);
  return page;
}
beforeEach(reset);
afterEach(() => {
  page?.close();
  page = undefined;
});

describe("the package", () => {
  it("is under the platform's 2 MB", () => {
    const weigh = (folder: string): number => readdirSync(folder).reduce((sum, name) => {
      const path = join(folder, name);
      return sum + (statSync(path).isDirectory() ? weigh(path) : statSync(path).size);
    }, 0);
    expect(weigh(source)).toBeLessThan(2 * 1024 * 1024);
  });

  it("has the pages that notices and codes lead to, and asks for the privacy notice first", () => {
    const { pages } = json("app.json");
    expect(pages[0]).toBe("pages/scan/index");
    for (const p of ["scan", "file", "matter", "mine", "inbox", "bind", "booking", "duty"]) expect(pages).toContain(`pages/${p}/index`);
    expect(pages).not.toContain("pages/login/index"); // WeChat logs in by itself
    expect(json("app.json")).toMatchObject({ __usePrivacyCheck__: true, darkmode: true });
  });

  it("styles components by classes alone: the platform allows neither tags, ids nor attributes there", () => {
    for (const f of readdirSync(join(source, "base")).filter((n) => n.endsWith(".wxss"))) {
      const rules = readFileSync(join(source, "base", f), "utf8").replace(/@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}/g, "").replace(/@media[^{]*\{/g, "");
      for (const [, selectors = ""] of rules.matchAll(/([^{}]+)\{[^{}]*\}/g)) {
        for (const one of selectors.split(",")) expect(one.trim(), `${f}: ${one}`).toMatch(/^\.[\w-]+([.:>+~ ]|[\w-]|\([^)]*\)|\*)*$/);
      }
    }
  });

  it("holds nothing of a browser", () => {
    const all = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".js")).map((f) => readFileSync(join(source, f), "utf8")).join("\n");
    for (const word of ["MediaRecorder", "speechSynthesis", "XMLHttpRequest", "_emulator"]) expect(all).not.toContain(word);
  });
});

describe("each page renders", () => {
  for (const path of json("app.json").pages) {
    it(path, async () => {
      server("member");
      const p = await open(path, { key: code.key, kind: "complaint", id: matter.id });
      expect(p.text.length).toBeGreaterThan(15);
      expect(p.text).not.toContain("undefined");
      expect(p.text).not.toContain("NaN");
    });
  }
});

describe("a visitor", () => {
  it("scans, and a button leads to filing", async () => {
    server("visitor");
    const p = await open("pages/scan/index", { scene: encodeURIComponent(code.key) });
    expect(p.text).toContain("文化旅游· 联系古渡村");
    await p.tap("我要反映问题");
    expect(platform.went).toEqual([`/pages/file/index?key=${code.key}&kind=complaint`]);
    await p.tap("打电话");
    expect(platform.called).toMatchObject([{ name: "makePhoneCall", options: { phoneNumber: "09000000000" } }]);
  });

  it("comes by a plain link, and can scan from within", async () => {
    server("visitor");
    const p = await open("pages/scan/index", { q: encodeURIComponent(`https://ma.example.cn/q/${code.key}?from=sign`) });
    expect(p.text).toContain("旅游投诉");
    p.close();
    const empty = await open("pages/scan/index");
    await empty.tap("扫一扫牌子上的码");
    sent("GET", "/api/v1/codes/scannedkey");
  });

  it("files: logged in silently, one key for the sending, then the receipt", async () => {
    server("visitor");
    const p = await open("pages/file/index", { key: code.key, kind: "complaint" });
    expect(platform.logins).toBe(1);
    expect(sent("POST", "/api/v1/sessions").data).toEqual({ code: "code-1" });
    await p.tap("下一步");
    expect(p.text).toContain("请写下或说出发生了什么事");
    expect(p.text).toContain("第 1 步");
    await p.write("写下来", "停车场多收了二十元");
    await p.tap("下一步");
    await p.tap("下一步");
    expect(p.text).toContain("谁能看到");
    await p.choose("本地群众");
    await p.tap("发出去");
    const filing = sent("POST", "/api/v1/submissions");
    expect(filing.data).toEqual({ scene: code.key, kind: "complaint", visitor: "resident", text: "停车场多收了二十元" });
    expect(filing.header["Idempotency-Key"]).toMatch(/^[a-z0-9]{24}$/);
    expect(filing.header.Authorization).toBe("Bearer t");
    expect(platform.went).toEqual(["/pages/receipt/index?id=lj-1"]);
  });

  it("goes back by the phone's gesture to the step before", async () => {
    server("visitor");
    const p = await open("pages/file/index", { key: code.key, kind: "complaint" });
    const held = (): unknown => p.all("page-container").map((n) => n.value("show")).at(-1);
    expect(held()).toBe(false); // from the first step the gesture leaves
    await p.write("写下来", "停车场多收了二十元");
    await p.tap("下一步");
    expect(p.text).toContain("第 2 步");
    expect(held()).toBe(true);
    p.all("page-container").at(-1)?.fire("beforeleave");
    await p.settled();
    expect(p.text).toContain("第 1 步");
  });

  it("gives the phone number by one tap of the platform's", async () => {
    server("visitor");
    const p = await open("pages/file/index", { key: code.key, kind: "complaint" });
    await p.write("写下来", "停车场多收了二十元");
    await p.tap("下一步");
    await p.tap("下一步");
    const button = p.all("button").find((b) => b.text.includes("用微信里的手机号"));
    expect(button?.value("open-type")).toBe("getPhoneNumber");
    button?.fire("getphonenumber", { code: "phone-code-1" });
    await p.settled();
    await p.choose("本地群众");
    await p.tap("发出去");
    expect(sent("POST", "/api/v1/submissions").data).toMatchObject({ contact: { phone_code: "phone-code-1" } });
  });

  it("consents within a tap, and the answer is reported", async () => {
    server("visitor");
    const p = await open("pages/receipt/index", { id: matter.id });
    expect(p.text).toContain(matter.number);
    await p.tap("有答复就通知我");
    expect(platform.called).toMatchObject([{ name: "requestSubscribeMessage", options: { tmplIds: ["template-1"] } }]);
    expect(sent("POST", "/api/v1/subscriptions").data).toEqual({ grants: [{ template_id: "template-1", result: "accept" }] });
    expect(p.text).toContain("已开，下一次有消息会在微信里告诉您");
  });

  it("books a reception day: the phone number by one tap, consent and calendar within one", async () => {
    server("visitor");
    const slots = [{ from: "09:00", to: "09:30", left: 0, waiting: 1 }, { from: "09:30", to: "10:00", left: 2, waiting: 0 }];
    const day = {
      id: "20991204-j01", station: "lj", name: "委员接待日", date: "2099-12-04", from: "09:00", to: "10:00", where: "一号室", theme: "停车", sectors: [],
      members: [{ id: "m1", name: "渡晓舟", sector: "文化旅游", expertise: ["旅游投诉"] }], slots,
    };
    const booking = { id: "b1", number: "A012", state: "booked", slot: "09:30", persons: 2, needs: [], until: "2099-12-04T07:30:00+08:00", day };
    platform.answers["GET /api/v1/codes/abcdefghjk/receptions"] = () => ({ data: { items: [day] } });
    platform.answers["GET /api/v1/stations/lj/bookings"] = () => ({ data: { items: [booking] } });
    platform.answers["POST /api/v1/stations/lj/receptions/20991204-j01/bookings"] = () => ({ status: 201, data: booking });
    platform.answers["GET /api/v1/stations/lj/receptions/20991204-j01/bookings/b1"] = () => ({ data: booking });
    const sign = await open("pages/scan/index", { key: code.key });
    expect(sign.text).toContain("主题：停车");
    await sign.tap("预约");
    expect(platform.went).toEqual(["/pages/book/index?key=abcdefghjk&day=20991204-j01"]);
    sign.close();
    const p = await open("pages/book/index", { key: code.key });
    expect(p.text).toContain("1 人在候补");
    await p.choose("09:30");
    const button = p.all("button").find((b) => b.text.includes("用微信手机号"));
    expect(button?.value("open-type")).toBe("getPhoneNumber");
    button?.fire("getphonenumber", { code: "phone-code-1" });
    await p.settled();
    await p.tap("预约 09:30");
    const asked = sent("POST", "/api/v1/stations/lj/receptions/20991204-j01/bookings");
    expect(asked.data).toEqual({ slot: "09:30", persons: 1, phone_code: "phone-code-1" });
    expect(asked.header["Idempotency-Key"]).toMatch(/^[a-z0-9]{24}$/);
    expect(platform.went.at(-1)).toBe("/pages/booking/index?id=lj.20991204-j01.b1");
    p.close();
    const made = await open("pages/booking/index", { id: "lj.20991204-j01.b1" });
    expect(made.text).toContain("请记住 A012");
    await made.tap("提醒我");
    await made.tap("加到手机日历");
    expect(platform.called.map((c) => c.name)).toEqual(["requestSubscribeMessage", "addPhoneCalendar"]);
    expect(platform.called[1]?.options).toMatchObject({ title: "委员接待日（A012）", startTime: Date.parse("2099-12-04T09:30:00+08:00") / 1000, location: "一号室" });
  });

  it("keeps a filing that finds no line, and sends the same again", async () => {
    server("visitor");
    const p = await open("pages/file/index", { key: code.key, kind: "help" });
    await p.write("写下来", "水管冻裂了");
    await p.tap("下一步");
    await p.tap("下一步");
    delete platform.answers["POST /api/v1/submissions"];
    await p.choose("本地群众");
    await p.tap("发出去");
    expect(p.text).toContain("现在发不出去，内容已存在手机里");
    const first = sent("POST", "/api/v1/submissions");
    server("visitor");
    platform.asked.length = 0;
    await p.tap("现在再发一次");
    const again = sent("POST", "/api/v1/submissions");
    expect(again.header["Idempotency-Key"]).toBe(first.header["Idempotency-Key"]);
    expect(again.data).toEqual(first.data);
  });
});

describe("the first wrong field", () => {
  const scrolled = (): unknown => platform.called.filter((c) => c.name === "pageScrollTo").at(-1)?.options.found;

  it("of a filing comes into sight", async () => {
    server("visitor");
    const p = await open("pages/file/index", { key: code.key, kind: "complaint" });
    await p.tap("下一步");
    expect(scrolled()).toEqual(["请写下或说出发生了什么事"]);
  });

  it("of an act comes into sight", async () => {
    server("visitor");
    const p = await open("pages/matter/index", { id: matter.id });
    await p.tap("补充");
    await p.tap("发出");
    expect(scrolled()).toEqual(["请先写几个字"]);
  });
});

describe("the steps of the form", () => {
  it("go back by the gesture, and not because the page itself let go of it", async () => {
    server("visitor");
    const p = await open("pages/file/index", { key: code.key, kind: "complaint" });
    await p.write("写下来", "停车场多收了二十元");
    await p.tap("下一步");
    const container = (): ReturnType<Page["all"]>[number] => p.all("page-container")[0]!;
    container().fire("beforeleave");
    await p.settled();
    expect(p.text).toContain("第 1 步");
    // Back by the button: the platform says that the container is left once it is not shown any more.
    await p.tap("下一步");
    await p.tap("上一步");
    expect(p.text).toContain("第 1 步");
    container().fire("beforeleave");
    await p.settled();
    expect(p.text).toContain("第 1 步");
    expect(p.text).not.toContain("现在离开就没有了");
  });
});

describe("a session that ends", () => {
  it("begins anew by itself at the next act, which is sent once", async () => {
    server("visitor");
    const p = await open("pages/matter/index", { id: matter.id });
    await p.tap("补充");
    await p.write("写给委员", "河边人家");
    let ended = true;
    platform.answers["POST /api/v1/submissions/lj-1/messages"] = () => (ended ? { status: 401, data: { code: "unauthenticated" } } : { data: { ...matter, version: 2 } });
    platform.answers["POST /api/v1/sessions"] = ((again) => (r) => {
      ended = false;
      return again(r);
    })(platform.answers["POST /api/v1/sessions"]!);
    await p.tap("发出");
    expect(platform.asked.filter((a) => a.url.includes("/messages"))).toHaveLength(2);
    expect(p.text).toContain("已补充");
  });
});

describe("a sending that was refused", () => {
  it("is not sent by itself once a session begins later", async () => {
    server("visitor");
    const p = await open("pages/matter/index", { id: matter.id });
    await p.tap("补充");
    await p.write("写给委员", "河边人家");
    const log = platform.answers["POST /api/v1/sessions"]!;
    delete platform.answers["POST /api/v1/sessions"];
    platform.answers["POST /api/v1/submissions/lj-1/messages"] = () => ({ status: 401, data: { code: "unauthenticated" } });
    await p.tap("发出");
    expect(p.text).toContain("没有连上网络");
    platform.answers["POST /api/v1/sessions"] = log;
    platform.answers["POST /api/v1/submissions/lj-1/messages"] = () => ({ data: { ...matter, version: 2 } });
    await p.tap("重新登录");
    expect(p.text).not.toContain("重新登录");
    expect(platform.asked.filter((a) => a.url.includes("/messages"))).toHaveLength(1);
    await p.tap("发出");
    expect(platform.asked.filter((a) => a.url.includes("/messages"))).toHaveLength(2);
  });
});

describe("a matter's page", () => {
  const said = { at: "2026-11-25T11:00:00+08:00", what: "reply", by: { role: "member", name: "渡晓舟" }, text: "已退还二十元", photos: ["p3"], sentence: "渡晓舟委员答复：已退还二十元（附照片一张）" };
  const whole = { ...matter, photos: ["p1", "p2"], place: { text: "三号停车场", lat: 38.1, lng: 105.2, coord: "gcj02" } };
  const show = (more: object): void => void (platform.answers["GET /api/v1/submissions/lj-1"] = () => ({ data: { ...whole, ...more } }));

  it("shows the answer first, its photos in the phone's viewer, and the main act in the bar", async () => {
    server("visitor");
    show({ state: "answered", state_name: "已答复", timeline: [...matter.timeline, said] });
    const p = await open("pages/matter/index", { id: matter.id });
    expect(p.text.indexOf("已退还二十元")).toBeLessThan(p.text.indexOf("多收了二十元"));
    expect(p.text.split("已退还二十元")).toHaveLength(2); // once
    expect(p.text).not.toContain("前答复");
    const images = p.all("image");
    expect(images).toHaveLength(3);
    images[2]!.fire("tap");
    await p.settled();
    expect(platform.called).toMatchObject([{ name: "previewImage", options: { urls: ["wxfile://p1", "wxfile://p2"], current: "wxfile://p2" } }]);
    await p.tap("回话");
    expect(p.text).toContain("写给委员");
    await p.write("写给委员", "收到了，谢谢");
    platform.answers["POST /api/v1/submissions/lj-1/messages"] = () => ({ data: { ...whole, version: 2 } });
    await p.tap("发出");
    expect(sent("POST", "/api/v1/submissions/lj-1/messages").data).toEqual({ text: "收到了，谢谢" });
  });

  it("opens the filed point on the phone's map", async () => {
    server("member");
    show({ return: { allowed: true, until: "2099-01-01T00:00:00+08:00", left: 2 } });
    const p = await open("pages/matter/index", { id: matter.id, as: "member" });
    await p.tap("三号停车场");
    expect(platform.called).toMatchObject([{ name: "openLocation", options: { latitude: 38.1, longitude: 105.2, name: "三号停车场" } }]);
    await p.tap("更多");
    await p.tap("转给别的委员");
    expect(p.text).toContain("为什么转");
  });

  it("tells a department what is asked of it, and by when", async () => {
    server("department");
    show({ assists: [{ id: 1, role: "department", name: "市场监管所", state: "asked", state_name: "待答复", mine: true, task: "请查收费牌", by: { role: "member", name: "渡晓舟" }, at: "2026-11-25T11:00:00+08:00", due_at: "2099-11-27T18:00:00+08:00" }] });
    const p = await open("pages/matter/index", { id: matter.id });
    expect(p.text).toContain("渡晓舟委员请您协办");
    expect(p.text.indexOf("请查收费牌")).toBeLessThan(p.text.indexOf("多收了二十元"));
    expect(p.text).toContain("2099年11月27日 18:00 前");
    expect(p.text).not.toContain("2099年11月26日"); // the matter's own
  });
});

describe("the contact button", () => {
  it.each([
    ["a visitor's matter", "visitor", "pages/matter/index", { id: matter.id }, matter.number, `pages/matter/index?id=${matter.id}`],
    ["a member's matter", "member", "pages/matter/index", { id: matter.id, as: "member" }, matter.number, `pages/matter/index?id=${matter.id}&as=member`],
    ["the queue", "member", "pages/inbox/index", {}, "inbox", ""],
  ] as const)("of %s says what it is about", async (_, role, path, query, session, card) => {
    server(role);
    const p = await open(path, query);
    const button = p.all("button").find((b) => b.value("open-type") === "contact");
    expect(button?.value("session-from")).toBe(session);
    expect(button?.value("show-message-card")).toBe(card !== "");
    expect(button?.value("send-message-path")).toBe(card);
    if (card) expect(button?.value("send-message-title")).toBe(`编号 ${matter.number}`);
  });
});

describe("a member", () => {
  it("opens what is due and accepts it", async () => {
    server("member");
    const p = await open("pages/inbox/index");
    expect(p.text).toContain("新来的");
    p.close();
    const m = await open("pages/matter/index", { id: matter.id, as: "member" });
    await m.tap("受理");
    expect(sent("POST", "/api/v1/submissions/lj-1/accept").data).toEqual({ version: 1 });
    expect(m.text).toContain("已受理，对方会看到");
  });
});

describe("a session that ended before an act on a card", () => {
  it("begins anew by itself, and the act is done once", async () => {
    server("member");
    const p = await open("pages/inbox/index");
    let ended = true;
    const accept = platform.answers["POST /api/v1/submissions/lj-1/accept"]!;
    platform.answers["POST /api/v1/submissions/lj-1/accept"] = (r) => (ended ? ((ended = false), { status: 401, data: { code: "unauthenticated" } }) : accept(r));
    await p.tap("受理");
    expect(platform.asked.filter((a) => a.url.endsWith("/accept"))).toHaveLength(2);
    expect(p.text).toContain("已受理，对方会看到");
  });
});

describe("somebody of the staff", () => {
  const id = "0123456789abcdefghjkmnpq";
  const seen = { agent: "Windows · Edge", at: "2026-11-25T10:00:00+08:00", expires_at: "2026-11-25T10:03:00+08:00", state: "seen" };
  function desk(answers: Record<string, () => { status?: number; data?: unknown }>): void {
    server("liaison");
    platform.answers[`GET /api/v1/console/logins/${id}`] = () => ({ data: seen });
    Object.assign(platform.answers, answers);
  }
  const answered = `/api/v1/console/logins/${id}/answer`;

  it("scans a computer's code from the page of theirs, and nothing else's", async () => {
    desk({});
    (await open("pages/mine/index")).close(); // logs in
    const p = await open("pages/me/index");
    await p.tap("登录电脑工作台");
    expect(p.text).toContain("这不是电脑工作台的登录码");
    platform.scanned = { path: "", result: `https://ma.example.cn/m/pages/approve/index?login=${id}` };
    await p.tap("登录电脑工作台");
    expect(platform.went).toEqual([`/pages/approve/index?login=${id}`]);
  });

  it("sees which browser it is and allows it with the number", async () => {
    desk({ [`POST ${answered}`]: () => ({ status: 204 }) });
    const p = await open("pages/approve/index", { login: id });
    for (const words of ["Windows · Edge", "10:00 打开登录页，10:03 前有效", "只有您本人坐在这台电脑前时才同意"]) expect(p.text).toContain(words);
    await p.tap("同意登录");
    expect(p.text).toContain("请看电脑屏幕，填上面的两位数字");
    expect(platform.asked.filter((a) => a.method === "POST" && a.url === answered)).toEqual([]);
    await p.write("电脑屏幕上的两位数字", "４2");
    await p.tap("同意登录");
    expect(sent("POST", answered).data).toEqual({ allow: true, number: "42" });
    expect(p.text).toContain("手机可以收起来了");
    expect(p.text).not.toContain("同意登录");
  });

  it("refuses it without a number", async () => {
    desk({ [`POST ${answered}`]: () => ({ status: 204 }) });
    const p = await open("pages/approve/index", { login: id });
    await p.tap("拒绝");
    expect(sent("POST", answered).data).toEqual({ allow: false });
    expect(p.text).toContain("已拒绝，那台电脑没有登录");
  });

  it("can mend a wrong number once", async () => {
    const wrong = (message: string) => ({ status: 422, data: { code: "invalid", detail: message, errors: [{ field: "number", message }] } });
    let tries = 0;
    desk({
      [`POST ${answered}`]: () => ((tries += 1) === 1 ? wrong("数字不对，请看电脑屏幕上的两位数字") : wrong("数字不对，这次登录已取消")),
      [`GET /api/v1/console/logins/${id}`]: () => ({ data: { ...seen, state: tries > 1 ? "refused" : "seen" } }),
    });
    const p = await open("pages/approve/index", { login: id });
    await p.write("电脑屏幕上的两位数字", "11");
    await p.tap("同意登录");
    expect(p.text).toContain("数字不对，请看电脑屏幕上的两位数字");
    await p.write("电脑屏幕上的两位数字", "12");
    await p.tap("同意登录");
    expect(p.text).toContain("数字不对，这次登录已取消");
    expect(p.text).not.toContain("同意登录");
    expect(p.text).toContain("扫电脑上的二维码");
  });

  it("keeps what was typed when there is no line", async () => {
    desk({});
    const p = await open("pages/approve/index", { login: id });
    await p.write("电脑屏幕上的两位数字", "42");
    await p.tap("同意登录");
    expect(p.text).toContain("没有连上网络");
    platform.answers[`POST ${answered}`] = () => ({ status: 204 });
    await p.tap("同意登录");
    expect(p.text).toContain("手机可以收起来了");
  });

  it.each([
    ["expired", { status: 404, data: { code: "not_found", detail: "登录二维码已过期" } }, "登录二维码已过期。请在电脑上换一个二维码"],
    ["answered already", { data: { ...seen, state: "used" } }, "这次登录已经处理过了"],
    ["not staff", { status: 403, data: { code: "denied", detail: "工作台只对联络员和管理员开放" } }, "请先用工作站给的邀请码绑定"],
  ])("is told what to do when it is %s", async (_, reply, words) => {
    desk({ [`GET /api/v1/console/logins/${id}`]: () => reply });
    const p = await open("pages/approve/index", { login: id });
    expect(p.text).toContain(words);
    expect(p.text).not.toContain("同意登录");
  });

  it("comes without a code and scans one", async () => {
    desk({});
    const p = await open("pages/approve/index");
    await p.tap("扫电脑上的二维码");
    expect(p.text).toContain("这不是电脑工作台的登录码");
    platform.scanned = { path: "", result: `https://ma.example.cn/m/pages/approve/index?login=${id}` };
    await p.tap("扫电脑上的二维码");
    expect(p.text).toContain("Windows · Edge");
  });
});
