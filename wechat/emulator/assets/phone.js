import { ask, doing, el, every, when } from "./common.js";

export const openid = document.body.dataset.openid;
export const person = `/_emulator/users/${encodeURIComponent(openid)}/`;
const $ = (id) => document.getElementById(id);

// Tabs: one is shown; arrows move between them.
const tabs = [...document.querySelectorAll("[role=tab]")];
export function show(name) {
  for (const tab of tabs) {
    const on = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    $(tab.getAttribute("aria-controls")).hidden = !on;
  }
  if (name === "messages") seen("unread");
  if (name === "chat") { seen("unheard"); $("chat").lastElementChild?.scrollIntoView({ block: "nearest" }); }
}
const current = () => tabs.find((t) => t.getAttribute("aria-selected") === "true").id.slice(4);
for (const [i, tab] of tabs.entries()) {
  tab.addEventListener("click", () => show(tab.id.slice(4)));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[to % tabs.length];
    show(next.id.slice(4));
    next.focus();
  });
}

// A count beside a tab tells what came while another was shown.
const counts = {};
function seen(id) { counts[id] = 0; $(id).hidden = true; }
function more(id, n, tab) {
  if (n <= 0 || current() === tab) return;
  counts[id] = (counts[id] || 0) + n;
  $(id).textContent = counts[id];
  $(id).hidden = false;
}

// once calls f only when what it is given has changed: nobody loses their place.
function once(f) {
  let last;
  return (value) => {
    const text = JSON.stringify(value);
    if (text !== last) f(value, last === undefined ? null : JSON.parse(last));
    last = text;
  };
}

export const templates = new Map();
const titleOf = (id) => templates.get(id)?.title || id;

// open asks whoever can to open a page of the program.
function open(page) {
  document.dispatchEvent(new CustomEvent("program-page", { detail: page }));
}

const showMessages = once((items, before) => {
  $("messages").replaceChildren(...items.map((m) => {
    const fields = templates.get(m.template_id)?.fields || Object.keys(m.data).map((key) => ({ key, name: key }));
    return el("article", { className: "card" },
      el("h3", {}, titleOf(m.template_id), el("time", { dateTime: m.at }, when(m.at))),
      el("dl", {}, fields.map((f) => [el("dt", {}, f.name), el("dd", {}, m.data[f.key]?.value || "")])),
      m.page && el("p", { className: "page" }, document.body.dataset.program
        ? el("button", { className: "quiet", onclick: () => open(m.page) }, "进入小程序") : el("code", {}, m.page)));
  }));
  if (!items.length) $("messages").append(el("p", { className: "empty" }, "还没有通知"));
  const fresh = before ? items.length - before.length : 0;
  if (fresh > 0) {
    more("unread", fresh, "messages");
    $("news").textContent = `收到通知：${titleOf(items[0].template_id)}`;
  }
});

const showChat = once((items, before) => {
  $("chat").replaceChildren(...items.map((line) => el("div", { className: `line ${line.from}` },
    el("span", { className: "unseen" }, line.from === "user" ? "我：" : "客服："),
    line.media_id && line.text !== "[语音]" && el("img", { src: `/_emulator/media/${encodeURIComponent(line.media_id)}`, alt: line.text, loading: "lazy" }),
    (!line.media_id || line.page || line.text === "[语音]") && el("p", {}, line.text),
    line.page && document.body.dataset.program && el("button", { className: "quiet", onclick: () => open(line.page) }, "打开"),
    el("time", { dateTime: line.at }, when(line.at)))));
  if (!items.length) $("chat").append(el("p", { className: "empty" }, "还没有说话"));
  const heard = (list) => list.filter((l) => l.from === "service").length;
  const fresh = before ? heard(items) - heard(before) : 0;
  if (fresh > 0) {
    more("unheard", fresh, "chat");
    $("news").textContent = `客服说：${items.at(-1).text}`;
  }
  if (current() === "chat") $("chat").lastElementChild?.scrollIntoView({ block: "nearest" });
});

// prefer puts the templates that concern this person first.
let preferred = [];
export function prefer(ids) { preferred = ids; }
const foremost = (list) => [...list].sort((a, b) => preferred.includes(b.template_id) - preferred.includes(a.template_id));

const showConsent = once((granted) => {
  $("consent").replaceChildren(...granted.map(({ template_id: id, left }) => {
    const act = (what, body) => doing(async () => { await ask("POST", person + what, { template_id: id, ...body }); await look(); });
    return el("article", { className: "card" },
      el("h3", {}, titleOf(id), el("span", { className: "left" }, `还能收 ${left} 条`)),
      el("p", { className: "soft" }, (templates.get(id)?.fields || []).map((f) => f.name).join("、")),
      el("div", { className: "buttons", role: "group", "aria-label": titleOf(id) },
        el("button", { onclick: act("grants", { count: 1 }) }, "允许一次"),
        el("button", { className: "quiet", onclick: act("grants", { count: 20 }) }, "允许 20 次"),
        el("button", { className: "quiet", onclick: act("rejections") }, "拒绝"),
        el("button", { className: "quiet", onclick: act("withdrawals") }, "在设置里关掉")));
  }));
});

export async function look() {
  const [messages, chat, grants] = await Promise.all(["messages", "chat", "grants"].map((what) => ask("GET", person + what)));
  showMessages(messages.items);
  showChat(chat.items);
  $("write").hidden = !chat.open;
  $("closed").hidden = chat.open;
  showConsent(foremost(grants.granted));
}

$("write").addEventListener("submit", doing(async () => {
  const text = $("text").value;
  if (!text.trim()) return;
  $("text").value = "";
  try { await ask("POST", `${person}chat`, { text }); } finally { await look(); }
}));
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("write").requestSubmit(); }
});
$("enter").addEventListener("click", doing(() => ask("POST", `${person}chat`)));
$("picture").addEventListener("change", doing(async (event) => {
  const form = new FormData();
  form.append("file", event.target.files[0]);
  event.target.value = "";
  try { await ask("POST", `${person}chat`, form); } finally { await look(); }
}));
$("all").addEventListener("click", doing(async () => { await ask("POST", `${person}grants`); await look(); }));
$("login").addEventListener("click", doing(async () => {
  const { code } = await ask("POST", `${person}code`);
  $("code").textContent = code;
  $("code").hidden = false;
}));
$("number").addEventListener("click", doing(async () => {
  $("code").textContent = (await ask("POST", `${person}phonecode`)).code;
  $("code").hidden = false;
}));
$("verdict").addEventListener("submit", doing(async () => {
  const { verdicts } = await ask("POST", `${person}verdicts`, { verdicts: [$("say").value] });
  $("judged").textContent = `排着 ${verdicts.length} 个`;
}));

for (const t of (await ask("GET", "/_emulator/templates")).items) templates.set(t.id, t);
every(look);
