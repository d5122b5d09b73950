import { plain } from "./fold";

/** What people write between the digits of a number. */
const separators = /[\s.·'’()[\]\u2010-\u2015\u2212-]/g;

/** The 0 in "+44 (0)20 …", which is dialled within the country only. */
const trunkZero = /^(\s*(?:\+|00)[\d\s.-]{1,6})\(0\)/;

/** Returns a number as it is dialled in mainland China, as the server stores it: 13800138000, 09318888888, +442079460958. */
export function dialled(phone: string): string {
  const digits = plain(phone).replace(trunkZero, "$1").replace(separators, "");
  const abroad = digits.length > 10 ? digits.replace(/^00(?=[1-9])/, "+") : digits;
  const home = /^\+86(.*)$/.exec(abroad)?.[1] ?? /^86(1[3-9]\d{9}|0\d{9,11})$/.exec(abroad)?.[1];
  if (home === undefined) return abroad;
  return /^(0|1[3-9]|[48]00)/.test(home) ? home : `0${home}`;
}

/** Whether the number is a mainland mobile, which alone gets one-time codes. */
export function isMobile(phone: string): boolean {
  return /^1[3-9]\d{9}$/.test(dialled(phone));
}

/**
 * Whether the server takes the number: a mainland mobile, a landline with its area code, a service number, or a
 * foreign number with its country code (E.164).
 */
export function isValidPhone(phone: string): boolean {
  const n = dialled(phone);
  return isMobile(n) || /^0[1-9]\d{8,10}$/.test(n) || /^[48]00\d{7}$/.test(n) || /^\+(?!86)[1-9]\d{6,14}$/.test(n);
}
