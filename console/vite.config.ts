import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import components from "unplugin-vue-components/vite";
import { defineConfig } from "vite";

const api = process.env.MASHANG_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/console/",
  plugins: [
    vue(),
    // Only what is used of Element Plus is built in, its styles with it.
    components({ resolvers: [ElementPlusResolver()], dirs: [], dts: "src/components.d.ts" }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: { target: "es2022", chunkSizeWarningLimit: 800 },
  server: { proxy: { "/api": api, "/_emulator": api } },
});
