import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect } from "./support";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** Returns the serious and critical findings of axe-core. */
export async function findings(page: Page): Promise<string[]> {
  // Elements that fade in have no final colours yet.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((a) => a.effect?.getTiming().iterations !== Infinity)
        .map((a) => a.finished.catch(() => undefined)),
    ),
  );
  // The console's policy lets no inline script in; what a test brings is none of a page's.
  await page.evaluate(await (await import("node:fs/promises")).readFile(axe, "utf8"));
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (o: unknown) => Promise<{ violations: Finding[] }> } }).axe.run;
    return (await run({ resultTypes: ["violations"] })).violations;
  });
  return found
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
}

/** Fails on any serious finding. */
export async function accessible(page: Page): Promise<void> {
  expect(await findings(page)).toEqual([]);
}
