import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/account", component: () => import("./Account.vue"), meta: { title: "登录与安全", roles: ["liaison", "admin"] } },
] satisfies RouteRecordRaw[];
