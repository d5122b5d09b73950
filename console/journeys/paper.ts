import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The text of a PDF as a reader sees it, page by page. */
export function printed(pdf: Buffer, keep = ""): string[] {
  const dir = mkdtempSync(join(tmpdir(), "paper-"));
  writeFileSync(join(dir, "x.pdf"), pdf);
  const text = execFileSync("pdftotext", ["-layout", join(dir, "x.pdf"), "-"]).toString();
  if (keep && process.env.PAPERS) execFileSync("pdftoppm", ["-r", "60", "-png", join(dir, "x.pdf"), join(process.env.PAPERS, keep)]);
  return text.split("\f").slice(0, -1);
}
