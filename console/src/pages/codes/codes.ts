import { reactive } from "vue";
import { finds } from "@/base/fold";
import { api, unwrap, type Schemas } from "@/api/client";

export type Code = Schemas["KeptCode"];
export type Kind = Code["kind"];
export type Template = Schemas["SignOrder"]["template"];

export const kinds: { value: Kind; label: string }[] = [
  { value: "member", label: "委员" }, { value: "room", label: "议事室" }, { value: "place", label: "场所" }, { value: "station", label: "工作站" },
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

export const templates: { value: Template; name: string; size: string; use: string }[] = [
  { value: "door", name: "门牌", size: "A5", use: "贴在委员门口、议事室门口。姓名大、码大。" },
  { value: "notice", name: "公示牌", size: "A4，一张最多 9 个", use: "一个村的委员都在一张上，各有各的码。贴在村委会、超市。" },
  { value: "table", name: "桌牌", size: "A5 对折", use: "饭店、农家乐的桌上。两面都能扫。" },
  { value: "sheet", name: "大牌", size: "A4", use: "路口、码头、景区，远处也看得见。" },
];
