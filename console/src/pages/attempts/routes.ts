import { Warning } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/attempts", component: () => import("./Attempts.vue"), meta: { title: "异常访问", icon: Warning, order: 85, roles: ["admin"] } },
] satisfies RouteRecordRaw[];
