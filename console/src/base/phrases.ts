import { computed, ref } from "vue";
import { ElMessage } from "element-plus";
import { api, unwrap } from "@/api/client";
import { problemText } from "@/api/problem";
import { account, me } from "@/state/session";

export const maxPhrase = 200;

/** What was loaded, and whose it is: the next account at this machine has others. */
const loaded = ref({ owner: "", items: [] as string[] });

/** What the user often says, kept with their account (docs/api.md, GET /me/phrases); empty until it is loaded. */
export const phrases = computed(() => (loaded.value.owner === account(me.value) ? loaded.value.items : []));

/** Shows an answer, unless another account has signed in meanwhile. */
async function take(answer: Promise<{ items: string[] }>): Promise<string[]> {
  const owner = account(me.value);
  const { items } = await answer;
  if (owner === account(me.value)) loaded.value = { owner, items };
  return items;
}
const read = (): Promise<string[]> => take(unwrap(api.GET("/api/v1/me/phrases")));

/** Asks for the account's phrases once. Without them everything can still be typed. */
export async function loadPhrases(): Promise<void> {
  if (loaded.value.owner !== account(me.value)) await read().catch(() => undefined);
}

/** Replaces the phrases by what edit makes of them. They are read before: those that were not loaded, or were kept in another tab, stay. */
async function change(edit: (items: string[]) => string[]): Promise<void> {
  const owner = account(me.value);
  try {
    const items = edit(await read());
    if (owner === account(me.value)) await take(unwrap(api.PUT("/api/v1/me/phrases", { body: { items } })));
  } catch (e) {
    ElMessage.error(problemText(e));
  }
}

export const keepPhrase = (text: string): Promise<void> => change((items) => [...items.filter((p) => p !== text), text]);
export const dropPhrase = (text: string): Promise<void> => change((items) => items.filter((p) => p !== text));
