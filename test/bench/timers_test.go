package bench_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
	"mashang/store/storetest"
)

// The open deadlines of a small station and of one that no province has, and of
// how many somebody is reminded in a round.
const (
	fewDeadlines  = 1_000
	manyDeadlines = 1_000_000
	dueAtOnce     = 100
)

// BenchmarkReminders measures a round of reminders (reading what is due, setting
// each one's next) among a million open deadlines, in turns with the same round
// among a thousand.
func BenchmarkReminders(b *testing.B) {
	server := storetest.New(b)
	s, rdb := server.Open(b), server.Client(b)
	now := storetest.Noon
	for st, n := range map[string]int{"few": fewDeadlines, "many": manyDeadlines} {
		deadlines(b, s, rdb, st, n, now)
	}
	round := func(st string) time.Duration {
		start := time.Now()
		timers, err := s.Timers(b.Context(), st, now, dueAtOnce)
		if err != nil || len(timers) != dueAtOnce {
			b.Fatalf("%d are due, %v", len(timers), err)
		}
		list := make([]record.Reminded, len(timers))
		for i, t := range timers {
			list[i] = record.Reminded{Timer: t, Version: 1, Next: t.At + 1} // still due in the next round
		}
		if missed, err := s.Remind(b.Context(), st, list, nil, now); err != nil || len(missed) > 0 {
			b.Fatalf("missed %d, %v", len(missed), err)
		}
		return time.Since(start)
	}
	for b.Loop() {
		var took [2][]float64
		var ratios []float64
		for range 100 {
			few, many := round("few").Seconds()*1e3, round("many").Seconds()*1e3
			took[0], took[1] = append(took[0], few), append(took[1], many)
			ratios = append(ratios, many/few)
		}
		figure(b, middle(took[1]), "ms/round")
		figure(b, middle(took[0]), "ms/round-of-1000")
		figure(b, middle(ratios), "of-1000")
		aim(b, "a round among a million against one among a thousand", middle(ratios), "<=", 1.5)
	}
}

// deadlines fills a station: a hundred that are due, the rest due later.
func deadlines(b *testing.B, s *store.Store, rdb *redis.Client, st string, n int, now time.Time) {
	b.Helper()
	clock := casework.Clock{Days: calendar.New(station.Zone)}
	for i := range dueAtOnce {
		filed := now.AddDate(0, 0, -30)
		sub := clock.Start(casework.Submission{
			ID: fmt.Sprintf("%s-%016d", st, i), Station: st, Filer: "u", FiledAt: casework.At(filed),
			Kind: casework.Complaint, Visitor: casework.Resident, Text: "路灯不亮",
			Target: station.Target{Kind: station.ForStation},
		}, filed)
		name := fmt.Sprintf("deadline-%d", i)
		if _, _, err := s.Admit(b.Context(), record.Admission{Submission: sub, Key: name, BodyHash: name, NoticeID: name, Now: filed}); err != nil {
			b.Fatal(err)
		}
	}
	batch := make([]redis.Z, 0, 10_000)
	for i := dueAtOnce; i < n; i++ {
		batch = append(batch, redis.Z{Member: fmt.Sprintf("%016d", i), Score: float64(now.UnixMilli() + int64(i))})
		if len(batch) == cap(batch) || i == n-1 {
			if err := rdb.ZAdd(b.Context(), "{"+st+"}:urge", batch...).Err(); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
}
