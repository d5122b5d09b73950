import { ref } from "vue";
import { isHeld } from "./tabLock";

// A notification of the computer, for who has another window in front. It names no
// person and quotes no words: it may be seen on a locked screen.

const present = (): NotificationPermission => (typeof Notification === "undefined" ? "denied" : Notification.permission);

/** Whether the browser shows notifications; "default" while the person has not been asked. */
export const notifying = ref(present());

/** Asks the person. A browser answers only after a press. */
export async function askToNotify(): Promise<void> {
  notifying.value = await Notification.requestPermission();
}

// Each tab in front holds its own part of a shared lock, so that the others know of it.
const frontLock = "mashang.console.front";
let leaveFront: (() => void) | null = null;
function updateFront(): void {
  leaveFront?.();
  leaveFront = null;
  if (document.visibilityState !== "visible") return;
  void navigator.locks?.request(frontLock, { mode: "shared" }, () => new Promise<void>((leave) => (leaveFront = leave)));
}
document.addEventListener("visibilitychange", updateFront);
updateFront();

let shown: Notification | null = null;

/** Removes the notification, when there are no alarms any more. */
export function closeNotification(): void {
  shown?.close();
  shown = null;
}

/** Announces an alarm that just arrived, unless the person has the console in front. alarms is the number of all. */
export async function notify(alarms: number): Promise<void> {
  if (present() !== "granted" || document.visibilityState === "visible" || (await isHeld(frontLock))) return;
  // A browser shows a second one of the same tag without a sound, unless it is told to.
  const options: NotificationOptions & { renotify: boolean } = {
    body: `${alarms} 件险情没有人接手，请马上打开码上工作台`, tag: "mashang.alarm", renotify: true, requireInteraction: true,
  };
  shown = new Notification("有人可能正处在危险中", options);
  shown.onclick = () => {
    window.focus();
    closeNotification();
  };
}
