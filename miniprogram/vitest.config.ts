import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: "#phone", replacement: here("./test/phone.ts") },
      { find: "@", replacement: here("./src") },
    ],
  },
  // The timeout ends what hangs and judges no speed.
  test: { include: ["test/**/*.test.ts"], testTimeout: 120_000 },
});
