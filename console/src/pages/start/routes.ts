import { Flag } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";
import { starting } from "@/state/start";

export default [
  { path: "/start", component: () => import("./Start.vue"), meta: { title: "开始使用", icon: Flag, order: 5, roles: ["liaison", "admin"], listed: () => starting.value } },
] satisfies RouteRecordRaw[];
