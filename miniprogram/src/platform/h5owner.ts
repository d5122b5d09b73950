/** The openid of the emulated phone that shows the client in a frame, "" for none. */
export const phoneOwner: string = new URLSearchParams(location.search).get("phone") ?? "";

/** Returns the name under which this phone keeps or shares something: one browser shows several emulated phones. */
export function ownName(name: string): string {
  return phoneOwner ? `${name}.${phoneOwner}` : name;
}
