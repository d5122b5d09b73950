package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"mashang/archive"
	"mashang/calendar"
	"mashang/cmd/mashang/internal/config"
	"mashang/fault"
	"mashang/notice"
	"mashang/seal"
	"mashang/station"
	"mashang/store/redisd"
)

// Doctor looks at everything a server needs and says what is wrong and how to
// mend it. It changes nothing.
type Doctor struct {
	Config config.Config
	Origin config.Origin
	Log    *slog.Logger
	Out    io.Writer

	bad, warned int
}

// ErrSick is returned when something must be mended before serving.
var ErrSick = errors.New("有问题需要处理")

// doctorTime bounds the whole examination.
const doctorTime = 60 * time.Second

// maxSkew is how far our clock may be from the platform's: signatures of
// pushes are refused beyond five minutes, and deadlines are wrong long before.
const maxSkew = 30 * time.Second

func (d *Doctor) ok(message string, args ...any) { say(d.Out, "✓ "+message+"\n", args...) }
func (d *Doctor) warn(message string, args ...any) {
	d.warned++
	say(d.Out, "! "+message+"\n", args...)
}

func (d *Doctor) fail(message string, args ...any) {
	d.bad++
	say(d.Out, "✗ "+message+"\n", args...)
}

// Run examines and returns ErrSick if anything must be mended.
func (d *Doctor) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	d.config()
	d.folder()
	back := d.redis(ctx)
	d.keys(ctx, back)
	d.wechat(ctx)
	d.calendar()
	if back != nil {
		if err := back.Close(context.WithoutCancel(ctx)); err != nil {
			d.warn("关闭 Redis 时出错：%s", advice(err))
		}
	}
	say(d.Out, "\n%d 项必须处理，%d 项请留意\n", d.bad, d.warned)
	if d.bad > 0 {
		return ErrSick
	}
	return nil
}

func (d *Doctor) config() {
	if d.Origin.File == "" {
		d.ok("配置：没有配置文件，使用默认值和环境变量")
	} else {
		d.ok("配置：%s", d.Origin.File)
	}
	for _, name := range d.Origin.Strays {
		d.warn("环境变量 %s 不是任何设置，是否拼写有误？", name)
	}
	u, err := url.Parse(d.Config.HTTP.PublicURL)
	switch {
	case err != nil:
		d.fail("http.public_url 无法识别，请写成 https://域名 的形式")
	case d.Config.WeChat.Emulated():
		d.warn("没有配置 wechat.app_id：微信由本进程模拟，只能用于演示。正式使用请设置 MASHANG_WECHAT_APP_ID 等")
	case u.Scheme != "https":
		d.fail("http.public_url 是 %s：小程序和二维码规则只接受 https 域名，请改成正式域名", d.Config.HTTP.PublicURL)
	default:
		d.ok("对外地址：%s", d.Config.HTTP.PublicURL)
	}
}

func (d *Doctor) folder() {
	dir := d.Config.Data.Dir
	if archive.Unfinished(dir) {
		d.fail("数据目录 %s 里有一次没有完成的恢复：请清空该目录后重新执行 mashang restore", dir)
		return
	}
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		if parent := existing(dir); syscall.Access(parent, writable) != nil {
			d.fail("数据目录 %s 还不存在，也建立不了：%s 不可写，请检查权限或改用 MASHANG_DATA_DIR", dir, parent)
			return
		}
		d.ok("数据目录 %s 还不存在，首次启动时会建立", dir)
		return
	}
	if err == nil && syscall.Access(dir, writable) != nil {
		d.fail("数据目录 %s 不可写：请检查它属于运行本服务的用户", dir)
		return
	}
	if err != nil {
		d.fail("数据目录 %s 读不了：请检查权限", dir)
		return
	}
	if info.Mode().Perm()&0o077 != 0 {
		d.warn("数据目录 %s 对本机其他用户开放（%v）：请执行 chmod 700", dir, info.Mode().Perm())
	}
	d.ok("数据目录：%s", dir)
}

// writable is access(2)'s mode for making entries in a folder: W_OK | X_OK.
const writable = 2 | 1

// existing is the nearest folder above path that is there.
func existing(path string) string {
	for {
		parent := filepath.Dir(path)
		if _, err := os.Stat(parent); err == nil || parent == path {
			return parent
		}
		path = parent
	}
}

// overcommit warns of a kernel that refuses Redis the memory for a rewrite.
func (d *Doctor) overcommit() {
	if mode, err := os.ReadFile("/proc/sys/vm/overcommit_memory"); err == nil && strings.TrimSpace(string(mode)) == "0" {
		d.warn("内核设置 vm.overcommit_memory=0：内存紧张时 Redis 可能整理不了数据文件。请执行 sysctl vm.overcommit_memory=1 并写入 /etc/sysctl.conf")
	}
}

// redis looks at the server in use: a running product's own, the configured
// one, or, when nothing runs, at the binary that would be started.
func (d *Doctor) redis(ctx context.Context) *backing {
	if d.Config.Redis.Managed() {
		_, version, err := redisd.Installed(ctx, d.Config.Redis.Binary)
		if err != nil {
			d.fail("Redis：%s", advice(err))
			return nil
		}
		d.ok("Redis %s（由本程序自己启动）", version)
		d.overcommit()
		if _, running := redisd.Find(ctx, d.Config.Data.Dir); !running {
			if _, err := os.Stat(filepath.Join(d.Config.Data.Dir, "redis")); err != nil {
				d.ok("还没有数据；首次启动时会建立")
				return nil
			}
		}
	}
	back, err := connect(ctx, d.Config, true, slog.New(slog.DiscardHandler))
	if err != nil {
		d.fail("Redis：%s", advice(err))
		return nil
	}
	settings, warnings, err := back.Settings(ctx)
	if err != nil {
		d.fail("Redis 设置读不了：%s", advice(err))
		return back
	}
	d.ok("Redis %s：appendonly %v，appendfsync %s", settings.Version, settings.AppendOnly, settings.AppendFsync)
	for _, w := range warnings {
		d.warn("Redis：%s", w)
	}
	if _, err := guard(ctx, d.Config.Data.Dir, back, back.count); err != nil {
		d.fail("数据核对：%s", advice(err))
	} else {
		d.ok("数据核对：标记键和计数相符")
	}
	return back
}

func (d *Doctor) keys(ctx context.Context, back *backing) {
	c := d.Config.Seal
	switch {
	case c.Keys != "":
		ring, err := seal.Parse(c.Keys.Reveal())
		if err != nil {
			d.fail("加密密钥：%s", advice(err))
			return
		}
		d.ok("加密密钥：来自环境变量或 seal.keys_file")
		d.opens(ctx, back, ring)
	case back == nil:
		d.ok("加密密钥：首次启动时生成在 %s", c.KeysDir)
	default:
		ring, err := seal.Load(c.KeysDir)
		if err != nil {
			if id, cerr := back.Canary(ctx); cerr == nil && id == "" {
				d.ok("加密密钥：首次启动时生成在 %s", c.KeysDir)
				return
			}
			d.fail("加密密钥：%s", advice(err))
			return
		}
		d.warn("加密密钥在 %s，与数据在同一台机器上：请把 %s 的内容移到 MASHANG_SEAL_KEYS（或 seal.keys_file 指向的另一处），并另存一份；备份里不含密钥",
			c.KeysDir, filepath.Join(c.KeysDir, seal.FileName))
		d.opens(ctx, back, ring)
	}
}

// opens tries the keys on what the store has sealed.
func (d *Doctor) opens(ctx context.Context, back *backing, ring *seal.Keyring) {
	if back == nil {
		return
	}
	if err := rightKeys(ctx, back, ring, false); err != nil {
		d.fail("加密密钥：%s", advice(err))
		return
	}
	d.ok("加密密钥：打得开已存的电话")
}

// wechat fetches a token with the real credentials and compares clocks.
func (d *Doctor) wechat(ctx context.Context) {
	if d.Config.WeChat.Emulated() {
		return
	}
	d.templates()
	if skew, err := d.skew(ctx); err != nil {
		d.fail("微信：连不上 %s：请检查网络、DNS 和防火墙（%s）", d.Config.WeChat.APIBase, netWords(err))
		return
	} else if skew.Abs() > maxSkew {
		d.fail("本机时钟与微信服务器相差 %v：请开启时间同步（timedatectl set-ntp true）", skew.Round(time.Second))
	} else {
		d.ok("微信：可以连通，时钟相差 %v", skew.Round(time.Second))
	}
	stage, err := newStage(ctx, d.Config, &memory{}, nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		d.fail("微信配置：%s", advice(err))
		return
	}
	defer func() { _ = stage.Close(ctx) }() // nothing of it is kept
	if err := stage.Client.Ping(ctx); err != nil {
		d.fail("微信：取 access_token 失败：%s。请核对 AppID、AppSecret，并在公众平台“开发管理”里把本机公网 IP 加入白名单", advice(err))
		return
	}
	d.ok("微信：AppID 和 AppSecret 有效")
}

// templates names the purposes nobody can be told of.
func (d *Doctor) templates() {
	for _, p := range notice.Purposes {
		if d.Config.WeChat.Templates[string(p)] != "" {
			continue
		}
		labels := make([]string, len(notice.Fields[p]))
		for i, f := range notice.Fields[p] {
			labels[i] = f.Label
		}
		d.warn("微信：没有配置消息模板 wechat.templates.%s，这类通知发不出去。请在公众平台“订阅消息”里选用含有“%s”的模板", p, strings.Join(labels, "、"))
	}
}

// skew asks the platform's front door for its Date header.
func (d *Doctor) skew(ctx context.Context) (time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, d.Config.WeChat.APIBase, nil)
	if err != nil {
		return 0, err
	}
	client := &http.Client{
		Timeout:       d.Config.WeChat.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	_ = resp.Body.Close() // a HEAD answer has no body
	at, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0, fmt.Errorf("no date in the answer: %w", err)
	}
	return time.Since(at), nil
}

func (d *Doctor) calendar() {
	years, err := calendar.Announced()
	if err != nil {
		d.fail("节假日数据损坏：%v", err)
		return
	}
	missing := missingYears(calendar.New(station.Zone, years...), time.Now())
	for _, y := range missing {
		d.warn("没有 %d 年的节假日安排：期限暂按周末推算，请更新程序", y)
	}
	if len(missing) == 0 {
		d.ok("节假日：近期年份都有数据")
	}
}

// advice is the operator's part of an error.
func advice(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Message
	}
	return err.Error()
}

// netWords describes a network error without the address it was for, which
// could carry a secret.
func netWords(err error) string {
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return "域名解析失败：" + e.Name
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		return strings.TrimSpace(e.Err.Error())
	}
	return err.Error()
}
