package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"mashang/adapters/holidays"
	"mashang/cmd/mashang/internal/config"
	"mashang/cmd/mashang/internal/doctor"
	"mashang/desk/overview"
	"mashang/domain/calendar"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Doctor checks everything that a server needs, including the platform's console, and says what is wrong and
// how to fix it. It changes nothing.
type Doctor struct {
	Config config.Config
	Origin config.Origin
	Log    *slog.Logger

	// measure returns the space of a folder's disk; nil asks the system.
	measure func(dir string) (space, error)

	doctor.Findings
}

// ErrProblemsFound is returned if something must be fixed before serving.
var ErrProblemsFound = errors.New("有问题需要处理")

// doctorTimeout is the limit of the whole examination.
const doctorTimeout = 2 * time.Minute

// Run examines and returns ErrProblemsFound if anything must be fixed.
func (d *Doctor) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	d.config()
	d.folder()
	back := d.redis(ctx, d.disk())
	d.keys(ctx, back)
	d.calendar()
	d.wechat(ctx, back)
	d.unread(ctx, back)
	if back != nil {
		if err := back.Close(context.WithoutCancel(ctx)); err != nil {
			d.Warn("关闭 Redis 时出错：%s", fault.Message(err))
		}
	}
	bad := d.Count(overview.Bad)
	say(d.Out, "\n%d 项必须处理，%d 项请留意\n", bad, d.Count(overview.Warning))
	if bad > 0 {
		return ErrProblemsFound
	}
	return nil
}

func (d *Doctor) config() {
	if d.Origin.File == "" {
		d.Pass("配置：没有配置文件，使用默认值和环境变量")
	} else {
		d.Pass("配置：%s", d.Origin.File)
	}
	for _, name := range d.Origin.UnknownVars {
		d.Warn("环境变量 %s 不是任何设置，是否拼写有误？", name)
	}
	u, err := url.Parse(d.Config.HTTP.PublicURL)
	switch {
	case err != nil:
		d.Fail("http.public_url 无法识别，请写成 https://域名 的形式")
	case d.Config.WeChat.Emulated():
		d.Warn("没有配置 wechat.app_id：微信由本进程模拟，只能用于演示。正式使用请设置 MASHANG_WECHAT_APP_ID 等")
	case doctor.WrongDomain(u) != "":
		d.Fail("http.public_url 是 %s：%s", d.Config.HTTP.PublicURL, doctor.WrongDomain(u))
	default:
		d.Pass("对外地址：%s", d.Config.HTTP.PublicURL)
	}
	if advice := untrustedProxy(d.Config.HTTP); advice != "" {
		d.Fail("反向代理：%s", advice)
	}
}

// untrustedProxy returns what to set if there must be a proxy before the server (https ends there, or only this
// machine reaches the port) and none is trusted: all its users would share one address for the limits. It is ""
// if all is well or there is no proxy.
func untrustedProxy(h config.HTTP) string {
	u, err := url.Parse(h.PublicURL)
	if err != nil || config.Loopback(net.JoinHostPort(u.Hostname(), "0")) {
		return ""
	}
	local := config.Loopback(h.Addr)
	switch {
	case local && !slices.ContainsFunc(h.TrustedProxies, holdsLoopback):
		return "服务只监听本机，前面必有本机上的反向代理，但 http.trusted_proxies 里没有它：所有人会被当作同一个地址限额。" +
			"请设置 MASHANG_HTTP_TRUSTED_PROXIES=127.0.0.1,::1，并让代理设置 X-Forwarded-For（见 docs/operation.md）"
	case !local && u.Scheme == "https" && len(h.TrustedProxies) == 0:
		return "对外是 https，前面必有反向代理，但 http.trusted_proxies 是空的：所有人会被当作同一个地址限额。" +
			"请把代理的地址写进 MASHANG_HTTP_TRUSTED_PROXIES，并让它设置 X-Forwarded-For（见 docs/operation.md）"
	default:
		return ""
	}
}

// holdsLoopback reports whether an address or network of the settings is this machine's.
func holdsLoopback(proxy string) bool {
	if p, err := netip.ParsePrefix(proxy); err == nil {
		return p.Contains(netip.MustParseAddr("127.0.0.1")) || p.Contains(netip.IPv6Loopback())
	}
	a, err := netip.ParseAddr(proxy)
	return err == nil && a.Unmap().IsLoopback()
}

func (d *Doctor) calendar() {
	years, err := holidays.Load(holidayDir(d.Config.Data.Dir))
	if err != nil {
		d.Fail("节假日数据损坏：%v", err)
		return
	}
	missing := calendar.New(station.Zone, years...).Missing(time.Now())
	for _, y := range missing {
		d.Warn("没有 %d 年的节假日安排：跨年期限只能暂定。通知公布后请运行 mashang holidays renew（见 docs/operation.md）", y)
	}
	if len(missing) == 0 {
		d.Pass("节假日：近期年份都有数据")
	}
}
