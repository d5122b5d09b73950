package config

import (
	"net"
	"net/netip"

	"mashang/adapters/sms"
)

// crossFieldRules are the rules about several fields. A fault is reported for the first of paths. A rule is
// skipped if one of them has a fault of its own.
var crossFieldRules = []struct {
	paths []string
	ok    func(Config) bool
	wrong string
}{
	{
		paths: []string{"http.addr", "wechat.app_id", "wechat.emulator_public"},
		ok: func(c Config) bool {
			return !c.WeChat.Emulated() || c.WeChat.EmulatorPublic || Loopback(c.HTTP.Addr)
		},
		wrong: "没有配置 wechat.app_id，服务会用模拟平台，任何人都能冒充任何人，所以只能监听本机（127.0.0.1）。" +
			"正式使用请配置 wechat.app_id；只想在内部网络演示请设 wechat.emulator_public: true",
	},
	{
		paths: []string{"wechat.app_secret", "wechat.app_secret_file", "wechat.app_id"},
		ok:    func(c Config) bool { return c.WeChat.Emulated() || c.WeChat.AppSecret != "" },
		wrong: "配置了 wechat.app_id 就必须给出：用环境变量，或用 wechat.app_secret_file 指明存它的文件",
	},
	{
		paths: []string{"wechat.push_token", "wechat.push_token_file", "wechat.app_id"},
		ok:    func(c Config) bool { return c.WeChat.Emulated() || c.WeChat.PushToken != "" },
		wrong: "配置了 wechat.app_id 就必须给出（与平台“消息推送”里的 Token 一致）：用环境变量，或用 wechat.push_token_file 指明存它的文件",
	},
	{
		paths: []string{"wechat.push_aes_key", "wechat.push_aes_key_file", "wechat.app_id", "wechat.push_mode"},
		ok: func(c Config) bool {
			return c.WeChat.Emulated() || c.WeChat.PushMode == "plain" || c.WeChat.PushAESKey != ""
		},
		wrong: "push_mode 不是 plain 时必须给出（平台“消息推送”里的 EncodingAESKey）：用环境变量，或用 wechat.push_aes_key_file 指明存它的文件",
	},
	{
		paths: []string{"redis.addr", "redis.username", "redis.password", "redis.password_file", "redis.tls", "redis.db"},
		ok: func(c Config) bool {
			r := c.Redis
			return !r.Managed() || r.Username == "" && r.Password == "" && !r.TLS && r.DB == 0
		},
		wrong: "为空表示使用自带的 Redis，它不用 username、password、tls、db；请补上地址，或去掉这些设置",
	},
	{
		paths: []string{"redis.username", "redis.password", "redis.password_file"},
		ok:    func(c Config) bool { return c.Redis.Username == "" || c.Redis.Password != "" },
		wrong: "给出了用户名，还需要口令：用环境变量 MASHANG_REDIS_PASSWORD，或用 redis.password_file 指明存它的文件",
	},
	{
		paths: []string{"wechat.official_secret", "wechat.official_secret_file", "wechat.official_app_id"},
		ok:    func(c Config) bool { return c.WeChat.OfficialAppID == "" || c.WeChat.OfficialSecret != "" },
		wrong: "配置了 wechat.official_app_id 就必须给出服务号的 AppSecret：用环境变量，或用 wechat.official_secret_file 指明存它的文件",
	},
	{
		paths: []string{"sms.secret", "sms.secret_file", "sms.url"},
		ok:    func(c Config) bool { return c.SMS.URL == "" || c.SMS.Secret != "" },
		wrong: "配置了 sms.url 就必须给出与短信桥约定的密钥：用环境变量，或用 sms.secret_file 指明存它的文件",
	},
	{
		paths: []string{"sms.secret", "sms.secret_file"},
		ok:    func(c Config) bool { return sms.ValidSecret(c.SMS.Secret.Reveal()) },
		wrong: "以 whsec_ 开头的密钥，后面须是 base64：请从短信桥那里重新复制，或换一个不以 whsec_ 开头的",
	},
	{
		paths: []string{"http.max_upload", "media.max_photo_bytes", "media.max_voice_bytes"},
		ok: func(c Config) bool {
			return c.HTTP.MaxUpload > max(c.Media.MaxPhotoBytes, c.Media.MaxVoiceBytes)
		},
		wrong: "应大于 media.max_photo_bytes 和 media.max_voice_bytes，否则允许的文件也传不上来",
	},
	{
		paths: []string{"media.thumb_side", "media.max_side"},
		ok:    func(c Config) bool { return c.Media.ThumbSide <= c.Media.MaxSide },
		wrong: "不能大于 media.max_side",
	},
}

// Loopback reports whether only this machine can reach a host:port. A host name other than localhost counts as
// reachable from outside.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
