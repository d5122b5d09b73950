import { describe, expect, it } from "vitest";
import { conditions, empty, fromAddress, fromSaved, toAddress, toParams, toSaved } from "@/pages/matters/query";
import { dueWords, shownFlags } from "@/pages/matters/words";

const full = { ...empty(), state: ["open"], flag: ["danger", "untold"], member: "m1", due: "soon", from: "2026-07-01", q: " 张三 停车 " };

describe("the filter of the list", () => {
  it("keeps what is searched for out of the address", () => {
    expect(toAddress(full)).toEqual({ state: "open", flag: "danger,untold", member: "m1", due: "soon", from: "2026-07-01" });
  });
  it("comes back from the address, and from a name it was kept under", () => {
    expect(fromAddress(toAddress(full), full.q)).toEqual(full);
    expect(fromSaved(toSaved(full))).toEqual({ ...full, q: "张三 停车" });
    expect(toSaved(full)).toMatch(/^[A-Za-z0-9_=&%,.+~*-]+$/);
    expect(fromAddress({ state: ["a", "b"], other: "x", kind: "" }, "")).toEqual(empty());
  });
  it("asks the server for all of it", () => {
    expect(toParams(full)).toMatchObject({ state: "open", q: "张三 停车" });
    expect(toParams(empty())).toEqual({});
  });
  it("counts what narrows beside state and order", () => {
    expect(conditions({ ...full, sort: "due" })).toBe(4);
    expect(conditions({ ...empty(), state: ["open"] })).toBe(0);
  });
});

describe("a row in words", () => {
  const now = new Date("2026-07-15T12:00:00+08:00");
  const row = (state: string, due: string, more = {}) => dueWords({ state, due_at: due, ...more } as never, now);
  it("says how its deadline stands", () => {
    expect(row("assigned", "2026-07-13T11:00:00+08:00")).toEqual({ text: "超期 2 天", press: "late" });
    expect(row("pooled", "2026-07-15T17:30:00+08:00")).toEqual({ text: "今天 17:30 前", press: "near" });
    expect(row("accepted", "2026-07-20T18:00:00+08:00")).toEqual({ text: "7月20日 18:00 前", press: "" });
    expect(row("waiting", "2026-07-13T11:00:00+08:00").text).toBe("暂停计时");
    expect(row("accepted", "2026-07-13T11:00:00+08:00", { lead: "x" }).press).toBe("");
    expect(row("closed", "2026-07-13T11:00:00+08:00", { closed_at: "2026-07-14T09:00:00+08:00" }).text).toBe("昨天 09:00");
  });
  it("leaves out what says less than another", () => {
    expect(shownFlags(["alarm", "danger", "untold"])).toEqual(["alarm", "untold"]);
    expect(shownFlags(["danger"])).toEqual(["danger"]);
  });
});
