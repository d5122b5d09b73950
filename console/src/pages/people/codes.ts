/** Returns a code in groups of four, for reading aloud: abcd-efgh-jkmn-pqrs. */
export function spaced(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}
