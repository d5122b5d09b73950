package app

import (
	"mashang/wechat"
)

// declared is what the mini-program takes from people, as the platform's
// privacy guide names it, and the purpose to paste there. Whoever does not
// declare it finds the interface switched off (errno 112).
var declared = []struct{ What, Why, By string }{
	{"手机号", "与你联系，核实和答复你反映的问题", "手机号快速验证"},
	{"选择的位置信息", "标明问题发生的地点，派给当地的委员", "wx.chooseLocation"},
	{"选中的照片或视频信息", "把现场照片随你反映的问题一起提交", "wx.chooseMedia"},
	{"摄像头", "拍摄现场照片", "camera 组件"},
	{"麦克风", "用语音说明你反映的问题", "录音"},
	{"发布内容", "受理、转办和答复你反映的问题", "提交诉求"},
}

// pushModes are the modes as the console names them.
var pushModes = map[string]string{
	string(wechat.PushPlain): "明文模式", string(wechat.PushCompatible): "兼容模式", string(wechat.PushSafe): "安全模式",
}

// console lists what the platform lets nobody ask about, with the values to
// paste: one line a page, for somebody who compares it with the screen.
func (c *checkup) console() {
	w, origin := c.cfg.WeChat, c.cfg.HTTP.PublicURL
	c.warn("下面这些平台不提供查询，请登录 mp.weixin.qq.com 逐项核对：")
	c.also("□ 开发管理 → 开发设置 → 服务器域名：request、uploadFile、downloadFile 合法域名都填 %s（不带端口和路径）", origin)
	c.also("□ 开发管理 → 开发设置 → 消息推送：已启用；URL %s%s，Token（%d 位）和 EncodingAESKey（%d 位）与配置相同，%s，数据格式 JSON",
		origin, pushPath, len(w.PushToken.Reveal()), len(w.PushAESKey.Reveal()), pushModes[w.PushMode])
	c.also("□ 开发管理 → 开发设置 → 扫普通链接二维码打开小程序：规则 %s%s（以 / 结尾），小程序页面 %s，测试后要“发布”", origin, linkPrefix, wechat.PageScan)
	c.also("□ 功能 → 客服：消息由上面的消息推送转到本服务，不要另外绑定客服工具，否则会话里的答复到不了这里")
	c.also("□ 开发管理 → 接口设置：手机号快速验证有余额（用完后群众只能手填电话）；用到位置接口的要先申请开通")
	c.also("□ 设置 → 服务内容声明 → 用户隐私保护指引：小程序用到的逐项声明，用途可照抄：")
	for _, d := range declared {
		c.also("    %s（%s）：%s", d.What, d.By, d.Why)
	}
}
