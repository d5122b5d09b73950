import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/unread", component: () => import("./Unread.vue"), meta: { title: "没有读出的微信推送", roles: ["liaison", "admin"] } },
] satisfies RouteRecordRaw[];
