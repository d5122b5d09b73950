/** The people and codes of the demo (GET /_emulator/cast). */
export interface Cast {
  members: { id: string; openid: string; name: string; sector: string; village: string }[];
  liaisons: { id: string; openid: string; name: string }[];
  codes: { key: string; kind: string; name: string }[];
}
