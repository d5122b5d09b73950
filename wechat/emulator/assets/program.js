// The program on the phone: it acts through the program's own API, as its real
// client would. The session lives in memory and ends with the page.
import { ask, doing, el, every, when } from "./common.js";
import { look, openid, person, prefer, show } from "./phone.js";

const api = document.body.dataset.api;
const root = document.getElementById("program");
let session = null;
let refresh = null; // shows the present view anew
let current = null; // gives what the present view stands on, null if it never changes
let seen = ""; // that, as it was when shown

async function login(scene) {
  const { code } = await ask("POST", `${person}code`);
  session = await ask("POST", `${api}/sessions`, scene ? { code, scene } : { code });
}

async function call(method, path, body, headers = {}) {
  if (!session) await login();
  const auth = () => ({ ...headers, Authorization: `Bearer ${session.token}` });
  try { return await ask(method, api + path, body, auth()); } catch (error) {
    if (error.status !== 401) throw error;
    await login(session.target?.key);
    return ask(method, api + path, body, auth());
  }
}

const roles = { visitor: "群众", member: "委员", liaison: "联络员", department: "部门", admin: "管理员" };
const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

// view shows a screen of the program. again shows it anew; source gives what it
// stands on, which was state.
function view({ again = null, source = null, state = null }, ...children) {
  refresh = again;
  current = source;
  seen = JSON.stringify(state);
  root.replaceChildren(...children.flat(Infinity).filter(Boolean));
}
const button = (name, act, quiet) => el("button", { type: "button", className: quiet ? "quiet" : "", onclick: doing(act) }, name);
const back = () => button("‹ 首页", home, true);

// field is a labelled control of a form.
function field(name, label, control) {
  control.name = name;
  return el("label", {}, label, control);
}
const select = (options, props) => el("select", props, options.map(([value, text]) => el("option", { value }, text)));
const values = (form) => Object.fromEntries([...new FormData(form)].filter(([, v]) => typeof v === "string"));

// act is a form that folds out: its fields are posted with the version seen.
function act(name, s, path, fields, read = (v) => v) {
  const form = el("form", {
    className: "grid",
    onsubmit: doing(async () => {
      await call("POST", `/submissions/${s.id}/${path}`, { version: s.version, ...read(values(form)) });
      await Promise.all([matter(s.id), look()]);
    }),
  }, fields, el("button", {}, name));
  return fields.length ? el("details", { className: "act" }, el("summary", {}, name), form) : form;
}

function hotlines(emergency) {
  if (!emergency) return null;
  return el("div", { className: "danger", role: "alert" },
    el("b", {}, emergency.kind_names.join("、")), el("p", {}, emergency.advice),
    el("ul", {}, emergency.hotlines.map((h) => el("li", {}, el("a", { href: `tel:${h.number}` }, `${h.number} ${h.name}`)))));
}

// photo shows an upload, which only a session may see.
function photo(id, s) {
  const advice = s.photo_checks?.find((p) => p.id === id)?.advice;
  const img = el("img", { alt: "照片", className: "thumb" });
  const note = el("figcaption", {}, advice || "");
  fetch(`${api}/uploads/${id}/thumb`, { headers: { Authorization: `Bearer ${session.token}` } }).then(async (r) => {
    if (r.ok) img.src = URL.createObjectURL(await r.blob());
    else { img.remove(); note.textContent ||= "这张照片现在不能看"; }
  });
  return el("figure", {}, img, note);
}

function row(s) {
  return el("button", { type: "button", className: "card row-card", onclick: doing(() => matter(s.id)) },
    el("b", {}, `${s.kind_name} ${s.number}`), el("span", { className: `state ${s.state}` }, s.state_name),
    el("span", { className: "text" }, s.text || "（语音）"),
    el("small", {}, s.assignee ? `${s.assignee.name}委员 · ` : "", `${when(s.due_at)} 前答复`));
}

// contact is the program's contact button: the only way into the chat.
const contact = (page, session_from, label = "联系客服") => button(label, async () => {
  await ask("POST", `${person}chat`, { open: { page, session_from } });
  await look();
  show("chat");
}, true);

async function list(title, path, empty) {
  const source = () => call("GET", path);
  const state = await source();
  const { items } = state;
  view({ again: () => list(title, path, empty), source, state }, back(), el("h2", {}, title), items.map(row), !items.length && el("p", { className: "empty" }, empty),
    path.startsWith("/inbox") && contact("pages/inbox/index", "inbox", "到客服会话里答复"));
}

function home() {
  if (!session) return login().then(home);
  const { user, target, target_error: lost } = session;
  const errors = { unknown: "这个码不认识，请扫牌子上的码。", revoked: "这个码已经停用。" };
  view({ again: home },
    el("p", { className: "soft" }, `您是${roles[user.role]}${user.name ? `：${user.name}` : ""}`),
    lost && el("p", { className: "error" }, errors[lost]),
    target ? el("article", { className: "card" }, el("h3", {}, target.name),
      target.member && el("p", {}, [target.member.title, target.member.sector, target.member.village].filter(Boolean).join(" · ")),
      target.on_duty?.length > 0 && el("p", {}, `现在值班：${target.on_duty.map((d) => d.member.name).join("、")}`),
      el("p", { className: "soft" }, target.station.name, el("br"), target.station.phone),
      el("div", { className: "buttons" }, button("反映事情", fileForm)))
      : el("p", { className: "empty" }, "还没有扫码。到“扫一扫”里扫一个，就能反映事情。"),
    el("div", { className: "buttons" },
      button("我反映的", () => list("我反映的", "/submissions", "您还没有反映过事情"), true),
      user.role === "member" && [
        button("我要办的", () => list("我要办的", "/inbox", "没有要办的事")),
        button("我答复过的", () => list("我答复过的", "/inbox?state=answered", "没有等着办结的事"), true)],
      ["member", "department"].includes(user.role) && [
        button("请我协办的", () => list("请我协办的", "/assists", "没有等您协办的事"), user.role === "member"),
        button("协办过的", () => list("协办过的", "/assists?state=done", "还没有协办过"), true)],
      ["liaison", "admin"].includes(user.role) && button("工作站", station),
      contact("pages/me/index", "me")));
}

function fileForm() {
  const { target } = session;
  const sent = new Map(); // uploads by file: a filing that is sent again is the same filing
  let key = random();
  let last = "";
  const form = el("form", {
    className: "grid",
    onsubmit: doing(async () => {
      const v = values(form);
      const photos = [];
      for (const file of form.elements.photos.files) {
        if (!sent.has(file)) {
          const body = new FormData();
          body.append("file", file);
          sent.set(file, (await call("POST", "/uploads", body)).id);
        }
        photos.push(sent.get(file));
      }
      const body = { scene: target.key, kind: v.kind, visitor: v.visitor, text: v.text, photos, anonymous: form.elements.anonymous.checked };
      if (v.category) body.category = v.category;
      if (v.phone) body.contact = { phone: v.phone };
      if (last && last !== JSON.stringify(body)) key = random();
      last = JSON.stringify(body);
      const s = await call("POST", "/submissions", body, { "Idempotency-Key": key });
      view({}, el("h2", {}, "已收到"), hotlines(s.emergency),
        el("p", {}, "受理编号 ", el("b", {}, s.number), `，${when(s.due_at)} 前答复。`),
        s.reasons.map((r) => el("p", { className: "soft" }, r)),
        await consent(), el("div", { className: "buttons" }, button("看这件事", () => matter(s.id)), back()));
    }),
  },
  field("kind", "是什么事", select(target.kind_names.map((k) => [k.key, k.name]))),
  field("category", "哪一类", select([["", "不清楚"], ...target.categories.map((c) => [c.key, c.name])])),
  field("visitor", "您是", select([["resident", "本地居民"], ["tourist", "游客"], ["business", "商户"]])),
  field("text", "发生了什么", el("textarea", { rows: 5, maxLength: 2000, required: true })),
  field("photos", "照片（可不选，最多九张）", el("input", { type: "file", accept: "image/jpeg,image/png,image/webp", multiple: true })),
  field("phone", "电话（可不填）", el("input", { type: "tel", autocomplete: "off", placeholder: "请填虚构的号码" })),
  el("label", { className: "check" }, el("input", { type: "checkbox", name: "anonymous" }), "不让委员知道我是谁"),
  el("button", {}, "提交"));
  view({}, back(), el("h2", {}, `向${target.name}反映`), form);
}

// consent asks for what the person has not yet allowed, as the program would at
// the moment of a tap.
async function consent() {
  const audience = session.user.role === "visitor" ? "visitor" : session.user.role;
  const { items } = await call("GET", "/subscriptions/templates");
  const ids = items.filter((t) => t.for === audience || t.for === "visitor").map((t) => t.id);
  if (!ids.length) return null;
  const box = el("div", { className: "card" }, el("p", {}, "有答复时，允许小程序给您发通知吗？"),
    el("div", { className: "buttons" },
      button("允许", async () => {
        for (const id of ids) await ask("POST", `${person}grants`, { template_id: id, count: 1 });
        box.replaceChildren(el("p", { role: "status" }, "已允许，每种一条。"));
        await look();
      }),
      button("不用", async () => {
        for (const id of ids) await ask("POST", `${person}rejections`, { template_id: id });
        box.remove();
      }, true)));
  return box;
}

const words = (name, label) => field(name, label, el("textarea", { rows: 3, required: true, maxLength: 2000 }));
const reason = (label = "为什么") => field("reason", label, el("textarea", { rows: 2, required: true, maxLength: 500 }));
const score = (name, label) => field(name, label, select([5, 4, 3, 2, 1].map((n) => [n, `${n} 分`])));
const outcomes = [["solved", "已解决"], ["agreed", "同意办，将落实"], ["explained", "已说明"], ["referred", "转给主管部门"], ["impossible", "办不了"]];

// check is a box to tick.
const check = (name, label) => el("label", { className: "check" }, el("input", { type: "checkbox", name }), label);

// joint asks, in an answer, whose part to quote and whether not to wait for others.
function joint(s) {
  const are = (state) => (s.assists || []).filter((a) => a.state === state);
  const late = are("asked").map((a) => a.name).join("、");
  return [...are("answered").map((a) => check(`include-${a.id}`, `附上${a.name}的答复`)), late && check("without", `${late}还没有答复协办，不等了`)].filter(Boolean);
}

// jointly reads what joint asked.
function jointly(v) {
  const body = Object.fromEntries(Object.entries(v).filter(([name]) => !name.startsWith("include-")));
  const include = Object.keys(v).filter((name) => name.startsWith("include-")).map((name) => Number(name.slice(8)));
  return { ...body, ...(v.without && { without: true }), ...(include.length && { include }) };
}

// assisting is what the lead and the liaison can do about those who assist.
async function assisting(s) {
  const among = (...states) => (s.assists || []).filter((a) => states.includes(a.state));
  return [
    act("请人协办", s, "assist", [await bodies(), words("text", "请对方做什么"),
      field("days", "几个工作日内答复", el("input", { type: "number", min: 1, max: 20, value: 3, required: true })), check("contact", "可以看群众的电话")],
    ({ to, text, days, contact }) => ({ [to.split(":")[0]]: to.split(":")[1], text, days: Number(days), contact: Boolean(contact) })),
    among("asked", "answered").map((a) => act(`不用${a.name}协办了`, s, "recall", [reason()], (v) => ({ ...v, assist: a.id }))),
  ];
}

// actsOf lists what this person can do now, by their part in it.
async function actsOf(s) {
  const { user } = session;
  const open = !["closed", "withdrawn"].includes(s.state);
  const has = (...states) => states.includes(s.state);
  if (user.role === "member" && s.assignee?.id === user.member_id) {
    const live = has("assigned", "accepted", "waiting", "answered");
    return [
      has("assigned") && act("受理", s, "accept", []),
      live && act("答复", s, "reply", [words("text", "答复什么"), ...joint(s)], jointly),
      live && act("问一句", s, "ask", [words("text", "想问什么")]),
      has("accepted", "waiting", "answered") && act("办结", s, "close", [field("outcome", "结果", select(outcomes)), words("text", "怎么办的"), ...joint(s)], jointly),
      s.return?.allowed && act("退回工作站", s, "return", [el("p", { className: "soft" }, `${when(s.return.until)} 前可以退回`), reason()]),
      has("assigned", "accepted") && s.return?.why && el("p", { className: "soft" }, s.return.why),
      open && act("转给别的委员", s, "transfer", [await members(), reason()]),
      live && await assisting(s),
    ].flat(2);
  }
  if (["liaison", "admin"].includes(user.role)) {
    return [
      s.emergency && !s.emergency.attended && act("危险已经处理", s, "attend", [reason("做了什么")]),
      open && act("交给委员", s, "assign", [await members(), reason()]),
      has("accepted", "waiting", "answered") && act("办结", s, "close", [field("outcome", "结果", select(outcomes)), words("text", "怎么办的"), ...joint(s)], jointly),
      user.role === "liaison" && has("assigned", "accepted", "waiting", "answered") && await assisting(s),
    ].flat(2);
  }
  const mine = (s.assists || []).findLast((a) => a.mine);
  if (mine) {
    return [
      open && ["asked", "answered"].includes(mine.state) && act("答复协办", s, "contribute", [words("text", "办得怎么样")]),
      open && mine.state === "asked" && act("不能协办", s, "decline", [reason()]),
    ];
  }
  return [
    open && act("再说一句", s, "messages", [words("text", "说什么")]),
    s.state === "closed" && !s.rating && act("评价", s, "rate",
      [field("solved", "解决了吗", select([["yes", "解决了"], ["no", "没有解决"]])), score("attitude", "态度"), score("speed", "快慢")],
      (v) => ({ solved: v.solved === "yes", attitude: Number(v.attitude), speed: Number(v.speed) })),
    s.state === "closed" && act("没办好，再办", s, "reopen", [reason()]),
    open && act("不反映了", s, "withdraw", [field("reason", "为什么（可不填）", el("input", { maxLength: 500 }))], (v) => (v.reason ? v : {})),
  ];
}

async function members() {
  const { items } = await call("GET", "/members?limit=100");
  return field("to", "交给谁", select(items.map((m) => [m.id, `${m.name}（${m.sector}）`])));
}

async function bodies() {
  const [departments, all] = await Promise.all([call("GET", "/departments"), call("GET", "/members?limit=100")]);
  return field("to", "请谁", select([...departments.items.map((d) => [`department:${d.id}`, d.name]), ...all.items.map((m) => [`member:${m.id}`, `${m.name}委员`])]));
}

// assist says how far one who assists is.
function assist(a) {
  const told = [a.state_name, a.late && "已超期", a.state === "asked" && a.due_at && `${when(a.due_at)} 前`].filter(Boolean).join("，");
  return el("p", { className: "soft" }, `${a.name}协办：${told}`, a.task && el("br"), a.task || "");
}

async function matter(id) {
  const source = () => call("GET", `/submissions/${id}`);
  const s = await source();
  view({ again: () => matter(id), source, state: s }, back(),
    el("h2", {}, `${s.kind_name} ${s.number} `, el("span", { className: `state ${s.state}` }, s.state_name)),
    hotlines(s.emergency),
    el("article", { className: "card" }, el("p", { className: "words" }, s.text || "（语音）"),
      (s.photos || []).map((p) => photo(p.id || p, s)),
      el("p", { className: "soft" }, [s.target?.name, s.phone_mask, `${when(s.due_at)} 前答复`].filter(Boolean).join(" · ")),
      s.reasons.map((r) => el("p", { className: "soft" }, r)), (s.assists || []).map(assist)),
    el("ol", { className: "timeline" }, (s.timeline || []).map((t) => el("li", {}, el("time", { dateTime: t.at }, when(t.at)), t.sentence,
      t.what !== "file" && (t.photos || []).map((p) => photo(p.id || p, s))))),
    (await actsOf(s)).filter(Boolean),
    contact(`pages/matter/index?id=${s.id}`, s.number));
}

async function station() {
  const source = () => Promise.all(["/station/today", "/station/alarms", "/station/photos", "/pool", "/station/untold"].map((path) => call("GET", path)));
  const state = await source();
  const [today, alarms, photos, pool, untold] = state;
  const figures = [["held", "待看"], ["pooled", "待派"], ["assigned", "待受理"], ["accepted", "在办"], ["waiting", "等群众"], ["answered", "已答复"],
    ["overdue", "超期"], ["due_today", "今天到期"], ["alarms", "险情"], ["held_photos", "待看照片"], ["untold", "没通知到"], ["assists", "协办中"], ["assists_late", "协办超期"]];
  view({ again: station, source, state }, back(), el("h2", {}, `工作站 ${today.date}`),
    el("dl", { className: "figures" }, figures.map(([key, name]) => el("div", {}, el("dt", {}, name), el("dd", {}, String(today[key] ?? 0))))),
    alarms.items.length > 0 && [el("h3", { className: "alarm" }, "险情"), alarms.items.map(row)],
    photos.items.length > 0 && [el("h3", {}, "待看照片"), photos.items.map(judge)],
    untold.items.length > 0 && [el("h3", {}, "没通知到的人"), untold.items.map(missed)],
    el("h3", {}, "待派和待看"), pool.items.map(row), !pool.items.length && el("p", { className: "empty" }, "没有"),
    button("协办中的", () => list("协办中的", "/station/assists", "没有等着协办的"), true),
    button("全部事项", () => list("全部事项", "/station/submissions", "还没有事项"), true));
}

// missed is somebody who could not be told by any means the station has.
function missed(u) {
  return el("article", { className: "card" },
    el("h3", {}, `${roles[u.receiver.role] || u.receiver.role}${u.receiver.name ? `：${u.receiver.name}` : ""}`), el("p", {}, u.why),
    el("div", { className: "buttons" },
      button(`看 ${u.submission.number}`, () => matter(u.submission.id), true),
      button("已另行告知", async () => { await call("POST", `/station/untold/${u.id}/done`, {}); await station(); })));
}

// judge lets the liaison decide on a photo.
function judge(p) {
  const why = el("textarea", { rows: 2, required: true, maxLength: 500 });
  const say = (shown) => async () => {
    if (!why.reportValidity()) return;
    await call("POST", `/uploads/${p.upload.id}/verdict`, { show: shown, reason: why.value });
    await station();
  };
  return el("article", { className: "card" }, photo(p.upload.id, { photo_checks: [{ id: p.upload.id, advice: p.advice }] }),
    el("label", {}, "为什么", why), el("div", { className: "buttons" }, button("给大家看", say(true)), button("不给看", say(false), true)));
}

// scan opens the program as a scanned code would.
async function scan(key) {
  await login(key);
  show("program");
  home();
}

// openPage opens the program where a message, a card or a link leads.
async function openPage(page, query = "") {
  const [path, own = ""] = page.split("?");
  const params = new URLSearchParams(own || query);
  show("program");
  const scene = params.get("scene");
  if (scene) return scan(scene);
  if (!session) await login();
  if (params.get("id")) return matter(params.get("id"));
  return path.includes("inbox") ? list("我要办的", "/inbox", "没有要办的事") : home();
}
document.addEventListener("program-page", (event) => doing(() => openPage(event.detail))());
document.getElementById("tab-program").addEventListener("click", () => { if (!refresh && !root.firstChild) doing(home)(); });

// Codes of the cast, by kind.
const kinds = { station: "工作站", room: "议事室", place: "地方", member: "委员" };
ask("GET", "/_emulator/cast").then(({ codes = [], members: all = [], liaisons = [], departments = [], templates = [] }) => {
  const among = (list) => list.some((p) => p.openid === openid);
  const audience = among(all) ? "member" : among(liaisons) ? "liaison" : among(departments) ? "department" : "visitor";
  prefer(templates.filter((t) => t.for === audience).map((t) => t.id));
  const rows = Object.entries(kinds).map(([kind, name]) => el("section", {}, el("h3", {}, name),
    el("ul", { className: "people" }, codes.filter((c) => c.kind === kind).map((c) => el("li", {},
      el("button", { type: "button", onclick: doing(() => scan(c.key)) }, el("b", {}, c.name), el("small", {}, c.key)))))));
  document.getElementById("codes").replaceChildren(...rows);
  document.getElementById("find").addEventListener("input", (event) => {
    const wanted = event.target.value.trim();
    for (const section of rows) {
      const all = [...section.querySelectorAll("li")];
      for (const one of all) one.hidden = !one.textContent.includes(wanted);
      section.hidden = all.every((one) => one.hidden);
    }
  });
}).catch(() => document.getElementById("codes").replaceChildren(el("p", { className: "empty" }, "这里没有可扫的码")));

// What is shown is kept fresh unless somebody is about to act.
const busy = () => root.querySelector("details[open]") || root.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")
  || [...root.querySelectorAll("textarea")].some((t) => t.value);
every(async () => {
  const [at, source] = [refresh, current];
  if (!source || document.getElementById("panel-program").hidden || busy()) return;
  if (JSON.stringify(await source()) === seen || refresh !== at || busy()) return;
  await at();
});

const opening = new URLSearchParams(location.search);
if (opening.get("page")) doing(() => openPage(opening.get("page"), opening.get("query") || ""))();
