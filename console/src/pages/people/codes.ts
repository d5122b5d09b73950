/** A code in groups of four, as it is read aloud: abcd-efgh-jkmn-pqrs. */
export function spaced(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}

export const roleNames: Record<string, string> = { member: "委员", liaison: "联络员", department: "部门" };
