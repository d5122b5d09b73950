import { ref, watchEffect } from "vue";
import { caller } from "@/api/client";
import type { TimeWords } from "@/logic/when";
import * as platform from "#phone";
import { loadValue, saveValue } from "@/state/storage";
import { en, enTimes } from "./en";
import { englishTerms } from "./terms";
import { zh, zhTimes } from "./zh";

// A lookup of our own: the mini program forbids what message compilers do
// (no code from strings), and this is all that is needed of one.

export type Words = typeof zh;
export type Key = keyof Words;

/** A language: its own name, its words and its times. Missing words are in Chinese. */
interface Language {
  name: string;
  words: Partial<Record<Key, string>>;
  times: TimeWords;
}

/** To add a language, write its file beside zh.ts and enter it here. */
export const languages = {
  zh: { name: "中文", words: zh, times: zhTimes },
  en: { name: "English", words: en, times: enTimes },
} satisfies Record<string, Language>;

export type Tongue = keyof typeof languages;

/** Languages of whoever reads Chinese: they are spoken in China. */
const readsChinese = /^(zh|yue|wuu|bo|ug|ii|za|kk-cn|mn-cn)\b/i;

/** Returns the language for a phone's: Chinese, or English for everybody else. */
export function tongueOf(language: string): Tongue {
  return language === "" || readsChinese.test(language.replace("_", "-")) ? "zh" : "en";
}

/** The language: the one that was chosen, else the phone's. */
export const tongue = ref<Tongue>(loadValue<Tongue>("tongue") ?? tongueOf(platform.language()));

watchEffect(() => {
  caller.language = tongue.value === "zh" ? "zh-CN" : tongue.value;
}, { flush: "sync" });

/** Chooses a language. */
export function setTongue(t: Tongue): void {
  tongue.value = t;
  saveValue("tongue", t);
  platform.setLanguage(t);
}

/** Tells the phone which language is shown, and follows a choice that was made on the page behind the code. */
export function startTongue(): void {
  const asked = platform.languageAsked();
  if (Object.keys(languages).includes(asked)) setTongue(asked as Tongue);
  else platform.setLanguage(tongue.value);
}

export function times(): TimeWords {
  return languages[tongue.value].times;
}

/** Returns the words of a key, with {names} filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const language: Language = languages[tongue.value];
  const words = language.words[key] ?? zh[key];
  return filled(words, values);
}

/** Returns the lookup of words that only some pages load, with {names} filled in. What English lacks is in Chinese. */
export function wordsOf<K extends string>(chinese: Record<K, string>, english: Partial<Record<NoInfer<K>, string>>) {
  return (key: K, values: Record<string, string | number> = {}): string =>
    filled((tongue.value === "en" ? english[key] : undefined) ?? chinese[key], values);
}

function filled(words: string, values: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** Returns a term of a station's roster in the user's language, as far as it has one. */
export function term(name: string): string {
  return tongue.value === "en" ? (englishTerms[name] ?? name) : name;
}

/** Returns the words of a key that is composed at run time ("state." + state), or the server's name. */
export function named(prefix: string, key: string, fallback = ""): string {
  const full = `${prefix}.${key}` as Key;
  const language: Language = languages[tongue.value];
  return language.words[full] ?? (fallback ? term(fallback) : (zh[full] ?? key));
}
