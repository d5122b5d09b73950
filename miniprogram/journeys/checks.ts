import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
  id: string;
  impact: string | null;
  nodes: { html: string }[];
}

/** Returns the serious and critical findings of axe-core. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe); // a script tag would be stopped by the pages' own policy
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (o: object) => Promise<{ violations: Finding[] }> } }).axe.run;
    return (await run({ resultTypes: ["violations"] })).violations;
  });
  return found.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" | ")}`);
}

/** Finds buttons that are too small to tap: under 44 px, main ones under 60. */
export function small(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, a[href], label.ui-option, label.ui-toggle")]
      .filter((e) => e.offsetParent !== null)
      .filter((e) => e.getBoundingClientRect().height < (e.classList.contains("main") ? 60 : 44))
      .map((e) => `${e.textContent} ${e.getBoundingClientRect().height}px`),
  );
}

/** Finds text under 18 px, which old people cannot read. */
export function tiny(page: Page, least: number): Promise<string[]> {
  return page.evaluate((px) => {
    const list: string[] = [];
    const walk = document.createTreeWalker(document.querySelector(".page")!, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const e = n.parentElement!;
      if (n.textContent?.trim() && e.offsetParent !== null && parseFloat(getComputedStyle(e).fontSize) < px) list.push(`${n.textContent} ${getComputedStyle(e).fontSize}`);
    }
    return list;
  }, least);
}

/** Reports whether the page scrolls sideways. */
export function wide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
