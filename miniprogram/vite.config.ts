import { fileURLToPath } from "node:url";
import plugin from "@dcloudio/vite-plugin-uni";
import { defineConfig } from "vite";

// The plugin is CommonJS: under "type": "module" its default export is wrapped.
const uni = (plugin as unknown as { default?: typeof plugin }).default ?? plugin;

/** What nearly every page stands on is one file in a browser: on a slow line each file costs a trip. */
const shared = /\/src\/(api|base|i18n|logic|platform|state)\//;

/** What a visitor's pages of reception days have in common; pages without any load nothing of it. */
const receiving = /\/src\/reception\/(?!duty|words\.members)/;

const chunkOf = (id: string): string | undefined => (shared.test(id) ? "shared" : receiving.test(id) ? "reception" : undefined);

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [uni()],
  resolve: {
    alias: [
      // What the phone can do is one file for each platform; nothing else asks where it runs.
      { find: "#phone", replacement: here(process.env.UNI_PLATFORM === "mp-weixin" ? "./src/platform/weixin.ts" : "./src/platform/h5.ts") },
    ],
  },
  build: {
    target: "es2019", sourcemap: false,
    ...(process.env.UNI_PLATFORM === "mp-weixin" ? {} : { rollupOptions: { output: { manualChunks: chunkOf } } }),
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080", "/_emulator": "http://127.0.0.1:8080" } },
});
