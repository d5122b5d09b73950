import { expect, test } from "vitest";
import { setAlarmCount, setTitle, titleOf } from "@/state/title";

test("the tab is named after what it shows, behind the alarms", () => {
  expect(titleOf("诉求", 0)).toBe("诉求 · 码上");
  expect(titleOf("诉求", 12)).toBe("(12) 险情 · 诉求 · 码上");
});

test("an alarm is in the icon while it lasts, whatever page is opened", () => {
  document.head.innerHTML = '<link rel="icon" href="/console/icon.svg">';
  const icon = (): string | null | undefined => document.querySelector('link[rel="icon"]')?.getAttribute("href");
  setTitle("诉求");
  setAlarmCount(2);
  expect(document.title).toBe("(2) 险情 · 诉求 · 码上");
  expect(icon()).toMatch(/icon-alarm\.svg$/);
  setTitle("261201-0001");
  expect(document.title).toBe("(2) 险情 · 261201-0001 · 码上");
  setAlarmCount(0);
  expect(document.title).toBe("261201-0001 · 码上");
  expect(icon()).toMatch(/\/icon\.svg$/);
});
