// Command mashang is the whole product in one binary: people scan a committee member's code and file a matter,
// and the right member answers from WeChat.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/mattn/go-isatty"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
	"mashang/cmd/mashang/internal/doctor"
	"mashang/desk/codes"
	"mashang/domain/fault"
	"mashang/handlers/roster"
)

// version is set by the build.
var version = "dev"

// Main is the command line. Everything that it uses outside is a field, so that a test can run it.
type Main struct {
	Args    []string
	Environ []string
	Stdout  io.Writer
	Stderr  io.Writer
	// Hangup delivers SIGHUP: a service reads its settings again, other commands stop in order. It may be nil.
	Hangup <-chan os.Signal
	// Attended: the log is shown in a terminal. SIGHUP then means that the terminal was closed.
	Attended bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	hangup := make(chan os.Signal, 1)
	if !signal.Ignored(syscall.SIGHUP) { // nohup ignores it
		signal.Notify(hangup, syscall.SIGHUP)
	}
	m := Main{Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr, Hangup: hangup, Attended: isatty.IsTerminal(os.Stderr.Fd())}
	code := m.Run(ctx)
	stop()
	os.Exit(code)
}

// cli is the grammar of the command line. Its help is for operators.
type cli struct {
	Config string `help:"配置文件；不写时用 MASHANG_CONFIG，或当前目录的 config.yaml（可以没有）。" type:"path" placeholder:"FILE"`

	Serve    serveCmd    `cmd:"" default:"withargs" help:"运行服务（默认）。"`
	Roster   rosterCmd   `cmd:"" help:"名册：导入站点、委员、议事室、值班表。"`
	Routing  routingCmd  `cmd:"" help:"分派：用别的规则重算，看会有什么不同。"`
	Holidays holidaysCmd `cmd:"" help:"节假日：查看和录入每年的放假与调休安排。"`
	Figures  figuresCmd  `cmd:"" help:"数据：按时、解决、满意，各是多少件里的多少。"`
	Audit    auditCmd    `cmd:"" help:"操作记录：核对有没有被改动。"`
	Codes    codesCmd    `cmd:"" help:"码牌：打印二维码。"`
	Doctor   doctorCmd   `cmd:"" help:"体检：检查配置、Redis、密钥、微信，并说明怎么处理。"`
	Verify   verifyCmd   `cmd:"" help:"核对数据：每件诉求的封签、列表、件数、附件；服务运行时也可以做。"`
	Backup   backupCmd   `cmd:"" help:"备份数据（不含密钥）到一个文件。"`
	Migrate  migrateCmd  `cmd:"" help:"把旧格式的数据升级到本版本的格式；serve 启动时会自动做，连着另外的 Redis 时才要手工运行。"`
	Restore  restoreCmd  `cmd:"" help:"把备份恢复到空的数据目录，并逐项核对。"`
	OpenAPI  openapiCmd  `cmd:"" name:"openapi" help:"输出 HTTP 接口的 OpenAPI 3.1 文件。"`
	Version  versionCmd  `cmd:"" help:"输出版本。"`
}

// Run parses the arguments, runs the command and returns the exit code: 0 done, 1 failed, 2 misused.
func (m Main) Run(ctx context.Context) int {
	var c cli
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	e := &env{Main: m}
	go e.handleHangups(ctx, stop)
	exit := -1
	parser, err := kong.New(&c, kong.Name("mashang"), kong.Description("码上：扫码见委员，有事马上办。"),
		kong.Writers(m.Stdout, m.Stderr), kong.Exit(func(code int) { exit = code }), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		_, _ = fmt.Fprintln(m.Stderr, err)
		return 2
	}
	k, err := parser.Parse(m.Args)
	if exit >= 0 {
		return exit // help was printed
	}
	if err != nil {
		_, _ = fmt.Fprintln(m.Stderr, "mashang:", err)
		return 2
	}
	e.file = c.Config
	if err := k.Run(e); err != nil {
		_, _ = fmt.Fprintln(m.Stderr, "mashang:", words(err))
		return 1
	}
	return 0
}

// words returns the message for the operator: a fault's advice with its cause.
func words(err error) string {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err.Error()
	}
	if cause := errors.Unwrap(e); cause != nil {
		return e.Message + "（" + cause.Error() + "）"
	}
	return e.Message
}

// env is what commands share.
type env struct {
	Main
	file string
	// level is the log's level, which a running service can change.
	level slog.LevelVar
	// onHangup is what a service does on SIGHUP; nil without a service.
	onHangup atomic.Pointer[func()]
}

// handleHangups handles SIGHUP: a service without a terminal reads its settings again, other commands stop in
// order.
func (e *env) handleHangups(ctx context.Context, stop func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.Hangup:
			again := e.onHangup.Load()
			if again == nil || e.Attended {
				stop()
				return
			}
			(*again)()
		}
	}
}

// load reads the configuration and creates the configured log.
func (e *env) load() (config.Config, config.Origin, *slog.Logger, error) {
	cfg, origin, err := config.Load(config.Source{File: e.file, Environ: e.Environ})
	if err != nil {
		return cfg, origin, nil, err
	}
	if err := e.level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		return cfg, origin, nil, fmt.Errorf("log.level: %w", err)
	}
	opts := &slog.HandlerOptions{Level: &e.level}
	var h slog.Handler = slog.NewTextHandler(e.Stderr, opts)
	if cfg.Log.Format == "json" {
		h = slog.NewJSONHandler(e.Stderr, opts)
	}
	log := slog.New(h)
	for _, name := range origin.UnknownVars {
		log.Warn("an environment variable looks like a setting and is none", slog.String("name", name))
	}
	return cfg, origin, log, nil
}

// reload reads the settings again. The log's level applies at once; other changes are logged by name, as they
// need a restart. Faulty settings change nothing.
func (e *env) reload(ctx context.Context, running config.Config, log *slog.Logger) {
	next, _, err := config.Load(config.Source{File: e.file, Environ: e.Environ})
	if err != nil {
		log.ErrorContext(ctx, "settings not read again; those of the start hold", slog.Any("err", err))
		return
	}
	running.Log.Level = next.Log.Level
	// It is logged before the level changes, as a higher level would suppress it.
	log.WarnContext(ctx, "settings read again", slog.String("level", next.Log.Level),
		slog.Any("after_a_restart", config.Differ(running, next)))
	if err := e.level.UnmarshalText([]byte(next.Log.Level)); err != nil {
		log.ErrorContext(ctx, "the log's level stays as it is", slog.Any("err", err))
	}
}

type serveCmd struct {
	Demo bool `help:"空库时放入一个虚构的乡镇站点，并打印怎样扮演群众和委员。"`
}

func (c *serveCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	again := func() { e.reload(ctx, cfg, log) }
	e.onHangup.Store(&again)
	s := app.Serve{Config: cfg, Demo: c.Demo, Version: version, Log: log}
	var addr string
	s.Listening = func(a string) { addr = a }
	s.Ready = func() {
		if c.Demo {
			app.Welcome(e.Stdout, addr)
		}
	}
	return s.Run(ctx)
}

type rosterCmd struct {
	Import   rosterImportCmd   `cmd:"" help:"从表格（xlsx，或一组 csv）导入；全部正确才会生效，可重复导入。"`
	Template rosterTemplateCmd `cmd:"" help:"写出空白表格。"`
	Export   rosterExportCmd   `cmd:"" help:"把现有名册写成表格，改好后可以再导入。"`
}

type rosterImportCmd struct {
	Files       []string `arg:"" help:"一个 xlsx 文件、若干 csv 文件，或一个装有 csv 的文件夹。" type:"path"`
	DryRun      bool     `help:"只说明会有哪些变化，不做改动。"`
	Retire      int      `help:"确认会停用多少名委员；少了很多人的表格不写明就不导入。" placeholder:"N"`
	Invitations string   `help:"同时为还没有绑定微信的人生成一次性邀请码，写入这个 csv 文件。" type:"path" placeholder:"FILE"`
}

func (c *rosterImportCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Import{
		Config: cfg, Log: log, Out: e.Stdout, Paths: c.Files, DryRun: c.DryRun, Retire: c.Retire, Invitations: c.Invitations,
	}.Run(ctx)
}

type rosterTemplateCmd struct {
	File string `arg:"" help:"要写的 xlsx 文件。" type:"path" default:"roster.xlsx"`
}

func (c *rosterTemplateCmd) Run(e *env) error { return app.Template(c.File, e.Stdout) }

type rosterExportCmd struct {
	File    string `arg:"" help:"要写的 xlsx 文件；已存在的文件不会覆盖。" type:"path"`
	Station string `help:"站点编号；只有一个站点时可不写。"`
}

func (c *rosterExportCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Export{Config: cfg, Log: log, Out: e.Stdout, File: c.File, Station: c.Station}.Run(ctx)
}

type codesCmd struct {
	Print codesPrintCmd `cmd:"" help:"把码牌写成 PDF 或图片，每个码画好后都先读一遍。"`
}

type codesPrintCmd struct {
	File    string   `arg:"" help:"要写的文件。" type:"path" default:"codes.pdf"`
	Station string   `help:"站点编号；只有一个站点时可不写。"`
	Kind    []string `help:"只打印这些种类：member、room、place、station、reception。" enum:"member,room,place,station,reception"`
	Key     []string `help:"只打印这些码。"`
	Plain   bool     `help:"只印普通二维码，不取小程序码（不需要联网）。"`

	Template string `help:"样式：sheet 整张 A4，door A5 门牌，notice 一村委员的 A4 公示牌，table 桌牌，poster A3 海报，sticker A6 贴纸。" enum:"sheet,door,notice,table,poster,sticker" default:"sheet"`
	Crop     bool   `help:"门牌、桌牌两张、贴纸四张拼一张 A4，带裁切线。"`
	Headline string `help:"自己的牌头，代替“扫码见委员”等，最多 10 个字。"`
	PNG      bool   `name:"png" help:"写成图片；不止一张时写成 zip。"`
}

func (c *codesPrintCmd) Run(ctx context.Context, e *env) error {
	// Before the round codes are fetched, of which the platform gives so many a day.
	if err := (codes.SignOrder{Template: c.Template, Headline: c.Headline}).Check(); err != nil {
		return err
	}
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Print{
		Config: cfg, Log: log, Out: e.Stdout, File: c.File, Station: c.Station, Kinds: c.Kind, Keys: c.Key, Plain: c.Plain,
		Template: c.Template, Crop: c.Crop, Headline: c.Headline, PNG: c.PNG,
		Progress: terminal(e.Stderr),
	}.Run(ctx)
}

// terminal returns w if it is a terminal, else nil.
func terminal(w io.Writer) io.Writer {
	f, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return w
}

type doctorCmd struct{}

func (*doctorCmd) Run(ctx context.Context, e *env) error {
	cfg, origin, log, err := e.load()
	if err != nil {
		return err
	}
	return (&app.Doctor{Config: cfg, Origin: origin, Log: log, Findings: doctor.Findings{Out: e.Stdout}}).Run(ctx)
}

type verifyCmd struct{}

func (*verifyCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Verify{Config: cfg, Log: log, Out: e.Stdout, Progress: terminal(e.Stderr)}.Run(ctx)
}

type backupCmd struct {
	File string `arg:"" help:"要写的备份文件；已存在的文件不会覆盖。" type:"path"`
}

func (c *backupCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Backup{Config: cfg, Log: log, Out: e.Stdout, File: c.File, Version: version}.Run(ctx)
}

type migrateCmd struct {
	BackedUp bool `help:"已经停止旧版本的服务并自己备份过：不再自动备份。"`
}

func (c *migrateCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Migrate{Config: cfg, Log: log, Out: e.Stdout, Version: version, BackedUp: c.BackedUp}.Run(ctx)
}

type restoreCmd struct {
	File string `arg:"" help:"备份文件。" type:"existingfile"`
}

func (c *restoreCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Restore{Config: cfg, Log: log, Out: e.Stdout, File: c.File}.Run(ctx)
}

type openapiCmd struct {
	Roster bool `help:"改为输出名册各表的表单说明（JSON）。"`
}

func (c *openapiCmd) Run(e *env) error {
	if !c.Roster {
		return app.OpenAPI(e.Stdout)
	}
	forms, err := roster.Forms()
	if err != nil {
		return err
	}
	_, err = e.Stdout.Write(forms)
	return err
}

type versionCmd struct{}

func (*versionCmd) Run(e *env) error {
	_, err := fmt.Fprintf(e.Stdout, "mashang %s（数据格式 %d）\n", version, app.DataFormat)
	return err
}
