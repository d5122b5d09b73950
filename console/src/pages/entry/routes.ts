import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/login", component: () => import("./Login.vue"), meta: { title: "登录", bare: "open" } },
] satisfies RouteRecordRaw[];
