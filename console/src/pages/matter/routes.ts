import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/matters/:id", name: "matter", component: () => import("./Matter.vue"), meta: { title: "诉求" } },
] satisfies RouteRecordRaw[];
