import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/screen", component: () => import("./Screen.vue"), meta: { title: "大屏", bare: true, roles: ["liaison", "admin"] } },
] satisfies RouteRecordRaw[];
