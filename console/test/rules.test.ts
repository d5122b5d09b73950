import { describe, expect, it } from "vitest";
import { changes, draftOf, dutyMinutes, hours, presetOf, presets, rulesOf, weights, type InForce } from "@/pages/routing/rules";

function inForce(change: Partial<InForce> = {}): InForce {
  return {
    version: 3, categories: [], places: [],
    default_weights: Object.fromEntries(weights.map((w, i) => [w.key, 10 * i])), default_capacity: 20,
    default_terms: { first_minutes: 30, days: { inquiry: 1, help: 3, complaint: 5, suggestion: 5, dispute: 5 }, traveller_hours: 24, duty: "08:30-12:00 14:30-18:00", traveller_duty: "08:00-21:00" },
    can_undo: false,
    choices: {
      categories: [{ key: "road", name: "道路交通", sectors: ["经济"], squads: [] }], places: [{ id: "p1", name: "码头", rooms: ["r1"] }],
      rooms: [{ id: "r1", name: "河口室" }, { id: "r2", name: "龙湾室" }], sectors: ["经济", "农业"], squads: [{ id: "q1", name: "交通专班" }],
      heads: [{ id: "l1", name: "孙联络" }],
    },
    ...change,
  };
}

describe("rules in a form", () => {
  it("come back as they were, without what is as by default", () => {
    const r = inForce({ weights: { duty: 99 }, capacity: 7, terms: { days: { help: 2 } }, words: { road: ["坑"] }, categories: [{ category: "road", sectors: ["农业"], squads: ["q1"] }] });
    const d = draftOf(r);
    expect(changes(d, r)).toEqual([]);
    expect(rulesOf(d, r)).toEqual({
      version: 3, categories: r.categories, places: [], weights: { duty: 99 }, capacity: 7, words: { road: ["坑"] }, terms: { days: { help: 2 } },
    });
    expect(rulesOf(draftOf(inForce()), inForce())).toEqual({ version: 3, categories: [], places: [] });
  });

  it("say each change in a sentence", () => {
    const r = inForce({ words: { road: ["坑", "桥"] } });
    const d = draftOf(r);
    d.categories.push({ category: "road", sectors: ["农业"], squads: ["q1"] });
    d.places.push({ place: "p1", rooms: [] });
    d.weights.duty = 500;
    d.words.road = ["坑", "灯"];
    d.terms.days.help = 2;
    d.terms.head = "l1";
    expect(changes(d, r)).toEqual([
      "道路交通：由 按名册 改为 农业、交通专班", "场所“码头”：由 按所在村 改为 无人", "分值“正在值班”：60 改为 500",
      "道路交通增加提示词：灯", "道路交通删去提示词：桥", "求助的办理期限（工作日）：3 改为 2", "站长：未指定 改为 孙联络",
    ]);
    expect(rulesOf(d, r).weights).toEqual({ duty: 500 });
  });

  it("know their preset", () => {
    const r = inForce();
    for (const p of presets) expect(presetOf({ ...r.default_weights, ...p.weights }, r.default_weights)).toBe(p.key);
    expect(presetOf({ ...r.default_weights, duty: 1 }, r.default_weights)).toBe("");
  });
});

describe("duty hours", () => {
  it.each([
    ["08:30-12:00 14:30-18:00", 420], ["00:00-24:00", 1440], ["08:00-21:00", 780], ["", null], ["8:00-12:00", null],
    ["12:00-08:00", null], ["08:00-12:00 12:00-13:00", null], ["08:00-25:00", null],
  ])("%s lasts %s", (text, want) => expect(dutyMinutes(text)).toBe(want));
  it("are said", () => expect([hours(420), hours(450), hours(30)]).toEqual(["7 小时", "7 小时 30 分钟", "30 分钟"]));
});
