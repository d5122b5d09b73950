import { ref } from "vue";

// A notification of the computer, for who has another window in front. It names no
// person and quotes no words: it may be seen on a locked screen.

const present = (): NotificationPermission => (typeof Notification === "undefined" ? "denied" : Notification.permission);

/** Whether the browser shows notifications; "default" while the person has not been asked. */
export const notifying = ref(present());

/** Asks the person. A browser answers only after a press. */
export async function askToNotify(): Promise<void> {
  notifying.value = await Notification.requestPermission();
}

let shown: Notification | null = null;

/** Shows the number of alarms while the page is hidden. The tag lets all tabs share one notification. */
export function notify(alarms: number): void {
  if (alarms === 0 || document.visibilityState === "visible") {
    if (alarms === 0) shown?.close();
    return;
  }
  if (present() !== "granted") return;
  shown = new Notification("有人可能正处在危险中", { body: `${alarms} 件险情没有人接手，请马上打开码上工作台`, tag: "mashang.alarm", requireInteraction: true });
  shown.onclick = () => {
    window.focus();
    shown?.close();
  };
}
