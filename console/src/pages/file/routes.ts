import { EditPen } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/file", component: () => import("./File.vue"), meta: { title: "登记", icon: EditPen, order: 30 } },
] satisfies RouteRecordRaw[];
