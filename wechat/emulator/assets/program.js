// The program on the phone: its real client for browsers, in a frame. The client signs in as the phone's person, keeps what it
// keeps under the phone's name, and asks this page for what only a phone can do: the chat.
import { ask, doing, el } from "./common.js";
import { look, openid, person, prefer, show } from "./phone.js";

const base = document.body.dataset.program;
const frame = document.getElementById("program");

// enter opens a page of the program.
function enter(page, query = "") {
  const [path, own = ""] = page.split("?");
  const params = new URLSearchParams(own || query);
  params.set("phone", openid);
  const src = `${base}${path}?${params}`;
  if (frame.getAttribute("src") === src) frame.contentWindow.location.replace(src);
  else frame.src = src;
  show("program");
}

document.addEventListener("program-page", (event) => enter(event.detail));
document.getElementById("tab-program").addEventListener("click", () => { if (!frame.hasAttribute("src")) enter("pages/scan/index"); });

// The contact button of the program: the only way into the chat.
window.addEventListener("message", (event) => {
  const contact = event.source === frame.contentWindow && event.origin === location.origin ? event.data?.contact : null;
  if (!contact) return;
  doing(async () => {
    await ask("POST", `${person}chat`, { open: contact });
    await look();
    show("chat");
  })();
});

// Codes of the cast, by kind.
const kinds = { station: "工作站", room: "议事室", place: "地方", member: "委员" };
ask("GET", "/_emulator/cast").then(({ codes = [], members: all = [], liaisons = [], departments = [], templates = [] }) => {
  const among = (list) => list.some((p) => p.openid === openid);
  const audience = among(all) ? "member" : among(liaisons) ? "liaison" : among(departments) ? "department" : "visitor";
  prefer(templates.filter((t) => t.for === audience).map((t) => t.id));
  const rows = Object.entries(kinds).map(([kind, name]) => el("section", {}, el("h3", {}, name),
    el("ul", { className: "people" }, codes.filter((c) => c.kind === kind).map((c) => el("li", {},
      el("button", { type: "button", onclick: () => enter("pages/scan/index", `scene=${encodeURIComponent(c.key)}`) }, el("b", {}, c.name), el("small", {}, c.key)))))));
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

const opening = new URLSearchParams(location.search);
if (opening.get("page")) enter(opening.get("page"), opening.get("query") || "");
