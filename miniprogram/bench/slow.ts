import type { CDPSession, Page } from "@playwright/test";

/** Slow 3G as WebPageTest has it: 400 kbit/s both ways, 400 ms there and back. */
const line = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
/** The processor is slowed down by this factor. */
export const cpu = 4;
/** Each view is measured so often. */
export const rounds = 5;

/** Puts a page on a cheap phone and a slow line. */
export async function slow(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", line);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  return cdp;
}

export function median(list: number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
}
