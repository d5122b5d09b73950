// What the pages of the emulated phones share. Texts of people reach the
// document as text nodes only.

// el makes an element. Properties are set, or listened to where they begin with
// "on"; data and aria attributes go by their names.
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) node.append(child);
  }
  return node;
}

// ask makes a request and returns what it answers. A problem becomes an Error
// with its words, its status and its body.
export async function ask(method, path, body, headers = {}) {
  const options = { method, headers: { ...headers } };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  const answer = await fetch(path, options);
  const text = await answer.text();
  let data = null;
  try { data = text ? JSON.parse(text) : null; } catch { /* told below */ }
  if (!answer.ok) {
    const details = (data?.errors || []).map((e) => e.message).join("；");
    const error = new Error(details || data?.detail || `没有成功（${answer.status}）`);
    error.status = answer.status;
    error.problem = data;
    throw error;
  }
  return data;
}

// failed shows or clears what went wrong.
export function failed(error) {
  const box = document.getElementById("failed");
  box.hidden = !error;
  box.textContent = error ? error.message : "";
  if (error) box.scrollIntoView({ block: "nearest" });
}

// nameOf tells buttons apart: by the group they stand in and their words.
const nameOf = (button) => `${button.closest("[role=group]")?.getAttribute("aria-label") || ""} ${button.textContent}`;

// refocus keeps the keyboard where it was: on the button, or on the one of that
// name that was drawn in its place.
function refocus(button, name) {
  if (document.activeElement !== document.body) return;
  const there = button.isConnected ? button : [...document.querySelectorAll("button")].find((b) => nameOf(b) === name);
  there?.focus({ preventScroll: true });
}

// doing runs an act of a person: its trouble is shown, its button rests.
export function doing(act) {
  return async (event) => {
    event?.preventDefault?.();
    const button = event?.submitter || (event?.currentTarget instanceof HTMLButtonElement ? event.currentTarget : null);
    const name = button && nameOf(button);
    if (button) button.disabled = true;
    failed(null);
    try { await act(event); } catch (error) { failed(error); } finally {
      if (button) { button.disabled = false; refocus(button, name); }
    }
  };
}

// every runs a task now and every two seconds while somebody looks.
export function every(task) {
  const turn = async () => {
    if (!document.hidden) { try { await task(); } catch { /* the next turn tries again */ } }
    setTimeout(turn, 2000);
  };
  turn();
}

const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

// when tells a time in China in a few characters.
export function when(at) {
  const read = (d) => Object.fromEntries(parts.formatToParts(d).map((p) => [p.type, p.value]));
  const [t, now] = [read(new Date(at)), read(new Date())];
  const today = t.year === now.year && t.month === now.month && t.day === now.day;
  return `${today ? "" : `${Number(t.month)}月${Number(t.day)}日 `}${t.hour}:${t.minute}`;
}
