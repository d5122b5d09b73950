// Writes what the built mini program takes from people, as the platform's privacy
// guide names it: privacy.json, which the server's doctor prints, and the table of
// docs/wechat-setup.md. An interface that is not declared fails on every phone
// (errno 112); one that is declared and not used has the review turned down.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "..");

/** Calls of wx, whatever the bundler calls the object. */
const call = (...names) => new RegExp(`\\.(?:${names.join("|")})\\(`);
/** Words in templates and in what is bound to them. */
const word = (w) => new RegExp(`["'\`<]${w}\\b`);

/**
 * The platform's table "小程序用户隐私保护指引内容介绍": each kind of information
 * with the interfaces that take it. `why` is the purpose to paste; a kind
 * without one is not meant to be used.
 */
export const kinds = [
  { what: "手机号", by: "手机号快速验证", why: "与你联系，核实和答复你反映的问题", in: word("getPhoneNumber") },
  { what: "选择的位置信息", by: "wx.chooseLocation", why: "标明问题发生的地点，派给当地的委员", in: call("chooseLocation", "choosePoi") },
  { what: "选中的照片或视频信息", by: "wx.chooseMedia", why: "把现场照片随你反映的问题一起提交", in: call("chooseMedia", "chooseImage", "chooseVideo") },
  { what: "麦克风", by: "录音", why: "用语音说明你反映的问题", in: call("getRecorderManager", "startRecord", "joinVoIPChat") },
  { what: "剪切板", by: "wx.setClipboardData", why: "复制受理编号、回执和你的个人信息副本，供你自己保存", in: call("setClipboardData", "getClipboardData") },
  { what: "发布内容", by: "提交诉求", why: "受理、转办和答复你反映的问题", in: word("/api/v1/submissions") },
  { what: "摄像头", by: "camera 组件", in: new RegExp(`<camera\\b|${call("createVKSession", "createCameraContext").source}`) },
  { what: "位置信息", by: "wx.getLocation", in: call("getLocation", "getFuzzyLocation", "onLocationChange", "startLocationUpdate", "startLocationUpdateBackground") },
  { what: "昵称、头像", by: "getUserInfo", in: new RegExp(`${call("getUserInfo", "getUserProfile").source}|${word("chooseAvatar").source}|type="nickname"`) },
  { what: "通讯地址", by: "wx.chooseAddress", in: call("chooseAddress") },
  { what: "发票信息", by: "wx.chooseInvoice", in: call("chooseInvoice", "chooseInvoiceTitle") },
  { what: "微信运动步数", by: "wx.getWeRunData", in: call("getWeRunData") },
  { what: "车牌号", by: "wx.chooseLicensePlate", in: call("chooseLicensePlate") },
  { what: "选中的文件", by: "wx.chooseMessageFile", in: call("chooseMessageFile") },
  { what: "相册（仅写入）", by: "wx.saveImageToPhotosAlbum", in: call("saveImageToPhotosAlbum", "saveVideoToPhotosAlbum") },
  { what: "通讯录（仅写入）", by: "wx.addPhoneContact", in: call("addPhoneContact") },
  { what: "日历（仅写入）", by: "wx.addPhoneCalendar", why: "把你预约的接待时间存到你的手机日历", in: call("addPhoneCalendar", "addPhoneRepeatCalendar") },
  { what: "蓝牙", by: "wx.openBluetoothAdapter", in: call("openBluetoothAdapter", "createBLEPeripheralServer") },
  { what: "加速传感器", by: "wx.startAccelerometer", in: call("startAccelerometer", "onAccelerometerChange") },
  { what: "磁场传感器", by: "wx.startCompass", in: call("startCompass", "onCompassChange") },
  { what: "方向传感器", by: "wx.startDeviceMotionListening", in: call("startDeviceMotionListening", "onDeviceMotionChange") },
  { what: "陀螺仪传感器", by: "wx.startGyroscope", in: call("startGyroscope", "onGyroscopeChange") },
];

/** What the package in the folder takes, as {what, by, why}; throws for what nobody gave a purpose. */
export function taken(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((f) => /\.(js|wxml|wxs)$/.test(f));
  const text = files.map((f) => readFileSync(join(folder, f), "utf8")).join("\n");
  const found = kinds.filter((k) => k.in.test(text));
  const odd = found.filter((k) => !k.why);
  if (odd.length) throw new Error(`the package uses ${odd.map((k) => `${k.by} (${k.what})`).join(", ")}: give it a purpose in scripts/privacy.mjs or leave it out`);
  return found.map(({ what, by, why }) => ({ what, by, why }));
}

/** The table of the guide. */
export function table(list) {
  return ["| 信息 | 小程序里做什么用到 | 用途（可照抄） |", "|---|---|---|", ...list.map((k) => `| ${k.what} | ${k.by} | ${k.why} |`), ""].join("\n");
}

export const marks = { begin: "<!-- privacy: written by miniprogram/scripts/privacy.mjs -->\n", end: "<!-- privacy: end -->" };

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const list = taken(join(root, "dist/build/mp-weixin"));
  writeFileSync(join(root, "privacy.json"), `${JSON.stringify(list, null, 2)}\n`);
  const page = join(root, "../docs/wechat-setup.md");
  const [before, rest] = readFileSync(page, "utf8").split(marks.begin);
  if (rest === undefined || !rest.includes(marks.end)) throw new Error(`${page} has no place for the table`);
  writeFileSync(page, before + marks.begin + table(list) + rest.slice(rest.indexOf(marks.end)));
}
