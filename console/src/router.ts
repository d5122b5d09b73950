import { type Component } from "vue";
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { session } from "@/api/client";
import { clearSession, hasRole, me, loadSession, type Role } from "@/state/session";
import { checkStart } from "@/state/start";
import { setTitle } from "@/state/title";

declare module "vue-router" {
  interface RouteMeta {
    /** The page's name, in the menu and in the browser's tab. */
    title: string;
    /** The position in the menu, ascending; a page without one is not in the menu. */
    order?: number;
    icon?: Component;
    /** False for a page to which nobody is led who may not open what they asked for. */
    lands?: false;
    /** The roles that may open it; liaisons if absent. */
    roles?: Role[];
    /** Tells whether the menu lists it now; always if absent. */
    listed?: () => boolean;
    /** Shows it without the frame of the console; "open" also without a session. */
    bare?: boolean | "open";
  }
}

// Each folder of pages has its own routes.
const parts = import.meta.glob<{ default: RouteRecordRaw[] }>("./pages/*/routes.ts", { eager: true });
const all = Object.values(parts).flatMap((p) => p.default);
const framed = all.filter((r) => !r.meta?.bare);

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    ...all.filter((r) => r.meta?.bare),
    { path: "/", component: () => import("@/shell/Shell.vue"), meta: { title: "码上" }, redirect: "/now", children: framed },
    { path: "/:rest(.*)*", component: () => import("@/shell/Lost.vue"), meta: { title: "没有这个页面", bare: "open" } },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

/** Returns the pages of the menu that the caller may open. */
export function menu(): RouteRecordRaw[] {
  return framed
    .filter((r) => r.meta?.order !== undefined && hasRole(...(r.meta.roles ?? ["liaison"])) && (r.meta.listed?.() ?? true))
    .sort((a, b) => (a.meta?.order ?? 0) - (b.meta?.order ?? 0));
}

router.beforeEach(async (to) => {
  if (to.meta.bare === "open") return true;
  if (!me.value && !(await loadSession())) return { path: "/login", query: { to: to.fullPath } };
  const roles = to.meta.roles ?? ["liaison"];
  if (hasRole(...roles)) return true;
  await checkStart(); // a new station's administrator begins there
  const first = menu().find((r) => r.meta?.lands !== false);
  return first && first.path !== to.path ? { path: first.path } : { path: "/login", query: { why: "role" } };
});

router.afterEach((to) => {
  setTitle(to.meta.title);
});

session.left = () => {
  clearSession();
  const at = router.currentRoute.value;
  if (at.meta.bare !== "open") void router.replace({ path: "/login", query: { to: at.fullPath, why: "ended" } });
};
