import { ownName } from "./h5owner";
import type { Hold } from "./types";

/** What pages of one browser tell one another about a draft. */
interface Message {
  draft: string;
  page: string;
  say: "open" | "mine" | "take";
}

/**
 * Shares a draft among the pages of one browser: the page that opened it first has it until another takes it, so that
 * no page overwrites what is written in another. `elsewhere` is called when another page has it.
 */
export function holdDraft(draft: string, elsewhere: () => void): Hold {
  if (typeof BroadcastChannel === "undefined") return { take: () => undefined, ask: () => undefined, leave: () => undefined };
  const channel = new BroadcastChannel(ownName("mashang.drafts"));
  const page = Math.random().toString(36).slice(2);
  let mine = true;
  const tell = (say: Message["say"]): void => channel.postMessage({ draft, page, say } satisfies Message);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.draft !== draft) return;
    if (data.say === "open") {
      if (mine) tell("mine");
      return;
    }
    if (!mine) return;
    mine = false;
    elsewhere();
  };
  tell("open");
  return {
    take: () => {
      mine = true;
      tell("take");
    },
    ask: () => tell("open"),
    leave: () => channel.close(),
  };
}
