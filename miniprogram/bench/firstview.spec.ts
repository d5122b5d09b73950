import { expect, memberCode, test } from "../journeys/support";
import { cpu, median, rounds, slow } from "./slow";

// The first view of a scanned page on a cheap phone and a slow line: bytes over
// the wire, until it is readable, until it can be used; in turns with the page
// behind the code, which is one file without a script, as the baseline.

interface View {
  bytes: number;
  readable: number;
  usable: number;
}

test("first view", async ({ browser, server }) => {
  const m = memberCode(server, 3);
  const view = async (path: string, usable: string): Promise<View> => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, baseURL: server.url });
    const page = await context.newPage();
    const cdp = await slow(page);
    await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    cdp.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
    await page.addInitScript((name) => {
      const marks = window as unknown as { readable: number };
      const look = (): void => {
        const h1 = document.querySelector("h1");
        if (h1?.textContent?.includes(name) && h1.getBoundingClientRect().height > 0) marks.readable = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, m.name);
    await page.goto(path, { waitUntil: "commit" });
    await page.waitForSelector(usable);
    const used = await page.evaluate(() => performance.now());
    const readable = await page.evaluate(() => (window as unknown as { readable: number }).readable);
    await page.waitForLoadState("networkidle");
    await context.close();
    return { bytes, readable, usable: used };
  };
  const client: View[] = [];
  const plain: View[] = [];
  for (let i = 0; i < rounds; i++) {
    client.push(await view(`/m/pages/scan/index?key=${m.key}`, "button.main"));
    plain.push(await view(`/q/${m.key}`, "a.call"));
  }
  const row = (name: string, list: View[]): string =>
    `${name}: ${(median(list.map((v) => v.bytes)) / 1024).toFixed(0)} KB, readable ${median(list.map((v) => v.readable)).toFixed(0)} ms, usable ${median(list.map((v) => v.usable)).toFixed(0)} ms`;
  process.stdout.write(`slow 3G (400 kbit/s, 400 ms), CPU 1/${cpu}, medians of ${rounds}\n${row("scan page of the client", client)}\n${row("page behind the code, no script", plain)}\n`);
  process.stdout.write(`readable, client to plain: ${(median(client.map((v) => v.readable)) / median(plain.map((v) => v.readable))).toFixed(2)}\n`);
  expect(client).toHaveLength(rounds);
});
