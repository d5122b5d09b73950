import { ref } from "vue";
import type { Schemas } from "@/api/client";
import { t, tongue } from "@/i18n";
import { loadValue, saveValue } from "./storage";

export type Code = Schemas["Code"];

/** The sign that was scanned last, as its code showed it. */
export const lastSign = ref<Code | undefined>(loadValue<Code>("sign"));

export function rememberSign(code: Code): void {
  lastSign.value = code;
  saveValue("sign", code);
}

/** Returns what everybody who scans should know now. It is about a surge; in another language it is said without the station's own words. */
export function noticeOf(code: Code): string {
  if (!code.notice || tongue.value === "zh") return code.notice ?? "";
  return t("scan.surge", { phone: code.station.phone });
}
