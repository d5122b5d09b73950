package app

import (
	"context"
	"io/fs"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/redis/go-redis/v9"

	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/desk"
	"mashang/desk/roster"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
	"mashang/wechat"
)

// What tests from outside look at of the parts between the plugs.
type (
	Canary  = canary
	Census  = census
	Product struct{ *product }
)

var (
	Guard       = checkStore
	Christen    = nameStore
	Remember    = saveCanary
	ReadCanary  = readCanary
	WriteCanary = writeCanary
	HostOf      = hostOf
)

// Build joins a product without a listener.
func Build(ctx context.Context, cfg config.Config, log *slog.Logger) (Product, error) {
	p, err := build(ctx, cfg, true, "test", log)
	return Product{p}, err
}

func (p Product) Close(ctx context.Context) error    { return p.close(ctx) }
func (p Product) Seed(ctx context.Context) error     { return seed(ctx, p.product) }
func (p Product) Remember(ctx context.Context) error { return p.saveCanary(ctx) }
func (p Product) Store() *store.Store                { return p.back.Store }
func (p Product) Ring() *seal.Keyring                { return p.ring }
func (p Product) Desk() *desk.Desk                   { return p.desk }

// Cleared tells of a use of clear_quota as the platform's client does.
func (p Product) Cleared(ctx context.Context, failed error) {
	var c wechat.Config
	p.auditClears(&c)
	c.Cleared(ctx, failed)
}

// EraseIfDue is the server's hourly look at a time of the test's.
func (p Product) EraseIfDue(ctx context.Context, now time.Time) { p.eraseIfDue(ctx, now) }

// Client is a bare connection to the product's Redis.
func (p Product) Client(tb testing.TB) *redis.Client {
	tb.Helper()
	c := redis.NewClient(&redis.Options{Network: "unix", Addr: p.back.socket, Protocol: 2, DisableIdentity: true, MaxRetries: -1})
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

func (p Product) LoginCode(openid string) string { return p.host.Emulator.LoginCode(openid) }

func (p Product) Cast(ctx context.Context) (Cast, error) {
	cast, err := castOf(ctx, p.back, p.host)
	if err != nil {
		return Cast{}, err
	}
	return cast.(Cast), nil //nolint:forcetypeassert // a panic is a test's failure
}

// Ingest takes a roster in, or only says what would change.
func (p Product) Ingest(ctx context.Context, listed *station.Station, dry bool) (*station.Station, []station.Change, []station.Code, error) {
	var t roster.ImportResult
	var err error
	if dry {
		t, _, err = p.desk.Roster.Preview(ctx, listed)
	} else {
		t, err = p.desk.Roster.ImportListed(ctx, listed)
	}
	return t.Station, t.Changes, t.Codes, err
}

// Unbound lists who has bound no WeChat yet.
func (p Product) Unbound(ctx context.Context, st *station.Station) ([]record.Invite, error) {
	return p.desk.Identity.Unbound(ctx, st)
}

// Calls collects the state of the way to the platform.
func (p Product) Calls() prometheus.Collector { return calls{p.host.Client} }

// NewDisks watches one made-up disk, which cannot be measured while its size is 0.
func NewDisks(log *slog.Logger, now func() time.Time, room func() (free, total uint64)) *Disks {
	return &Disks{disks{dirs: []string{"/data"}, log: log, now: now, by: func(dir string) (space, error) {
		free, total := room()
		if total == 0 {
			return space{}, fs.ErrPermission
		}
		return space{Dir: dir, Free: free, Total: total}, nil
	}}}
}

// Disks is what watches them.
type Disks struct{ disks }

// Look measures once.
func (d *Disks) Look(ctx context.Context) { d.look(ctx) }

// Measure is the room of a folder's disk.
func Measure(dir string) (free, total uint64, err error) {
	s, err := measure(dir)
	return s.Free, s.Total, err
}

// DiskFindings is what the doctor says of a made-up disk, and of the Redis on it.
func DiskFindings(ctx context.Context, cfg config.Config, free, total uint64) string {
	return findingsOf(cfg, func(d *Doctor) {
		d.measure = func(dir string) (space, error) { return space{Dir: dir, Free: free, Total: total}, nil }
		d.redis(ctx, d.disk())
	})
}

// VerifyNow is the server's nightly look, and what its figure says after it; -1 for
// none.
func (p Product) VerifyNow(ctx context.Context, tb testing.TB) int {
	tb.Helper()
	p.verifyNow(ctx)
	ch := make(chan prometheus.Metric, 2)
	p.verified.Collect(ch)
	close(ch)
	for m := range ch {
		var out dto.Metric
		if err := m.Write(&out); err != nil {
			tb.Fatal(err)
		}
		if m.Desc() == verifyFaults {
			return int(out.GetGauge().GetValue())
		}
	}
	return -1
}
