import { Bell } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/now", component: () => import("./Now.vue"), meta: { title: "现在", icon: Bell, order: 10 } },
] satisfies RouteRecordRaw[];
