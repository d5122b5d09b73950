package overview_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/overview"
	"mashang/domain/fault"
)

// rated is a store that tells of each rate that was taken.
type rated struct {
	desk.Store
	taken chan struct{}
}

func (s rated) TakeRate(ctx context.Context, key string, most int, span time.Duration) (time.Duration, error) {
	defer func() { s.taken <- struct{}{} }()
	return s.Store.TakeRate(ctx, key, most, span)
}

// Those who ask at the same time share one examination, and a station has six in ten minutes.
func TestCheckPlatform(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	sun := b.Liaison()
	if list, err := b.Overview.CheckPlatform(t.Context(), sun); err != nil || len(list) != 1 || list[0].Mark != overview.Warning {
		t.Errorf("of the emulated platform: %+v, %v", list, err)
	}
	var running, times atomic.Int32
	release, taken := make(chan struct{}), make(chan struct{}, 10)
	examine := func(ctx context.Context) []overview.Finding {
		if _, ok := ctx.Deadline(); !ok {
			t.Error("nothing ends it")
		}
		if running.Add(1) > 1 {
			t.Error("two examinations at one time")
		}
		defer running.Add(-1)
		times.Add(1)
		<-release
		return []overview.Finding{{Mark: overview.Bad, Text: "本机 IP 不在白名单里", More: []string{"203.0.113.7"}}}
	}
	d := b.SecondDesk(func(p *desk.Parts) { p.Examine, p.Store = examine, rated{p.Store, taken} })
	t.Cleanup(d.Jobs.StopJobs)
	_, err := d.Overview.CheckPlatform(t.Context(), b.Member("m01"))
	denied(t, "a member", err, fault.Denied)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			list, err := d.Overview.CheckPlatform(t.Context(), sun)
			if err != nil || len(list) != 1 || list[0].Mark != overview.Bad || list[0].More[0] != "203.0.113.7" {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
	<-taken
	<-taken
	close(release)
	both.Wait()
	for range 4 {
		if _, err := d.Overview.CheckPlatform(t.Context(), sun); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Overview.CheckPlatform(t.Context(), sun); !fault.Is(err, fault.TooMany) {
		t.Errorf("the seventh: %v", err)
	}
	if n := times.Load(); n < 5 || n > 6 {
		t.Errorf("examined %d times", n)
	}
}
