import { ask, doing, el, every, failed } from "./common.js";

const faults = "/_emulator/faults";
const send = "/cgi-bin/message/subscribe/send";
const presets = [
  ["平台繁忙，五次", { kind: "errcode", code: -1, msg: "system error", times: 5 }],
  ["发通知断线，事没办成", { path: send, kind: "cut_before", times: 1 }],
  ["发通知断线，事已办成", { path: send, kind: "cut_after", times: 1 }],
  ["令牌全部失效", { kind: "revoke", times: 1 }],
  ["今日额度用完", { path: send, kind: "errcode", code: 45009, msg: "reach max api daily quota limit", times: 1 }],
  ["很慢，三秒", { kind: "delay", delay_ms: 3000 }],
];
const names = {
  errcode: "错误码", delay: "变慢", cut_before: "断线，事没办成", cut_after: "断线，事已办成",
  garbage: "坏的 JSON", html: "网页", status: "HTTP 状态", revoke: "令牌失效",
};

let plan = [];

async function put(items) {
  plan = (await ask("PUT", faults, { items })).items;
  show();
}

function sentence(f) {
  const parts = [names[f.kind] + (f.code ? ` ${f.code}` : "") + (f.status ? ` ${f.status}` : ""), f.path || "所有接口"];
  if (f.delay_ms) parts.push(`先等 ${f.delay_ms / 1000} 秒`);
  parts.push(f.times ? `${f.times} 次` : "一直");
  parts.push(`已碰上 ${f.hits} 次`);
  return parts.join(" · ");
}

let shown = "";
function show() {
  const state = JSON.stringify(plan);
  if (state === shown) return;
  shown = state;
  const list = document.getElementById("plan");
  list.replaceChildren(...plan.map((f, i) => el("li", {}, sentence(f), " ",
    el("button", { className: "quiet", onclick: doing(() => put(plan.filter((_, j) => j !== i))), "aria-label": `撤掉第 ${i + 1} 条` }, "撤掉"))));
  if (!plan.length) list.append(el("li", { className: "soft none" }, "一切正常"));
}

document.getElementById("presets").append(
  ...presets.map(([name, fault]) => el("button", { className: "quiet", onclick: doing(() => put([...plan, fault])) }, name)),
  el("button", { onclick: doing(async () => { plan = (await ask("DELETE", faults)).items; show(); }) }, "恢复正常"),
);

document.getElementById("fault").addEventListener("submit", doing(async (event) => {
  const form = new FormData(event.target);
  const kind = form.get("kind");
  const number = Number(form.get("code"));
  await put([...plan, {
    path: form.get("path"), kind,
    code: kind === "errcode" ? number : 0, status: kind === "status" ? number : 0,
    delay_ms: Math.round(Number(form.get("delay")) * 1000), times: Number(form.get("times")),
  }]);
}));

document.getElementById("other").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = encodeURIComponent(new FormData(event.target).get("openid"));
  window.open(`/_emulator/phone/${name}${location.search}`, "_blank", "noopener");
});

document.getElementById("seek")?.addEventListener("input", (event) => {
  const words = event.target.value.trim();
  for (const one of document.querySelectorAll("#cast li")) one.hidden = !one.textContent.includes(words);
});

every(async () => { plan = (await ask("GET", faults)).items; failed(null); show(); });
