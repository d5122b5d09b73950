import type { BrowserContext, Page } from "@playwright/test";
import { file, type Filed, type Server } from "./support";

declare global {
  interface Window {
    /** When a sound of the alarm began or ended, by the clock of the computer. */
    sounds: { what: "start" | "stop"; at: number }[];
    alerts: string[];
  }
}

/** Keeps the sounds, and what is said to a screen reader, where a test can look. */
export async function listen(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    // A driven browser counts as used from the start.
    Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: false, isActive: false } });
    window.sounds = [];
    window.alerts = [];
    const { start, stop } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function (...args: []) {
      window.sounds.push({ what: "start", at: Date.now() });
      start.apply(this, args);
    };
    AudioBufferSourceNode.prototype.stop = function (...args: []) {
      window.sounds.push({ what: "stop", at: Date.now() });
      stop.apply(this, args);
    };
    document.addEventListener("DOMContentLoaded", () =>
      new MutationObserver((list) => {
        for (const m of list) {
          const changed = m.type === "childList" ? [...m.addedNodes, m.target] : [m.target];
          for (const node of changed) {
            const alert = (node instanceof Element ? node : node.parentElement)?.closest('[role="alert"]');
            if (alert?.textContent) window.alerts.push(alert.textContent);
          }
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true }),
    );
  });
}

export const bar = (page: Page) => page.getByRole("region", { name: "险情", exact: true });
export const sounding = (page: Page): Promise<boolean> => page.evaluate(() => window.sounds.at(-1)?.what === "start");

export function danger(page: Page, server: Server, who: string, text: string): Promise<Filed> {
  const place = server.cast.codes.find((c) => c.kind === "place")!;
  return file(page.request, server, who, { kind: "help", scene: place.key, text, contact: { phone: "13800138000" } });
}
