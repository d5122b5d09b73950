import { address, authorization, Problem, problemOf } from "@/api/client";
import { photoScale } from "@/logic/photo";
import { longestVoice, PhoneError, type CalendarEntry, type Consent, type Hold, type Point, type Recorder, type Recording, type Sending } from "./types";

/** On a real phone nobody else's page shows the client. */
export const phoneOwner = "";

/** Returns the platform's login code, valid once within five minutes. */
export function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({ provider: "weixin", success: (r) => resolve(r.code), fail: () => reject(new Problem(0, { code: "offline" })) });
  });
}

export const canScan = true;
export const oneTapPhone = true;
export const canSubscribeHere = true;

/** Scans a code: returns the path of a mini-program code or the address of a plain-link code. */
export function scan(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.scanCode({
      scanType: ["qrCode", "wxCode"] as never[],
      success: (r) => {
        const path = (r as { path?: string }).path ?? "";
        const scene = /[?&]scene=([^&]+)/.exec(path)?.[1];
        resolve(scene ? decodeURIComponent(scene) : r.result);
      },
      fail: () => reject(new PhoneError("cancelled")),
    });
  });
}

/** A page of the mini program has no fragment. */
export function fragment(): string {
  return "";
}

/** Nothing is to be removed. */
export function dropFragment(): void {
  return undefined;
}

/** Returns WeChat's language, "zh_CN". */
export function language(): string {
  return ((typeof wx.getAppBaseInfo === "function" ? wx.getAppBaseInfo() : {}) as { language?: string }).language ?? "";
}

/** "": no address leads into the mini program with a language. */
export function languageAsked(): string {
  return "";
}

/** Returns the phone's text scale (wx.getAppBaseInfo, fontSizeScaleFactor since 2.23.4). */
export function fontScale(): number {
  const info = (typeof wx.getAppBaseInfo === "function" ? wx.getAppBaseInfo() : {}) as { fontSizeScaleFactor?: number; fontSizeSetting?: number };
  if (info.fontSizeScaleFactor) return info.fontSizeScaleFactor;
  return info.fontSizeSetting ? info.fontSizeSetting / 17 : 1;
}

function compressed(src: string, width: number, height: number): Promise<string> {
  const ratio = photoScale(width, height);
  return new Promise((resolve) => {
    uni.compressImage({
      src, quality: 80, ...(ratio < 1 ? { compressedWidth: Math.round(width * ratio) } : {}),
      success: (r) => resolve(r.tempFilePath), fail: () => resolve(src),
    } as UniApp.CompressImageOptions);
  });
}

/** The paths of files that outlive the app. */
const lastingPaths = new Set<string>();

/** Copies a file for the draft. The phone refuses beyond its room for saved files; then the temporary file is used. */
function lasting(path: string): Promise<string> {
  return new Promise((resolve) => {
    uni.getFileSystemManager().saveFile({
      tempFilePath: path,
      success: (r) => {
        lastingPaths.add(r.savedFilePath);
        resolve(r.savedFilePath);
      },
      fail: () => resolve(path),
    });
  });
}

/** Returns the name of a kept file, which is its path; "" if the phone had no room. */
export function keepFile(local: string): Promise<string> {
  return Promise.resolve(lastingPaths.has(local) ? local : "");
}

/** Returns the path of a kept file; "" if it is gone. */
export function openFile(name: string): Promise<string> {
  return new Promise((resolve) => {
    uni.getFileSystemManager().access({ path: name, success: () => resolve(name), fail: () => resolve("") });
  });
}

/** Removes files. What cannot be removed now is swept later. */
export async function dropFiles(names: string[]): Promise<void> {
  for (const filePath of names) {
    await new Promise<void>((done) => uni.getFileSystemManager().removeSavedFile({ filePath, success: () => done(), fail: () => done() }));
  }
}

/** A file that belongs to no draft stays for as long, because its draft may be about to be saved. */
const sweepAfter = 24 * 60 * 60 * 1000;

/** Removes files that are not used and older than `age`, in milliseconds. */
export function sweepFiles(used: Set<string>, age = sweepAfter): Promise<void> {
  return new Promise((done) => {
    uni.getFileSystemManager().getSavedFileList({
      success: ({ fileList }) => {
        const old = fileList.filter((f) => !used.has(f.filePath) && f.createTime * 1000 <= Date.now() - age);
        void dropFiles(old.map((f) => f.filePath)).then(done);
      },
      fail: () => done(),
    });
  });
}

/** Does nothing: the mini program has one page at a time. */
export function holdDraft(_draft: string, _elsewhere: () => void): Hold {
  return { take: () => undefined, ask: () => undefined, leave: () => undefined };
}

export function choosePhotos(max: number, camera: boolean): Promise<string[]> {
  return new Promise((resolve, reject) => {
    uni.chooseMedia({
      count: Math.min(max, 9), mediaType: ["image"], sizeType: ["compressed"], sourceType: camera ? ["camera"] : ["album", "camera"],
      success: (r) => {
        const each = r.tempFiles.map((f) => compressed(f.tempFilePath, f.width ?? 0, f.height ?? 0).then(lasting));
        Promise.all(each).then(resolve, reject);
      },
      fail: (e) => (/cancel/.test(e.errMsg) ? resolve([]) : reject(new PhoneError("denied"))),
    });
  });
}

export function upload(local: string, progress: (percent: number) => void): Sending {
  let task: UniApp.UploadTask | undefined;
  const done = new Promise<string>((resolve, reject) => {
    task = uni.uploadFile({
      url: address("/api/v1/uploads"), filePath: local, name: "file", header: authorization(),
      success: (r) => {
        if (r.statusCode === 201) resolve((JSON.parse(r.data) as { id: string }).id);
        else reject(problemOf(r.statusCode, r.data));
      },
      fail: () => reject(new Problem(0, { code: "offline" })),
    });
    task.onProgressUpdate((p) => progress(p.progress));
  });
  return { done, stop: () => task?.abort() };
}

const shown = new Map<string, Promise<string>>();

export function shownFile(path: string): Promise<string> {
  let found = shown.get(path);
  if (!found) {
    found = new Promise<string>((resolve, reject) => {
      uni.downloadFile({
        url: address(path), header: authorization(),
        success: (r) => (r.statusCode === 200 ? resolve(r.tempFilePath) : reject(problemOf(r.statusCode, ""))),
        fail: () => reject(new Problem(0, { code: "offline" })),
      });
    });
    found.catch(() => shown.delete(path));
    shown.set(path, found);
  }
  return found;
}

export const canRecord = true;

export function record(): Promise<Recorder> {
  const manager = uni.getRecorderManager();
  return new Promise((started, refused) => {
    const done = new Promise<Recording>((resolve, reject) => {
      manager.onStop((r) => {
        const got = r as { tempFilePath: string; duration?: number };
        lasting(got.tempFilePath).then((local) => resolve({ local, seconds: Math.max(1, Math.round((got.duration ?? 0) / 1000)) }), reject);
      });
      manager.onError(() => {
        reject(new PhoneError("denied"));
        refused(new PhoneError("denied"));
      });
    });
    done.catch(() => undefined); // a recording that never began is reported by the refusal
    manager.onStart(() => started({ done, stop: () => manager.stop() }));
    manager.start({ duration: longestVoice * 1000, format: "mp3", sampleRate: 16_000, numberOfChannels: 1, encodeBitRate: 48_000 });
  });
}

export function where(): Promise<Point> {
  return new Promise((resolve, reject) => {
    uni.chooseLocation({
      success: (p) => resolve({ lat: p.latitude, lng: p.longitude, coord: "gcj02", name: p.name || p.address }),
      fail: (e: { errMsg?: string }) => reject(new PhoneError(/cancel/.test(e.errMsg ?? "") ? "cancelled" : "denied")),
    });
  });
}

/** False: the platform speaks only by a plugin that each account must add. Its screen reader reads every text. */
export const canSpeak = false;

export function speak(_text: string, ended: () => void): void {
  ended();
}

export function hush(): void {
  return undefined;
}

/** Asks for consent to at most three templates (the platform's limit is five). It must be called within a tap. */
export function subscribe(templates: string[], _openid: string): Promise<Consent[]> {
  return new Promise((resolve, reject) => {
    wx.requestSubscribeMessage({
      tmplIds: templates,
      success: (r) => {
        const answers = r as unknown as Record<string, string>;
        resolve(templates.flatMap((template_id): Consent[] => {
          const a = answers[template_id];
          return a === "accept" || a === "reject" ? [{ template_id, result: a }] : [];
        }));
      },
      fail: () => reject(new PhoneError("denied")),
    });
  });
}

export async function shareText(text: string): Promise<"shared" | "copied"> {
  await copy(text);
  return "copied";
}

export function copy(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.setClipboardData({ data: text, showToast: false, success: () => resolve(), fail: () => reject(new PhoneError("denied")) });
  });
}

/** Copies the text, because the phone cannot save text files. */
export function saveText(_name: string, text: string): Promise<void> {
  return copy(text);
}

/** Whether the phone's calendar can be written (2.15.0). */
export const hasCalendar = typeof wx.addPhoneCalendar === "function";

/** Puts an entry into the phone's calendar. It must be called within a tap. */
export function addToCalendar(e: CalendarEntry, _file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!wx.addPhoneCalendar) {
      reject(new PhoneError("unable"));
      return;
    }
    wx.addPhoneCalendar({
      title: e.title, startTime: e.from / 1000, endTime: String(e.to / 1000), location: e.where, description: e.notes,
      success: () => resolve(), fail: ({ errMsg }) => reject(new PhoneError(/cancel/.test(errMsg) ? "cancelled" : "denied")),
    });
  });
}

/** Adds nothing: a page of the mini program has no entries of its own. */
export function addHistoryEntry(back: () => void): () => void {
  return back;
}

/** False: the mini program signs in silently and needs no consent page. */
export const inWeChat = false;

export function cameBack(): { code: string; state: string } | undefined {
  return undefined;
}

export function leaveFor(_address: string): void {
  return undefined;
}

/** Reports the connection now and at each change. */
export function watchNet(tell: (up: boolean) => void): void {
  uni.getNetworkType({ success: (r) => tell(r.networkType !== "none") });
  uni.onNetworkStatusChange((r) => tell(r.isConnected));
}

export function setTitle(title: string): void {
  uni.setNavigationBarTitle({ title });
}

/** Does nothing: the platform has no focus that a page can give. */
export function focusOn(_selector: string): void {
  return undefined;
}

/**
 * Brings the first wrong field within what the selector finds into sight. The platform looks for the selector's own
 * element in the page's template alone, not in those of components, and within it everywhere. Its screen reader reads each
 * fault as it appears.
 */
export function focusError(selector: string): void {
  uni.pageScrollTo({ selector: `${selector} >>> .ui-error`, offsetTop: -120, duration: 200, fail: () => undefined } as UniApp.PageScrollToOptions);
}

export function setLanguage(_lang: string): void {
  return undefined;
}

/** Sets the function that the platform calls before the first use of personal data (wx.onNeedPrivacyAuthorization, 2.32.3). */
export function watchPrivacy(ask: (agreed: () => void, refused: () => void) => void): void {
  if (typeof wx.onNeedPrivacyAuthorization !== "function") return;
  wx.onNeedPrivacyAuthorization((resolve) => {
    ask(
      () => resolve({ buttonId: "agree-privacy", event: "agree" }),
      () => resolve({ event: "disagree" }),
    );
  });
}

export { longestVoice, PhoneError, type CalendarEntry, type Consent, type Hold, type Point, type Recorder, type Recording, type Sending } from "./types";
