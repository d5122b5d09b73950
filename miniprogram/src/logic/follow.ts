import { onHide, onShow, onUnload } from "@dcloudio/uni-app";

/** Reads again every so many milliseconds while the page is shown, and whenever it is shown again. */
export function useFollow(read: () => Promise<void>, interval: number): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    if (timer) clearInterval(timer);
    timer = undefined;
  };
  onShow(() => {
    void read();
    timer ??= setInterval(() => void read(), interval);
  });
  onHide(stop);
  onUnload(stop);
}
