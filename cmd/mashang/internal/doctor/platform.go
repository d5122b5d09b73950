package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"mashang/cmd/mashang/internal/config"
	"mashang/domain/fault"
	"mashang/wechat"
)

// Account is what the doctor uses of the platform and of our receiver. It changes nothing on either side.
type Account interface {
	// Ping fetches a token, bypassing every cache.
	Ping(ctx context.Context) error
	// AccountTemplates lists the subscribe-message templates of the account.
	AccountTemplates(ctx context.Context) ([]wechat.AccountTemplate, error)
	// CallbackIPs lists the addresses of the platform's pushes.
	CallbackIPs(ctx context.Context) ([]string, error)
	// CodeImage draws the round code of a key, only for the released version.
	CodeImage(ctx context.Context, key string) ([]byte, error)
	// EchoProbe and EventProbe are requests like those of the platform to the push URL.
	EchoProbe() wechat.Probe
	EventProbe() (wechat.Probe, error)
}

// Platform is the part of the examination about the platform: what its console must have, what its API
// reports, and what it would find at our public address.
type Platform struct {
	*Findings
	cfg     config.Config
	account Account
	// key is the key of a printed code; "" while there is none.
	key string
	// web reaches the public address like anyone, local this machine.
	web, local *http.Client
	// slow is the time of an answer to a push from which a warning is given.
	slow time.Duration
}

// New makes an examination that adds to f. key is the key of a printed code, "" while there is none.
func New(f *Findings, cfg config.Config, a Account, key string) *Platform {
	return &Platform{
		Findings: f, cfg: cfg, account: a, key: key, slow: time.Second,
		web: newWeb(http.ProxyFromEnvironment), local: newWeb(nil),
	}
}

// Run examines step by step.
func (c *Platform) Run(ctx context.Context) {
	defer c.web.CloseIdleConnections()
	defer c.local.CloseIdleConnections()
	known := c.reachable(ctx) && c.credentials(ctx)
	c.templates(ctx, known)
	if c.push(ctx) {
		c.links(ctx)
	}
	if known {
		c.image(ctx)
		c.callbacks(ctx)
	}
	c.console()
}

// maxSkew is how far our clock may be from the platform's: signatures of pushes are refused beyond five
// minutes, and deadlines are wrong long before.
const maxSkew = 30 * time.Second

// errNoDate is the error of an answer that cannot be the platform's.
var errNoDate = errors.New("应答的不像微信平台：应答里没有时间")

// reachable checks that the platform answers and compares the clocks.
func (c *Platform) reachable(ctx context.Context) bool {
	skew, err := c.skew(ctx)
	switch {
	case err != nil:
		c.Fail("微信：连不上 %s：请检查网络、DNS 和防火墙（%s）", c.cfg.WeChat.APIBase, describeNetError(err))
		return false
	case skew.Abs() > maxSkew:
		c.Fail("本机时钟与微信服务器相差 %v：请开启时间同步（timedatectl set-ntp true）", skew.Round(time.Second))
	default:
		c.Pass("微信：可以连通，时钟相差 %v", skew.Round(time.Second))
	}
	return true
}

// skew reads the Date header of the platform.
func (c *Platform) skew(ctx context.Context) (time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, c.cfg.WeChat.APIBase, nil)
	if err != nil {
		return 0, err
	}
	resp, err := c.web.Do(r)
	if err != nil {
		return 0, err
	}
	_ = resp.Body.Close() // a HEAD answer has no body
	at, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0, errNoDate
	}
	return time.Since(at), nil
}

// The pages of the platform's console, as its menu names them.
const (
	atSettings  = "公众平台“开发管理 → 开发设置”"
	atID        = atSettings + "的“开发者 ID”"
	atTemplates = "公众平台“订阅消息”"
	atPush      = atSettings + "的“消息推送”"
	atLinks     = atSettings + "的“扫普通链接二维码打开小程序”"
)

// further completes wechat.Diagnose for a refused token: our setting, how long it takes, whom to ask.
var further = map[int64]string{
	40001:           "记不清 AppSecret 只能“重置”（旧的立即失效），再填入 MASHANG_WECHAT_APP_SECRET 或它的文件",
	40125:           "记不清 AppSecret 只能“重置”（旧的立即失效），再填入 MASHANG_WECHAT_APP_SECRET 或它的文件",
	40013:           "不要填成公众号或企业微信的 AppID",
	codeAPISecurity: "关闭时要管理员扫码确认；关闭以前登录、通知、小程序码都用不了",
	40243:           "解冻约 10 分钟后生效",
	89503:           "请管理员在微信里点“确认”，再执行一次",
	45009:           "今天取 access_token 的次数用完了，明天 0 点恢复：请查是否有别的程序用同一个 AppID 反复取",
	45011:           "取 access_token 太频繁，请一分钟后再试，并查是否有别的程序用同一个 AppID",
	87009:           "照上面查过仍然出现，请把日志里的 rid 报给微信客服",
	-1:              "平台正忙，请稍后再试",
}

// credentials fetches a token with the real AppID and AppSecret.
func (c *Platform) credentials(ctx context.Context) bool {
	if n := len(c.cfg.WeChat.AppSecret.Reveal()); n != secretLength {
		c.Warn("微信：AppSecret 有 %d 个字符，通常是 %d 个：是否没有复制完整", n, secretLength)
	}
	err := c.account.Ping(ctx)
	if err == nil {
		c.Pass("微信：AppID 和 AppSecret 有效，本机 IP 可以调用")
		return true
	}
	e, refused := errors.AsType[*wechat.APIError](err)
	if !refused {
		c.Fail("微信：取 access_token 没有得到应答：%s", fault.Message(err))
		return false
	}
	c.Fail("微信：%s", reason(err))
	if e.Code == codeForeignIP {
		_, ip := wechat.Diagnose(err)
		c.Also("要加入的 IP：%s，几分钟后生效", cmp.Or(ip, "平台没有说是哪个，请问服务器的提供方"))
	}
	if more := further[e.Code]; more != "" {
		c.Also("%s", more)
	}
	return false
}

// reason returns what an operator has to fix, else the platform's message, which can be looked up. The message
// of a fault is for the program's users.
func reason(err error) string {
	if cure, _ := wechat.Diagnose(err); cure != "" {
		return cure
	}
	if e, ok := errors.AsType[*wechat.APIError](err); ok {
		return fmt.Sprintf("errcode %d，%s", e.Code, e.Msg)
	}
	return fault.Message(err)
}

const (
	// secretLength is the length of every known AppSecret: 32 hexadecimal digits.
	secretLength = 32
	// codeForeignIP is the platform's errcode for an address that is not on the list.
	codeForeignIP = 40164
	// codeNoPage is its errcode for a page that is not in the released version.
	codeNoPage = 41030
	// codeAPISecurity is its errcode for an account that accepts only encrypted calls.
	codeAPISecurity = 40234
)

// image draws one round code, which the platform does only for released pages.
func (c *Platform) image(ctx context.Context) {
	if env := c.cfg.WeChat.EnvVersion; env != wechat.EnvRelease {
		c.Warn("小程序码和通知现在打开的是 %s 版，只有项目成员打得开：正式使用前请把 wechat.env_version 改成 release", env)
	}
	if c.key == "" {
		c.Pass("小程序码：还没有导入名册，没有码可试")
		return
	}
	_, err := c.account.CodeImage(ctx, c.key)
	e, refused := errors.AsType[*wechat.APIError](err)
	switch {
	case err == nil:
		c.Pass("小程序码：可以生成")
	case refused && e.Code == codeNoPage:
		c.Fail("小程序码：小程序还没有发布，或已发布的版本里没有页面 %s（errcode %d）。请在公众平台“版本管理”里提交审核并发布；之前可用 mashang codes print --plain 打印普通二维码", wechat.PageScan, e.Code)
	default:
		c.Fail("小程序码：没有生成：%s", reason(err))
	}
}

// callbacks reports the number of addresses of pushes, for a firewall.
func (c *Platform) callbacks(ctx context.Context) {
	if ips, err := c.account.CallbackIPs(ctx); err == nil && len(ips) > 0 {
		c.Pass("消息推送：来自平台的 %d 个地址或网段（getcallbackip）；防火墙限制来源时才要放行", len(ips))
	}
}
