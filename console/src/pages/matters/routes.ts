import { Files } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/matters", name: "matters", component: () => import("./Matters.vue"), meta: { title: "诉求", icon: Files, order: 20 } },
] satisfies RouteRecordRaw[];
