import { Tickets } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/audit", component: () => import("./Audit.vue"), meta: { title: "操作记录", icon: Tickets, order: 80, roles: ["liaison", "admin"] } },
] satisfies RouteRecordRaw[];
