package doctor

import (
	"mashang/miniprogram"
	"mashang/wechat"
)

// pushModes are the modes' names in the console.
var pushModes = map[string]string{
	string(wechat.PushPlain): "明文模式", string(wechat.PushCompatible): "兼容模式", string(wechat.PushSafe): "安全模式",
}

// console lists the settings that no API reports, with the values to paste: one line per page of the platform's
// console.
func (c *Platform) console() {
	w, origin := c.cfg.WeChat, c.cfg.HTTP.PublicURL
	c.Warn("下面这些平台不提供查询，请登录 mp.weixin.qq.com 逐项核对：")
	c.Also("□ 开发管理 → 开发设置 → 服务器域名：request、uploadFile、downloadFile 合法域名都填 %s（不带端口和路径）", origin)
	c.Also("□ 开发管理 → 开发设置 → 消息推送：已启用；URL %s%s，Token（%d 位）和 EncodingAESKey（%d 位）与配置相同，%s，数据格式 JSON",
		origin, PushPath, len(w.PushToken.Reveal()), len(w.PushAESKey.Reveal()), pushModes[w.PushMode])
	c.Also("□ 开发管理 → 开发设置 → 扫普通链接二维码打开小程序：规则 %s%s（以 / 结尾），小程序页面 %s，测试后要“发布”", origin, linkPrefix, wechat.PageScan)
	c.Also("□ 功能 → 客服：消息由上面的消息推送转到本服务，不要另外绑定客服工具，否则会话里的答复到不了这里")
	c.Also("□ 开发管理 → 开发设置 → API 安全：不要打开；打开后本系统的调用都会被拒绝（errcode 40234）")
	c.Also("□ 设置 → 基本设置 → 隐私与安全：“允许微信索引”关闭；代码包里的 sitemap.json 也不许收录任何页面")
	c.Also("□ 开发管理 → 接口设置：手机号快速验证有余额（用完后群众只能手填电话）；用到位置接口的要先申请开通")
	c.Also("□ 设置 → 服务内容声明 → 用户隐私保护指引：小程序用到的逐项声明，用途可照抄：")
	for _, d := range miniprogram.Privacy() {
		c.Also("    %s（%s）：%s", d.What, d.By, d.Why)
	}
}
