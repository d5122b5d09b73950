import { defineConfig } from "@playwright/test";
import journeys from "./playwright.config";

// What is measured is no test: make bench runs it, make test does not.
export default defineConfig({ ...journeys, testDir: "bench", outputDir: "test-results/bench", workers: 1, timeout: 300_000 });
