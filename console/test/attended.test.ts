import { expect, test } from "vitest";
import { watchInput, noteInput, isUnattended } from "../src/api/attended";

test("nobody is there two minutes after the last touch", () => {
  noteInput(1_000);
  expect(isUnattended("/api/v1/station/now", 121_000)).toBe(false);
  expect(isUnattended("/api/v1/station/now", 121_001)).toBe(true);
  expect(isUnattended("http://127.0.0.1:1/api/v1/station/screen", 10_000_000)).toBe(false);
  const page = new EventTarget();
  watchInput(page);
  page.dispatchEvent(new Event("keydown"));
  expect(isUnattended("/api/v1/station/now")).toBe(false);
});
