import type { Locator, Page } from "@playwright/test";

/** Words with two hundred marks piled on some of their letters: they would be drawn over whatever is above and below. */
export const pile = `q${"\u0315\u0301\u0306\u0344\u0307\u030d\u0311\u0308\u0352\u0346".repeat(10)}路牌q${"\u0316\u0324\u0326\u0333\u0331\u0318\u0320\u0347\u0323\u0348".repeat(10)}坏了`;

/** “The road is broken, please mend it soon.” in Uyghur, written from right to left. */
export const uyghur = "يول بۇزۇلۇپ كەتتى، تېز ئوڭشاپ بەرسەڭلار.";

/** Counts the coloured pixels of an element's words inside its box (plus two pixels) and outside. */
export async function ink(page: Page, words: Locator): Promise<{ inside: number; outside: number }> {
  await words.scrollIntoViewIfNeeded();
  const box = await words.boundingBox();
  if (!box) throw new Error("the words are not shown");
  const shot = async (): Promise<string> => (await page.screenshot({ animations: "disabled" })).toString("base64");
  const seen = await shot();
  await words.evaluate((e) => ((e as HTMLElement).style.visibility = "hidden"));
  const hidden = await shot();
  await words.evaluate((e) => ((e as HTMLElement).style.visibility = ""));
  return page.evaluate(
    async ({ seen, hidden, box }) => {
      const pixels = async (png: string): Promise<ImageData> => {
        const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))], { type: "image/png" }));
        const on = new OffscreenCanvas(picture.width, picture.height).getContext("2d")!;
        on.drawImage(picture, 0, 0);
        return on.getImageData(0, 0, picture.width, picture.height);
      };
      const [a, b] = [await pixels(seen), await pixels(hidden)];
      const count = { inside: 0, outside: 0 };
      for (let i = 0; i < a.data.length; i += 4) {
        // The edges of round corners are drawn a shade differently each time.
        if ([0, 1, 2].every((k) => Math.abs(a.data[i + k]! - b.data[i + k]!) < 40)) continue;
        const [x, y] = [(i / 4) % a.width, Math.floor(i / 4 / a.width)];
        const is = x >= box.x - 3 && x < box.x + box.width + 3 && y >= box.y - 3 && y < box.y + box.height + 3;
        count[is ? "inside" : "outside"] += 1;
      }
      return count;
    },
    { seen, hidden, box },
  );
}

/** The direction in which the words are set. */
export const direction = (words: Locator): Promise<string> => words.evaluate((e) => getComputedStyle(e).direction);
