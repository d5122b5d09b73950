import { address, authorization, Problem, problemOf } from "@/api/client";
import { photoScale } from "@/logic/photo";
import { blobOf } from "./h5files";
import { phoneOwner } from "./h5owner";
import "./h5steps";
import { longestVoice, PhoneError, type CalendarEntry, type Consent, type Point, type Recorder, type Recording, type Sending } from "./types";

/** Browsers have no silent login, but for an emulated phone. */
export async function loginCode(): Promise<string> {
  if (!phoneOwner) return "";
  const answer = await fetch(`/_emulator/users/${encodeURIComponent(phoneOwner)}/code`, { method: "POST" });
  return answer.ok ? ((await answer.json()) as { code: string }).code : "";
}

/** Opens the chat of the emulated phone. `from` names what is spoken of, `page` is the page that the button is on. */
export function openChat(page: string, from: string): void {
  window.parent.postMessage({ contact: { page, session_from: from } }, location.origin);
}

export const canScan = false;
export const oneTapPhone = false;
export const canSubscribeHere = false;

export function scan(): Promise<string> {
  return Promise.reject(new PhoneError("unable"));
}

/** Returns the browser's language, "en-US". */
export function language(): string {
  return navigator.language;
}

/** Returns the language that the page behind the code was read in, where somebody chose it there; "" otherwise. */
export function languageAsked(): string {
  return new URLSearchParams(location.search).get("lang") ?? "";
}

/** Returns the browser's text size relative to 16 px. */
export function fontScale(): number {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Number.isFinite(root) && root > 0 ? root / 16 : 1;
}

function pick(accept: string, many: boolean, camera: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.multiple = many;
    if (camera) input.setAttribute("capture", "environment");
    input.hidden = true;
    const end = (files: File[]): void => {
      input.remove();
      resolve(files);
    };
    input.addEventListener("change", () => end([...(input.files ?? [])]));
    input.addEventListener("cancel", () => end([]));
    document.body.append(input); // Safari opens no file dialog of an input outside the page
    input.click();
  });
}

function dataURL(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new PhoneError("unable"));
    reader.readAsDataURL(blob);
  });
}

/** Scales a photo down for slow connections. A photo that the browser cannot draw is sent unchanged. */
async function smaller(file: File): Promise<string> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const ratio = photoScale(picture.width, picture.height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * ratio));
    canvas.height = Math.max(1, Math.round(picture.height * ratio));
    const context = canvas.getContext("2d");
    if (!context) return await dataURL(file);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = canvas.toDataURL("image/jpeg", 0.8);
    return drawn.startsWith("data:image/jpeg") ? drawn : await dataURL(file); // the browser returns "data:," for a canvas that is too large
  } catch {
    return dataURL(file);
  }
}

/** Lets the user choose photos. They are data: addresses, which the draft can store. */
export async function choosePhotos(max: number, camera: boolean): Promise<string[]> {
  const files = await pick("image/*", max > 1 && !camera, camera);
  return Promise.all(files.slice(0, max).map(smaller));
}

/** Uploads a file; `progress` gets the per cent. */
export function upload(local: string, progress: (percent: number) => void): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<string>((resolve, reject) => {
    const form = new FormData();
    const blob = blobOf(local);
    form.append("file", blob, blob.type.startsWith("audio/") ? "voice" : "photo.jpg");
    request.open("POST", address("/api/v1/uploads"));
    for (const [k, v] of Object.entries(authorization())) request.setRequestHeader(k, v);
    request.upload.onprogress = (e) => e.lengthComputable && progress(Math.round((e.loaded / e.total) * 100));
    request.onload = () => {
      if (request.status === 201) resolve((JSON.parse(request.responseText) as { id: string }).id);
      else reject(problemOf(request.status, request.responseText, { "retry-after": request.getResponseHeader("Retry-After") }));
    };
    request.onerror = request.onabort = request.ontimeout = () => reject(new Problem(0, { code: "offline" }));
    request.send(form);
  });
  return { done, stop: () => request.abort() };
}

const shown = new Map<string, Promise<string>>();

/** Returns an address for a file of the server. A plain address does not work, because the request needs the session. */
export function shownFile(path: string): Promise<string> {
  let found = shown.get(path);
  if (!found) {
    found = fetch(address(path), { headers: authorization() }).then(async (r) => {
      if (!r.ok) throw problemOf(r.status, await r.text());
      return URL.createObjectURL(await r.blob());
    });
    found.catch(() => shown.delete(path));
    shown.set(path, found);
  }
  return found;
}

export const canRecord = typeof navigator !== "undefined" && !!navigator.mediaDevices && typeof MediaRecorder !== "undefined";

/** Records until stop or the maximum duration. */
export async function record(): Promise<Recorder> {
  if (!canRecord) throw new PhoneError("unable");
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    throw new PhoneError("denied");
  }
  const type = ["audio/webm;codecs=opus", "audio/mp4"].find((t) => MediaRecorder.isTypeSupported(t));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 32_000 } : undefined);
  const parts: Blob[] = [];
  const began = Date.now();
  const timer = setTimeout(() => recorder.state !== "inactive" && recorder.stop(), longestVoice * 1000 - 500);
  const done = new Promise<Recording>((resolve, reject) => {
    recorder.ondataavailable = (e) => e.data.size > 0 && parts.push(e.data);
    recorder.onerror = () => reject(new PhoneError("unable"));
    recorder.onstop = () => {
      clearTimeout(timer);
      stream.getTracks().forEach((t) => t.stop());
      const seconds = Math.max(1, Math.round((Date.now() - began) / 1000));
      dataURL(new Blob(parts, { type: recorder.mimeType.split(";")[0] })).then((local) => resolve({ local, seconds }), reject);
    };
  });
  recorder.start();
  return { done, stop: () => recorder.state !== "inactive" && recorder.stop() };
}

/** Asks for the position of the phone. */
export function where(): Promise<Point> {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new PhoneError("unable"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      (p) => resolve({ lat: p.coords.latitude, lng: p.coords.longitude, coord: "wgs84", name: "" }),
      (e) => reject(new PhoneError(e.code === e.PERMISSION_DENIED ? "denied" : "unable")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

export const canSpeak = typeof window !== "undefined" && "speechSynthesis" in window;

export function speak(text: string, ended: () => void): void {
  speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.lang;
  words.rate = 0.9;
  words.onend = words.onerror = ended;
  speechSynthesis.speak(words);
}

export function hush(): void {
  if (canSpeak) speechSynthesis.cancel();
}

/** In the demo it taps the emulated phone of this browser's person. Other browsers have no consent. */
export async function subscribe(templates: string[], openid: string): Promise<Consent[]> {
  if (!openid) throw new PhoneError("unable");
  for (const template_id of templates) {
    const r = await fetch(`/_emulator/users/${encodeURIComponent(openid)}/grants`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ template_id, count: 1 }),
    });
    if (!r.ok) throw new PhoneError("unable");
  }
  return templates.map((template_id) => ({ template_id, result: "accept" }));
}

/** Shares a text with other apps, or copies it; returns which. */
export async function shareText(text: string): Promise<"shared" | "copied"> {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ text });
      return "shared";
    } catch (e) {
      if (e instanceof DOMException && e.name === "AbortError") return "shared";
    }
  }
  await copy(text);
  return "copied";
}

export async function copy(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement("textarea"); // pages without https have no clipboard API
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** Lets the browser save a text file. */
export function saveText(name: string, text: string, type = "application/json"): Promise<void> {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return Promise.resolve();
}

/** Whether this is WeChat's own browser. */
export const inWeChat = typeof navigator !== "undefined" && /MicroMessenger/i.test(navigator.userAgent);

/** WeChat's own browser saves no files, and has no calendar. */
export const hasCalendar = !inWeChat;

/** Lets the browser open an entry for its calendar, which is the file (iCalendar). */
export function addToCalendar(_e: CalendarEntry, file: string): Promise<void> {
  return saveText("reception.ics", file, "text/calendar");
}

/** Returns the answer of WeChat's consent page once, and removes it from the address. */
export function cameBack(): { code: string; state: string } | undefined {
  const query = new URLSearchParams(location.search);
  const code = query.get("code");
  const state = query.get("state");
  if (!code || !state) return undefined;
  history.replaceState(history.state, "", location.pathname);
  return { code, state };
}

/** Returns what stands behind the # of the address, which no server is sent. */
export function fragment(): string {
  return location.hash;
}

/** Removes it, so that neither the history nor a copied address has it. */
export function dropFragment(): void {
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
}

export function leaveFor(address: string): void {
  location.assign(address);
}

/** Reports the connection now and at each change. */
export function watchNet(tell: (up: boolean) => void): void {
  tell(navigator.onLine);
  addEventListener("online", () => tell(true));
  addEventListener("offline", () => tell(false));
}

export function setTitle(title: string): void {
  document.title = title;
}

/** Gives the focus to what the selector finds, without moving the page. */
export function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
}

/** Gives the focus to the first wrong field within what the selector finds. */
export function focusError(selector: string): void {
  const field = document.querySelector(`${selector} .ui-error`)?.closest(".ui-field, .ui-choice, .ui-toggle-field, .ui-photos");
  field?.querySelector<HTMLElement>("input, textarea, button")?.focus();
}

export function setLanguage(lang: string): void {
  document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
}

/** Does nothing: browsers ask at each use and have no privacy sheet. */
export function watchPrivacy(_ask: (agreed: () => void, refused: () => void) => void): void {
  return undefined;
}

export { dropFiles, keepFile, openFile, sweepFiles } from "./h5files";
export { holdDraft } from "./h5tabs";
export { longestVoice, PhoneError, type CalendarEntry, type Consent, type Hold, type Point, type Recorder, type Recording, type Sending } from "./types";
export { addHistoryEntry } from "./h5steps";
export { phoneOwner } from "./h5owner";
