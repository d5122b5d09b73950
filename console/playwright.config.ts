import { defineConfig } from "@playwright/test";
import { chromium, flags } from "../miniprogram/journeys/browser";

// The journeys run on the real binary with its own Redis and the emulated
// platform; journeys/support.ts starts one for each worker.
export default defineConfig({
  testDir: "journeys",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  // These end what hangs and judge no speed: a slow or busy machine runs a
  // correct tree to its end.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  // A second try tells a fault from bad luck. What passes only then is
  // reported as flaky and is a fault of its own.
  retries: 1,
  reporter: [["list"]],
  use: {
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: "reduce" },
    // What is not there to be pressed is named before the whole journey ends.
    actionTimeout: 120_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium(),
      args: flags,
    },
  },
});
