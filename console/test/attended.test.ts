import { expect, test } from "vitest";
import { attend, touch, unattended } from "../src/api/attended";

test("nobody is there two minutes after the last touch", () => {
  touch(1_000);
  expect(unattended("/api/v1/station/now", 121_000)).toBe(false);
  expect(unattended("/api/v1/station/now", 121_001)).toBe(true);
  expect(unattended("http://127.0.0.1:1/api/v1/station/screen", 10_000_000)).toBe(false);
  const page = new EventTarget();
  attend(page);
  page.dispatchEvent(new Event("keydown"));
  expect(unattended("/api/v1/station/now")).toBe(false);
});
