import { describe, expect, it } from "vitest";
import { shown, sums, type Code, type Filter } from "@/pages/codes/codes";

function code(key: string, change: Partial<Code> = {}): Code {
  return {
    key, kind: "member", name: `委员${key}`, village: "柳湾村", target: { kind: "member", id: key, name: `委员${key}` }, revoked: false,
    url: `https://example.cn/q/${key}`, created_at: `2026-05-0${key.length}T00:00:00+08:00`, scans_30d: 0, scans_total: 0, filed_total: 0, ...change,
  };
}

const list = [
  code("a", { scans_30d: 3, scans_total: 9, filed_total: 2 }), code("bb", { kind: "place", name: "码头", village: "上渡村" }),
  code("ccc", { revoked: true, scans_30d: 5 }), code("dddd", { lost: true, scans_30d: 1, filed_total: 4 }),
];
const any: Filter = { q: "", kind: "all", state: "all", order: "new" };

function keys(f: Partial<Filter>): string {
  return shown(list, { ...any, ...f }).map((c) => c.key).join(" ");
}

describe("the list of codes", () => {
  it("has the newest first", () => expect(keys({})).toBe("dddd ccc bb a"));
  it("is narrowed by state", () => {
    expect(keys({ state: "used" })).toBe("dddd bb a");
    expect(keys({ state: "revoked" })).toBe("ccc");
    expect(keys({ state: "idle" })).toBe("bb");
    expect(keys({ state: "lost" })).toBe("dddd");
  });
  it("is narrowed by kind and words", () => {
    expect(keys({ kind: "place" })).toBe("bb");
    expect(keys({ q: " 上渡 " })).toBe("bb");
    expect(keys({ q: "CCC" })).toBe("ccc");
    expect(keys({ q: "没有" })).toBe("");
  });
  it("is ordered by use", () => {
    expect(keys({ order: "scans" })).toBe("ccc a dddd bb");
    expect(keys({ order: "filed" })).toBe("dddd a bb ccc");
  });
  it("is summed up, what is out of use only by its scans", () => expect(sums(list)).toEqual({ used: 3, scans: 9, filed: 6, idle: 1, lost: 1 }));
});
