import { computed, ref } from "vue";
import { api, Problem, unwrap, type Schemas } from "@/api/client";

export type Role = Schemas["User"]["role"];

const user = ref<Schemas["ConsoleSession"] | null>(null);

/** Who is signed in on this computer. */
export const me = computed(() => user.value);

/** Whether the caller has one of the roles. */
export function is(...roles: Role[]): boolean {
  return user.value !== null && roles.includes(user.value.user.role);
}

/** Asks the server who is signed in; null for nobody. */
export async function recall(): Promise<Schemas["ConsoleSession"] | null> {
  try {
    user.value = await unwrap(api.GET("/api/v1/console/session"));
  } catch (e) {
    if (!(e instanceof Problem) || e.code !== "unauthenticated") throw e;
    user.value = null;
  }
  return user.value;
}

export function enter(s: Schemas["ConsoleSession"]): void {
  user.value = s;
}

/** Ends the session here and at the server. */
export async function leave(): Promise<void> {
  await unwrap(api.DELETE("/api/v1/console/session"));
  user.value = null;
}

/** Forgets who was signed in, when the server already has. */
export function forget(): void {
  user.value = null;
}
