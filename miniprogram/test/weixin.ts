import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// The built mini program, run in miniprogram-simulate on a stub of wx: not
// WeChat, but its pages render, and a tap leads to the call it should.

/** A node of the simulated page. */
export interface Node {
  is: string;
  text: string;
  /** Attributes and properties as the page set them. */
  value: (name: string) => unknown;
  fire: (event: string, detail?: unknown) => void;
}

interface Exnode {
  $$?: { textContent: string };
  is?: string;
  tagName?: string;
  childNodes: Exnode[];
  shadowRoot?: Exnode;
  _vt?: { tagName: string; attrs: { name: string; value: unknown }[] };
  dataset?: unknown;
}

interface Simulated {
  attach: (to: Element) => void;
  detach: () => void;
  instance: { onLoad?: (query: object) => void; onShow?: () => void; onReady?: () => void; onUnload?: () => void } & Record<string, unknown>;
  _exparserNode: Exnode;
}

export interface Asked {
  url: string;
  method: string;
  data?: unknown;
  header: Record<string, string>;
}

type Answer = { status?: number; data?: unknown } | undefined;

const require = createRequire(import.meta.url);
const simulate = require("miniprogram-simulate") as { load: (path: string, options: object) => string; render: (id: string) => Simulated };
const exparser = createRequire(require.resolve("j-component"))("miniprogram-exparser") as {
  Event: { create: (name: string, detail: unknown, options: object) => unknown; dispatchEvent: (to: Exnode, event: unknown) => void };
};

// The simulation lets a loop's item take the place of the page's value of the
// same name once the loop has ended; the platform does not.
interface Drawn {
  statement: { forItem?: string; forIndex?: string };
  generate: (options: { data: Record<string, unknown> }) => unknown;
}
const { prototype: drawn } = createRequire(require.resolve("j-component"))("./src/template/virtualnode") as { prototype: Drawn };
const generate = drawn.generate;
drawn.generate = function (options) {
  const { forItem, forIndex } = this.statement;
  const { data } = options;
  if (!data || !forItem || !forIndex) return generate.call(this, options);
  const item = data[forItem];
  const index = data[forIndex];
  const made = generate.call(this, options);
  data[forItem] = item;
  data[forIndex] = index;
  return made;
};

export const source = resolve(import.meta.dirname, "../dist/build/mp-weixin");

// Under "type": "module" a .js file is no CommonJS; elsewhere it is.
const built = mkdtempSync(join(tmpdir(), "mashang-weixin-"));
cpSync(source, built, { recursive: true });
writeFileSync(join(built, "package.json"), "{}");

// The simulation takes the names of handlers as they stand; ours are made when
// a page is drawn. Each is therefore noted as data beside its event, and one
// method of every component calls the handler that is noted.
const events = new Set<string>();
for (const name of readdirSync(built, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".wxml"))) {
  const path = join(built, name);
  const text = readFileSync(path, "utf8").replace(/(bind|catch):?(\w+)="(\{\{[^"]+\}\})"/g, (_, how: string, event: string, handler: string) => {
    events.add(event);
    return `${how}:${event}="fire_${event}" data-on${event}="${handler}"`;
  });
  writeFileSync(path, text);
}
type Handlers = Record<string, (this: Record<string, (e: unknown) => unknown>, e: { currentTarget: { dataset: Record<string, string> } }) => unknown>;
const firing: Handlers = {};
for (const event of events) {
  firing[`fire_${event}`] = function (e) {
    return this[e.currentTarget.dataset[`on${event.toLowerCase()}`] ?? ""]?.(e);
  };
}
const register = (globalThis as unknown as { Component: (o: { methods?: object }) => void }).Component;
(globalThis as unknown as { Component: unknown }).Component = (o: { methods?: object }) => register({ ...o, methods: { ...firing, ...o.methods } });

/** The calls of the platform that the pages made. */
export const platform = {
  asked: [] as Asked[],
  went: [] as string[],
  called: [] as { name: string; options: Record<string, unknown> }[],
  storage: new Map<string, unknown>(),
  /** The server's answers by "METHOD path". */
  answers: {} as Record<string, (r: Asked) => Answer>,
  logins: 0,
  /** The result of the camera's scan. */
  scanned: { path: "pages/scan/index?scene=scannedkey", result: "" },
};

/** Makes everything as at the first start of the app. */
export function reset(): void {
  (require(join(built, "api/client.js")) as { caller: { ended: () => void } }).caller.ended();
  platform.asked.length = platform.went.length = platform.called.length = 0;
  platform.storage.clear();
  platform.answers = {};
  platform.logins = 0;
  platform.scanned = { path: "pages/scan/index?scene=scannedkey", result: "" };
}

interface Options extends Record<string, unknown> {
  success?: (r: unknown) => void;
  fail?: (r: unknown) => void;
}

function noted(name: string, answer: unknown = {}): (o: Options) => void {
  return (options) => {
    platform.called.push({ name, options });
    options.success?.(answer);
  };
}

function went(o: Options): void {
  platform.went.push(String(o.url));
  o.success?.({});
}

const wx: Record<string, unknown> = {
  getSystemInfoSync: () => ({ language: "zh", platform: "android", SDKVersion: "3.8.0", windowWidth: 360, windowHeight: 740 }),
  getAppBaseInfo: () => ({ language: "zh", SDKVersion: "3.8.0", fontSizeScaleFactor: 1 }),
  getWindowInfo: () => ({ windowWidth: 360, windowHeight: 740 }),
  getDeviceInfo: () => ({ platform: "android" }),
  getLaunchOptionsSync: () => ({ path: "pages/scan/index", query: {} }),
  getEnterOptionsSync: () => ({}),
  onAppShow: () => undefined,
  onAppHide: () => undefined,
  canIUse: () => true,
  setStorage: () => undefined,
  getStorageSync: (k: string) => platform.storage.get(k) ?? "",
  setStorageSync: (k: string, v: unknown) => platform.storage.set(k, v),
  removeStorageSync: (k: string) => platform.storage.delete(k),
  getNetworkType: (o: Options) => o.success?.({ networkType: "wifi" }),
  onNetworkStatusChange: () => undefined,
  onNeedPrivacyAuthorization: () => undefined,
  getFileSystemManager: () => ({
    getSavedFileList: (o: Options) => o.success?.({ fileList: [] }),
    removeSavedFile: (o: Options) => o.success?.({}),
    access: (o: Options) => o.success?.({}),
  }),
  getStorageInfoSync: () => ({ keys: [...platform.storage.keys()] }),
  setNavigationBarTitle: () => undefined,
  stopPullDownRefresh: () => undefined,
  pageScrollTo: (o: Options) => {
    const [own = "", inner] = String(o.selector ?? "").split(" >>> ");
    const found = inside(shown, own, false).flatMap((n) => (inner ? inside(n, inner, true) : [n]));
    platform.called.push({ name: "pageScrollTo", options: { ...o, found: found.map((n) => n.$$?.textContent ?? "") } });
  },
  navigateTo: went,
  redirectTo: went,
  reLaunch: went,
  makePhoneCall: noted("makePhoneCall"),
  previewImage: noted("previewImage"),
  openLocation: noted("openLocation"),
  downloadFile: (o: Options) => o.success?.({ statusCode: 200, tempFilePath: `wxfile://${String(o.url).split("/uploads/")[1]}` }),
  setClipboardData: noted("setClipboardData"),
  scanCode: (o: Options) => {
    platform.called.push({ name: "scanCode", options: o });
    o.success?.(platform.scanned);
  },
  addPhoneCalendar: noted("addPhoneCalendar"),
  requestSubscribeMessage: noted("requestSubscribeMessage", { "template-1": "accept" }),
  login: (o: Options) => {
    platform.logins += 1;
    o.success?.({ code: `code-${platform.logins}` });
  },
  request: (o: Options) => {
    const r: Asked = { url: String(o.url), method: String(o.method ?? "GET"), data: typeof o.data === "string" && o.data ? JSON.parse(o.data) : o.data, header: o.header as Record<string, string> };
    platform.asked.push(r);
    const answer = platform.answers[`${r.method} ${r.url.split("?")[0]}`]?.(r);
    if (answer === undefined) o.fail?.({ errMsg: "request:fail" });
    else o.success?.({ statusCode: answer.status ?? 200, data: answer.data ?? {}, header: {} });
  },
};

const world = globalThis as unknown as Record<string, unknown>;
Object.assign(world, { wx, App: (o: unknown) => (world.app = o), Page: () => undefined, getApp: () => world.app ?? {}, getCurrentPages: () => [] });
require(join(built, "app.js"));
(world.app as { onLaunch?: (o: object) => void; onShow?: (o: object) => void }).onLaunch?.({ path: "pages/scan/index", query: {} });

function children(n: Exnode): Exnode[] {
  return [...(n.shadowRoot ? [n.shadowRoot] : []), ...(n.childNodes ?? [])];
}

/** The page that is shown. */
let shown: Exnode | undefined;

/**
 * Finds what an id or a class names within a node: in the template of the component that the node is of alone, as the
 * platform does, or with `across` in those of the components below too.
 */
function inside(n: Exnode | undefined, selector: string, across: boolean): Exnode[] {
  if (!n) return [];
  const attribute = selector.startsWith("#") ? "id" : "class";
  const named = (x: Exnode): boolean => x._vt?.attrs.some((a) => a.name === attribute && [a.value].flat().join(" ").split(" ").includes(selector.slice(1))) === true;
  const below = across ? children(n) : (n.childNodes ?? []);
  return below.flatMap((x) => [...(named(x) ? [x] : []), ...inside(x, selector, across)]);
}

export class Page {
  private constructor(private readonly simulated: Simulated) {}

  static async open(path: string, query: Record<string, string> = {}): Promise<Page> {
    const simulated = simulate.render(simulate.load(join(built, path), { rootPath: built, compiler: "simulate" }));
    simulated.attach(document.body);
    const page = new Page(simulated);
    shown = simulated._exparserNode.shadowRoot;
    simulated.instance.onLoad?.(query);
    simulated.instance.onShow?.();
    simulated.instance.onReady?.();
    await page.settled();
    return page;
  }

  close(): void {
    this.simulated.instance.onUnload?.();
    this.simulated.detach();
  }

  /** Waits until all requests are answered and rendered. */
  async settled(): Promise<void> {
    for (let quiet = 0, before = ""; quiet < 25; ) {
      await new Promise((next) => setTimeout(next, 4));
      const now = this.text;
      quiet = now === before ? quiet + 1 : 0;
      before = now;
    }
  }

  get text(): string {
    return document.body.textContent ?? "";
  }

  /** All nodes of a tag ("button"), outermost first. */
  all(tag: string): Node[] {
    const list: Node[] = [];
    const visit = (n: Exnode): void => {
      if (n._vt?.tagName === tag || n.is === tag) {
        list.push({
          is: tag,
          text: n.$$?.textContent ?? "",
          value: (name) => n._vt?.attrs.find((a) => a.name === name)?.value,
          fire: (event, detail = {}) => exparser.Event.dispatchEvent(n, exparser.Event.create(event, detail, { bubbles: true, capturePhase: true, composed: true })),
        });
      }
      children(n).forEach(visit);
    };
    visit(this.simulated._exparserNode);
    return list;
  }

  async tap(words: string): Promise<void> {
    const found = [...this.all("button"), ...this.all("view")].filter((n) => n.text.trim().startsWith(words));
    const node = found[0];
    if (!node) throw new Error(`nothing to tap is called ${words}:\n${this.text}`);
    node.fire("tap");
    await this.settled();
  }

  /** Chooses one among a few. */
  async choose(words: string): Promise<void> {
    const option = this.all("view").find((n) => n.value("aria-role") === "radio" && n.text.trim().startsWith(words));
    if (!option) throw new Error(`no choice is called ${words}:\n${this.text}`);
    option.fire("tap");
    await this.settled();
  }

  async write(label: string, text: string): Promise<void> {
    const field = [...this.all("textarea"), ...this.all("input")].find((n) => n.value("aria-label") === label);
    if (!field) throw new Error(`no field is called ${label}`);
    field.fire("input", { value: text });
    await this.settled();
  }
}

export function json(path: string): { pages: string[] } {
  return JSON.parse(readFileSync(join(source, path), "utf8")) as { pages: string[] };
}
