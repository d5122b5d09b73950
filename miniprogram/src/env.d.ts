/// <reference types="vite/client" />

declare module "*.vue" {
  import type { DefineComponent } from "vue";
  const component: DefineComponent<object, object, unknown>;
  export default component;
}

interface ImportMetaEnv {
  /** Where the API lies for the mini program, e.g. https://ma.example.cn; empty on H5, which asks its own origin. */
  readonly VITE_API_BASE?: string;
}

/** What is used of the platform's own API where uni-app has no name for it. */
declare const wx: {
  getAppBaseInfo?: () => unknown;
  requestSubscribeMessage: (o: { tmplIds: string[]; success: (r: unknown) => void; fail: () => void }) => void;
  onNeedPrivacyAuthorization?: (ask: (resolve: (answer: { buttonId?: string; event: "agree" | "disagree" }) => void) => void) => void;
};
