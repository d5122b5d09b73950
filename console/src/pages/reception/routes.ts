import { Calendar } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/reception", component: () => import("./Reception.vue"), meta: { title: "接待", icon: Calendar, order: 25, roles: ["liaison", "admin"], lands: false } },
  { path: "/reception/figures", component: () => import("./Count.vue"), meta: { title: "接待统计", roles: ["liaison", "admin"] } },
  { path: "/reception/:day/desk", component: () => import("./Desk.vue"), meta: { title: "接待登记台" } },
] satisfies RouteRecordRaw[];
