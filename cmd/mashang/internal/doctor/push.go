package doctor

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mashang/domain/fault"
	"mashang/wechat"
)

// PushPath is the path for pushes; the platform's console needs the whole URL.
const PushPath = "/wechat/push"

// certificateWarning is how long before the end of a certificate a warning is given.
const certificateWarning = 14 * 24 * time.Hour

// WrongDomain says why the platform's console would refuse an origin as a server domain, "" if it probably
// would not.
func WrongDomain(u *url.URL) string {
	host := u.Hostname()
	_, notIP := netip.ParseAddr(host)
	switch {
	case u.Scheme != "https":
		return "小程序和二维码规则只接受 https 域名，请改成正式域名"
	case notIP == nil || host == "localhost" || !strings.Contains(host, "."):
		return "服务器域名不能是 IP 地址或本机名，请改成备过案的域名"
	case u.Port() != "":
		return "消息推送和二维码规则只能用 443 端口，请去掉端口，由反向代理监听 443"
	}
	return ""
}

// push calls the push URL like the platform and reports whether the public address answers, so that further
// checks make sense.
func (c *Platform) push(ctx context.Context) bool {
	echo := c.account.EchoProbe()
	got := fetch(ctx, c.web, c.cfg.HTTP.PublicURL+PushPath, echo)
	if got.err != nil || got.status != http.StatusOK || got.body != echo.Want {
		return c.explainAnswer(ctx, "校验请求", echo, got)
	}
	event, err := c.account.EventProbe()
	if err != nil {
		c.Fail("消息推送：做不出试推的消息：%s", fault.Message(err))
		return true
	}
	again := fetch(ctx, c.web, c.cfg.HTTP.PublicURL+PushPath, event)
	if again.err != nil || again.status != http.StatusOK || again.body != event.Want {
		return c.explainAnswer(ctx, "推送", event, again)
	}
	c.Pass("消息推送：%s%s 应答正确（%v、%v）", c.cfg.HTTP.PublicURL, PushPath,
		got.took.Round(time.Millisecond), again.took.Round(time.Millisecond))
	if max(got.took, again.took) > c.slow {
		c.Warn("消息推送：应答用了 %v。平台等 5 秒，等不到就重推、最后丢弃：请检查服务器负荷和反向代理", max(got.took, again.took).Round(time.Millisecond))
	}
	if left := time.Until(got.until); !got.until.IsZero() && left < certificateWarning {
		c.Warn("证书 %d 天后到期：请续期，并让反向代理重新加载", int(left.Hours()/24))
	}
	if c.cfg.WeChat.PushMode == string(wechat.PushPlain) {
		c.Warn("消息推送是明文模式：看到过一次推送的人就能伪造。请在%s改成“安全模式”，同时把 wechat.push_mode 改成 safe", atPush)
	}
	return true
}

// explainAnswer says what a wrong answer means. It also asks the server on this machine directly, to
// distinguish its faults from those of a proxy.
func (c *Platform) explainAnswer(ctx context.Context, what string, p wechat.Probe, got reply) (answers bool) {
	inside := c.probeLocal(ctx, p)
	down := inside.err != nil && errors.Is(inside.err, syscall.ECONNREFUSED)
	switch {
	case down && (got.err != nil && c.isInside() || gatewayFault(got.status)):
		c.Warn("服务没有运行（%s 没有程序监听）：推送地址和网页没有检查。请执行 mashang serve 后再体检一次", c.cfg.HTTP.Addr)
		return false
	case got.err != nil:
		c.Fail("消息推送：%s 访问不了：%s", c.cfg.HTTP.PublicURL, describeNetError(got.err))
	default:
		c.Fail("消息推送：%s%s 对%s的应答不对：%s", c.cfg.HTTP.PublicURL, PushPath, what, c.meaning(got, p, inside))
	}
	switch {
	case down:
		c.Also("另外，服务没有运行（%s 没有程序监听）：请执行 mashang serve", c.cfg.HTTP.Addr)
	case inside.err != nil || c.isInside():
	case inside.status == http.StatusOK && inside.body == p.Want:
		c.Also("本机直接访问 %s 是好的：问题在域名解析、防火墙或反向代理", c.cfg.HTTP.Addr)
	case inside.status != http.StatusForbidden && !inside.ours():
		c.Also("本机 %s 应答 %d，不像本服务：请核对 http.addr 和反向代理转到的端口", c.cfg.HTTP.Addr, inside.status)
	}
	return got.err == nil && !gatewayFault(got.status)
}

// probeLocal sends the probe to the server on this machine, without proxies.
func (c *Platform) probeLocal(ctx context.Context, p wechat.Probe) reply {
	host, port, err := net.SplitHostPort(c.cfg.HTTP.Addr)
	if err != nil || port == "0" {
		return reply{err: errors.New("no fixed address")}
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return fetch(ctx, c.local, "http://"+net.JoinHostPort(host, port)+PushPath, p)
}

// isInside reports whether the public address is this machine's own.
func (c *Platform) isInside() bool { return c.cfg.HTTP.PublicURL == "http://"+c.cfg.HTTP.Addr }

// gatewayFault reports whether a proxy says that its upstream does not answer.
func gatewayFault(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// meaning returns the cause of an answer with a wrong status or body.
func (c *Platform) meaning(got reply, p wechat.Probe, inside reply) string {
	switch s := got.status; {
	case s == http.StatusOK:
		return "应答的不是本服务（可能是网站首页或登录页），请让反向代理把这个域名整个转给 " + c.cfg.HTTP.Addr
	case s >= 300 && s < 400:
		return "被转到 " + redirectTarget(got.header.Get("Location")) + "，平台不跟随跳转：请把 http.public_url 写成跳转之后的域名，或去掉反向代理里的跳转"
	case s == http.StatusNotFound:
		return "404，反向代理没有把 " + PushPath + " 转给本服务"
	case s == http.StatusUnauthorized:
		return "401，反向代理要求登录：请对 " + PushPath + " 放行"
	case s == http.StatusRequestEntityTooLarge:
		return "413，反向代理限制了请求大小：请放宽到 12 MiB"
	case s == http.StatusForbidden && !got.ours():
		return "403，不是本服务给的：多半是反向代理、云防火墙（WAF）或防盗链拦截，请对 " + PushPath + " 放行"
	case s == http.StatusForbidden:
		return "403，" + c.denied(got, p, inside)
	case s == http.StatusServiceUnavailable && got.ours():
		return "503，服务正在启动或 Redis 不可用，见上面的检查"
	case gatewayFault(s):
		return strconv.Itoa(s) + "，反向代理连不上后面的服务：请核对它转到的地址和 http.addr（" + c.cfg.HTTP.Addr + "）"
	default:
		return "状态 " + strconv.Itoa(s)
	}
}

// denied says why our own server refused a probe of the present configuration.
func (c *Platform) denied(got reply, p wechat.Probe, inside reply) string {
	at, err := http.ParseTime(got.header.Get("Date"))
	switch {
	case err == nil && time.Since(at).Abs() > 5*time.Minute:
		return "应答的机器时钟相差 " + time.Since(at).Abs().Round(time.Minute).String() + "：请在两台机器上都开启时间同步"
	case inside.err == nil && inside.body == p.Want:
		return "反向代理转到了另一个服务，或改动了网址里的参数：请核对它转到的地址（应是 " + c.cfg.HTTP.Addr + "）"
	case p.Body != nil:
		return "Token 相符，而 EncodingAESKey、push_mode、AppID 或 original_id 与正在运行的服务不同：改过设置后请重启服务；doctor 要用与服务相同的配置文件和环境变量"
	default:
		return "Token 与正在运行的服务不同：改过设置后请重启服务；doctor 要用与服务相同的配置文件和环境变量"
	}
}

// redirectTarget returns the target of a redirection without its parameters, which contain our signature.
func redirectTarget(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" && u.Path == "" {
		return "别处（没有说明）"
	}
	u.RawQuery, u.Fragment = "", ""
	return u.String()
}
