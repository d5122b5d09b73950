import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { marks, table, taken } from "../scripts/privacy.mjs";

// The checks that a phone makes of the built package, beside its code.

const root = resolve(import.meta.dirname, "..");
const built = join(root, "dist/build/mp-weixin");
const text = (path: string): string => readFileSync(join(root, path), "utf8");

describe("the privacy list", () => {
  it("is what the package takes, in the doctor's list and in the guide", () => {
    const list = taken(built);
    expect(JSON.parse(text("privacy.json")), "run: npm run privacy").toEqual(list);
    const guide = text("../docs/wechat-setup.md");
    expect(guide.slice(guide.indexOf(marks.begin) + marks.begin.length, guide.indexOf(marks.end)), "run: npm run privacy").toBe(table(list));
  });

  it.each([
    ["a call that nobody declared", "pages/me/index.js", "wx.getLocation({})", /wx\.getLocation/],
    ["a component", "pages/me/index.wxml", "<camera />", /camera/],
    ["somebody's name", "pages/me/index.wxml", '<input type="nickname">', /昵称/],
  ])("does not pass %s", (_, file, more, words) => {
    const copy = mkdtempSync(join(tmpdir(), "mashang-privacy-"));
    cpSync(built, copy, { recursive: true });
    writeFileSync(join(copy, file), `${readFileSync(join(copy, file), "utf8")}\n${more}`);
    expect(() => taken(copy)).toThrow(words);
  });

  it("lacks what the package no longer uses", () => {
    const copy = mkdtempSync(join(tmpdir(), "mashang-privacy-"));
    cpSync(built, copy, { recursive: true });
    const file = join(copy, "platform/weixin.js");
    writeFileSync(file, readFileSync(file, "utf8").split("setClipboardData").join("another"));
    expect(taken(copy).map((k) => k.what)).not.toContain("剪切板");
  });
});

it("may not be indexed", () => {
  const app = JSON.parse(text("dist/build/mp-weixin/app.json")) as { sitemapLocation: string };
  expect(JSON.parse(text(join("dist/build/mp-weixin", app.sitemapLocation)))).toMatchObject({ rules: [{ action: "disallow", page: "*" }] });
});

describe("the chat", () => {
  it("can be opened from the pages that the server and the emulated phone know", () => {
    const holding = (page: string): boolean => /contact/i.test(readFileSync(join(built, `${page}.json`), "utf8"));
    const pages = (JSON.parse(text("dist/build/mp-weixin/app.json")) as { pages: string[] }).pages.filter(holding);
    const go = text("../wechat/pages.go");
    const named = /ContactPages = \[\]string\{([^}]*)\}/.exec(go)?.[1] ?? "";
    const known = named.split(",").map((n) => n.trim()).map((n) => (n.startsWith('"') ? n.slice(1, -1) : new RegExp(`${n}\\s*= "([^"]+)"`).exec(go)?.[1] ?? n));
    expect(pages.sort()).toEqual(known.sort());
  });

  it("shows a card of its own, so that WeChat takes no picture of the page", () => {
    const button = text("dist/build/mp-weixin/base/UiContact.wxml");
    for (const word of ['open-type="contact"', "session-from=", "show-message-card=", "send-message-title=", "send-message-path="]) expect(button).toContain(word);
    const image = /send-message-img="\/([^"]+)"/.exec(button)?.[1] ?? "";
    expect(readFileSync(join(built, image)).length).toBeGreaterThan(100);
  });

  it("is a button in a browser on an emulated phone alone", () => {
    const button = text("src/base/UiContact.vue");
    const inBrowsers = [...button.slice(button.indexOf("<template>")).matchAll(/<!-- #ifdef H5 -->([\s\S]*?)<!-- #endif -->/g)].map((m) => m[1]!.trim());
    expect(inBrowsers).toHaveLength(1);
    expect(inBrowsers[0]).toMatch(/^<UiButton v-if="phoneOwner" [^>]*\/>$/);
  });
});
