package app

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"mashang/adapters/holidays"
	"mashang/adapters/media"
	"mashang/adapters/seal"
	"mashang/adapters/sheets"
	"mashang/adapters/signin"
	"mashang/adapters/sms"
	"mashang/cmd/mashang/adapt"
	"mashang/cmd/mashang/internal/config"
	"mashang/console"
	"mashang/desk"
	"mashang/desk/audit"
	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/domain/calendar"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/handlers"
	"mashang/handlers/web"
	"mashang/miniprogram"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

// product is everything wired, without a listener.
type product struct {
	cfg    config.Config
	log    *slog.Logger
	back   *managedStore
	ring   *seal.Keyring
	media  *media.Store
	host   *platformHost
	desk   *desk.Desk
	server *handlers.Server
	// verified is the result of the last verification.
	verified verified
	// rewritten is when deleted data was last removed from Redis' files.
	rewritten rewritten
	// metrics may have a listener of their own.
	metrics *web.Metrics
	disks   *disks
}

// build opens and wires everything. After an error it closes what was opened.
func build(ctx context.Context, cfg config.Config, demo bool, version string, log *slog.Logger) (p *product, err error) {
	p = &product{cfg: cfg, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close(ctx))
		}
	}()
	if p.back, err = connect(ctx, cfg, false, log); err != nil {
		return p, err
	}
	if err := warnings(ctx, p.back, log); err != nil {
		return p, err
	}
	if p.ring, err = openKeys(ctx, cfg, p.back, migrateOlder(cfg, version, log), log); err != nil {
		return p, err
	}
	if err := checkPlatform(ctx, p.back, cfg); err != nil {
		return p, err
	}
	if err := uploadsKept(ctx, cfg, p.back); err != nil {
		return p, err
	}
	if p.media, err = openMedia(cfg); err != nil {
		return p, err
	}
	var cast func(context.Context) (any, error)
	if demo {
		cast = func(ctx context.Context) (any, error) { return castOf(ctx, p.back, p.host) }
	}
	metrics := web.NewMetrics(&queues{p.back, log})
	p.metrics = metrics
	p.disks = newDisks(cfg.Data.Dir, log)
	p.disks.look(ctx)
	metrics.Collect(p.disks)
	state := emulator.FileState(filepath.Join(cfg.Data.Dir, "emulator.json"))
	if p.host, err = newPlatformHost(ctx, cfg, p.back.Tokens(), state, cast, log, withBudget(p.back, metrics.Platform), p.auditClears); err != nil {
		return p, err
	}
	metrics.Collect(calls{p.host.Client})
	metrics.Collect(&p.verified)
	metrics.Collect(&p.rewritten)
	days, err := workdays(ctx, cfg.Data.Dir, log)
	if err != nil {
		return p, err
	}
	p.desk = desk.New(kit.Config{
		PublicURL: cfg.HTTP.PublicURL, Quiet: quiet(cfg.Notice), MaxAttempts: cfg.Notice.MaxAttempts, Emulated: cfg.WeChat.Emulated(),
		Workers: cfg.Notice.Workers, Observe: metrics.Observe,
	}, desk.Parts{
		Store: p.back.Store, Handovers: p.back.Store, Documents: p.back.Store, Platform: adapt.Platform{Client: p.host.Client}, Sealer: p.ring, Media: adapt.Files{Store: p.media}, Painter: adapt.Painter{},
		Sheets: adapt.Spreadsheets{}, Reporter: adapt.Reporter{}, Calendars: adapt.Calendars{}, SMS: p.texts(), Factors: signin.New(rand.Reader), Examine: p.examine(),
		Days: days, Now: time.Now, Rand: rand.Reader, Log: log,
	})
	p.server, err = handlers.New(p.desk, p.serverOptions(demo, version, metrics)) //nolint:contextcheck // each request brings its own; none is at hand while routes are laid
	if err != nil {
		return p, err
	}
	handler := p.server.Handler()
	p.host.server.Store(&handler)
	return p, nil
}

// auditClears audits each use of clear_quota in every station: the account's ten a month are shared by all
// stations.
func (p *product) auditClears(c *wechat.Config) {
	c.Cleared = func(ctx context.Context, failed error) {
		ctx = context.WithoutCancel(ctx) // the person who logs in may have gone
		why := "微信登录的当日次数用完，已清零一次"
		if failed != nil {
			why = "微信登录的当日次数用完，清零没有成功，0 点恢复"
		}
		ids, err := p.back.StationIDs(ctx)
		for _, id := range ids {
			err = errors.Join(err, p.desk.Audit.Note(ctx, id, audit.QuotaCleared, id, why))
		}
		if err != nil {
			p.log.ErrorContext(ctx, "clearing of the platform's quota not in the audit", slog.Any("err", err))
		}
	}
}

// texts returns the sender of one-time codes and texts, nil for none.
func (p *product) texts() desk.SMS {
	switch c := p.cfg.SMS; {
	case p.host.Emulator != nil:
		return p.host.Texts
	case c.URL != "":
		return sms.Webhook{URL: c.URL, Secret: c.Secret.Reveal(), Now: time.Now}
	}
	return nil
}

func (p *product) serverOptions(demo bool, version string, metrics *web.Metrics) web.Options {
	c := p.cfg
	o := web.Options{
		PublicURL: c.HTTP.PublicURL, TrustedProxies: c.HTTP.TrustedProxies,
		MaxBody: int64(c.HTTP.MaxBody), MaxUpload: int64(c.HTTP.MaxUpload),
		Limits: web.Limits{
			PersonPerMinute: c.Limits.PersonPerMinute, AddressPerMinute: c.Limits.AddressPerMinute,
			LoginPerMinute: c.Limits.LoginPerMinute, SubmissionsPerDay: c.Limits.SubmissionsPerDay,
			UploadsPerHour: c.Limits.UploadsPerHour, WrongInvitationsPerHour: c.Limits.BindingsPerHour,
		},
		Demo: demo, VerifyFiles: c.WeChat.VerifyFiles, Now: time.Now, Log: p.log, Metrics: metrics,
		Ready: p.ready, Stations: p.stations, Push: adapt.Push{Receiver: p.host.Client.Receiver()}, Template: sheets.Template, Version: version,
		Client: miniprogram.Files(), Console: console.Files(), MetricsHere: metricsHere(c), Disk: p.disks.Now,
	}
	if p.host.Emulator != nil {
		o.Emulator, o.MetricsURL = p.host.Emulator.Control(), metricsURL(c)
	}
	return o
}

// close closes what was opened, last first.
func (p *product) close(ctx context.Context) error {
	var errs []error
	if p.host != nil {
		errs = append(errs, p.host.Close(ctx))
	}
	if p.back != nil {
		errs = append(errs, p.saveCanary(ctx), p.back.Close(ctx))
	}
	return errors.Join(errs...)
}

// saveCanary updates the record of a store that passed the check.
func (p *product) saveCanary(ctx context.Context) error {
	if p.desk == nil {
		return nil // the store was refused or never checked
	}
	return saveCanary(ctx, p.cfg.Data.Dir, p.back, p.back.count)
}

func openMedia(cfg config.Config) (*media.Store, error) {
	m := cfg.Media
	return media.Open(filepath.Join(cfg.Data.Dir, "uploads"), media.Options{
		MaxPhotoBytes: int64(m.MaxPhotoBytes), MaxPixels: int64(m.MaxPixels), MaxSidePx: m.MaxSide, ThumbPx: m.ThumbSide,
		MaxVoiceBytes: int64(m.MaxVoiceBytes), MaxVoiceSeconds: int(m.MaxVoice.Seconds()), Decoders: m.Decoders,
		DecodeMemory: int64(m.DecodeMemory), DecodeTime: m.DecodeTime,
	})
}

// warnings logs settings of the Redis in use that could lose acknowledged data.
func warnings(ctx context.Context, back *managedStore, log *slog.Logger) error {
	_, list, err := back.Settings(ctx)
	for _, w := range list {
		log.WarnContext(ctx, "redis settings could lose acknowledged data", slog.String("advice", w))
	}
	return err
}

// workdays builds the calendar. It warns about a missing year that deadlines may soon reach: such a deadline is
// provisional.
func workdays(ctx context.Context, dir string, log *slog.Logger) (*calendar.Calendar, error) {
	years, err := holidays.Load(holidayDir(dir))
	if err != nil {
		return nil, err
	}
	c := calendar.New(station.Zone, years...)
	for _, year := range c.Missing(time.Now()) {
		log.WarnContext(ctx, "public holidays of a year are not known; deadlines in it are provisional", slog.Int("year", year))
	}
	return c, nil
}

func quiet(n config.Notice) notice.Quiet {
	return notice.Quiet{From: int(n.QuietFrom.Offset().Minutes()), To: int(n.QuietTo.Offset().Minutes())}
}

// stations lists the stations to contact when a code is invalid; none if there are more than most.
func (p *product) stations(ctx context.Context, most int) ([]codes.StationRef, error) {
	ids, err := p.back.StationIDs(ctx)
	if err != nil || len(ids) > most {
		return nil, err
	}
	return p.desk.Codes.Stations(ctx, ids), nil
}
