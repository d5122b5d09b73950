import { reactive } from "vue";
import { finds } from "@/base/fold";
import { api, unwrap, type Schemas } from "@/api/client";

export type Code = Schemas["KeptCode"];
export type Kind = Code["kind"];
export type Template = Schemas["SignOrder"]["template"];

export const kinds: { value: Kind; label: string }[] = [
  { value: "member", label: "委员" }, { value: "room", label: "议事室" }, { value: "place", label: "场所" }, { value: "station", label: "工作站" },
  { value: "reception", label: "接待日" },
];

export function kindName(kind: Kind): string {
  return kinds.find((k) => k.value === kind)?.label ?? kind;
}

/** The codes picked in the list, shared by both pages. */
export const picked = reactive<{ keys: string[] }>({ keys: [] });

// A station has a code for each member, room and place: some hundreds.
const maxPages = 30;

/** Loads all codes of the station, newest first. */
export async function allCodes(): Promise<Code[]> {
  const list: Code[] = [];
  let cursor = "";
  for (let i = 0; i < maxPages; i += 1) {
    const page = await unwrap(api.GET("/api/v1/codes", { params: { query: { limit: 100, cursor } } }));
    list.push(...page.items);
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return list;
}

export type State = "used" | "revoked" | "idle" | "lost" | "all";
export type Order = "new" | "scans" | "filed" | "name";

export interface Filter {
  q: string;
  kind: Kind | "all";
  state: State;
  order: Order;
}

/** Reports whether a code is in use but was not scanned in thirty days. */
export function idle(c: Code): boolean {
  return !c.revoked && c.scans_30d === 0;
}

function fits(c: Code, state: State): boolean {
  switch (state) {
    case "used":
      return !c.revoked;
    case "revoked":
      return c.revoked;
    case "idle":
      return idle(c);
    case "lost":
      return c.lost === true && !c.revoked;
    case "all":
      return true;
  }
}

const comparators: Record<Order, (a: Code, b: Code) => number> = {
  new: (a, b) => b.created_at.localeCompare(a.created_at),
  scans: (a, b) => b.scans_30d - a.scans_30d || b.scans_total - a.scans_total,
  filed: (a, b) => b.filed_total - a.filed_total,
  name: (a, b) => a.name.localeCompare(b.name, "zh-CN"),
};

/** Filters and sorts the list. */
export function shown(list: Code[], f: Filter): Code[] {
  return list
    .filter((c) => (f.kind === "all" || c.kind === f.kind) && fits(c, f.state))
    .filter((c) => finds(f.q, c.name, c.village ?? "", c.key))
    .sort((a, b) => comparators[f.order](a, b) || a.key.localeCompare(b.key));
}

export interface Sums {
  used: number;
  scans: number;
  filed: number;
  idle: number;
  lost: number;
}

export function sums(list: Code[]): Sums {
  const used = list.filter((c) => !c.revoked);
  return {
    used: used.length, idle: used.filter(idle).length, lost: used.filter((c) => c.lost).length,
    scans: list.reduce((n, c) => n + c.scans_30d, 0), filed: list.reduce((n, c) => n + c.filed_total, 0),
  };
}

/** The styles of signs. A code is read from ten times its side: far says from where. */
export const templates: { value: Template; name: string; size: string; far: string; use: string }[] = [
  { value: "door", name: "门牌", size: "A5", far: "半米内能扫", use: "贴在委员门口、议事室门口。姓名大、码大。" },
  { value: "notice", name: "公示牌", size: "A4，一张最多 9 个", far: "走近了扫", use: "一个村的委员都在一张上，各有各的码。贴在村委会、超市。" },
  { value: "table", name: "桌牌", size: "A5 对折", far: "半米内能扫", use: "饭店、农家乐的桌上。两面都能扫。" },
  { value: "sheet", name: "大牌", size: "A4", far: "七八十厘米能扫", use: "路口、景区门口、办事大厅的墙上。" },
  { value: "poster", name: "海报", size: "A3", far: "一米半外也能扫，要选普通二维码", use: "码头、站台、广场，隔着栏杆、排着队也扫得到。" },
  { value: "sticker", name: "贴纸", size: "A6", far: "半米内能扫", use: "柜台、车上、村里的宣传栏，地方小也贴得下。" },
];

/** How many pages of a style lie on one A4 with crop marks; 1 for those that are not cut. */
export const onSheet = (t: Template): number => ({ door: 2, table: 2, sticker: 4 } as Partial<Record<Template, number>>)[t] ?? 1;

/** The maximum number of characters of a headline (docs/api.md). */
export const maxHeadline = 10;
