/** Returns a code in groups of four, for reading aloud: abcd-efgh-jkmn-pqrs. */
export function spaced(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}

export const roleNames: Record<string, string> = { member: "委员", liaison: "联络员", department: "部门" };
