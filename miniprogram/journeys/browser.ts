import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The browser of the system: CHROMIUM, or the first of that name in PATH. */
export function chromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, "chromium");
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  throw new Error("no chromium: install it (make setup), or name one in CHROMIUM");
}

/** Flags of a browser without a window that makes no requests of its own. */
export const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
