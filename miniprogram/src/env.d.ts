/// <reference types="vite/client" />

declare module "*.vue" {
  import type { DefineComponent } from "vue";
  const component: DefineComponent<object, object, unknown>;
  export default component;
}

interface ImportMetaEnv {
  /** The address of the API for the mini program, e.g. https://ma.example.cn; empty on H5, which uses its own origin. */
  readonly VITE_API_BASE?: string;
}

/** The parts of the platform's API that uni-app does not cover. */
declare const wx: {
  getAppBaseInfo?: () => unknown;
  addPhoneCalendar?: (o: { title: string; startTime: number; endTime: string; location: string; description: string; success: () => void; fail: (e: { errMsg: string }) => void }) => void;
  requestSubscribeMessage: (o: { tmplIds: string[]; success: (r: unknown) => void; fail: () => void }) => void;
  onNeedPrivacyAuthorization?: (ask: (resolve: (answer: { buttonId?: string; event: "agree" | "disagree" }) => void) => void) => void;
};
