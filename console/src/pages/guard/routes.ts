import { Lock } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/guard", component: () => import("./Guard.vue"), meta: { title: "查看与导出", icon: Lock, order: 82, roles: ["liaison", "admin"] } },
] satisfies RouteRecordRaw[];
