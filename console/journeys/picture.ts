import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";

const folder = process.env.SCREENS ?? "";
if (folder) mkdirSync(folder, { recursive: true });

/** Keeps a picture of the page where SCREENS names a folder (make screens). */
export async function picture(page: Page, name: string): Promise<void> {
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}
