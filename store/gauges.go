package store

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/casework"
)

// Gauge has a station's figures at a moment.
type Gauge struct {
	// InState counts the submissions in each state.
	InState map[casework.State]int
	// Overdue counts the submissions with members past their deadline.
	Overdue int
	// OldestPooled is how long the oldest submission in the pool has waited; 0 for none.
	OldestPooled time.Duration
	// Outbox counts pending notices; OutboxLag is how long the first has been due; Dead counts those given up.
	Outbox    int
	OutboxLag time.Duration
	Dead      int
	// Alarms counts dangers that no liaison has handled, HeldPhotos the photos that wait for a liaison.
	Alarms, HeldPhotos int
	// Undelivered counts the undelivered notices.
	Undelivered int
	// Told counts all outcomes of notices so far.
	Told map[string]int
}

// Gauges reads the figures of every station for metrics, in some microseconds a station.
func (s Upkeep) Gauges(ctx context.Context) (map[string]Gauge, error) {
	ids, err := Stations(s).StationIDs(ctx)
	if err != nil {
		return nil, err
	}
	gauges := make(map[string]Gauge, len(ids))
	for part := range slices.Chunk(ids, batch/10) {
		p := s.rdb.Pipeline()
		reads := make([]measure, len(part))
		for i, st := range part {
			reads[i] = ask(ctx, p, spaceOf(st), s.now())
		}
		if _, err := p.Exec(ctx); err != nil {
			return nil, failed(err)
		}
		for i, st := range part {
			if gauges[st], err = reads[i].read(s.now()); err != nil {
				return nil, broken(err, "委员工作站 "+st+" ")
			}
		}
	}
	return gauges, nil
}

// Waiting counts the pushed events that are not processed yet.
func (s Upkeep) Waiting(ctx context.Context) (int, error) {
	n, err := s.rdb.ZCard(ctx, keyEvents).Result()
	return int(n), failed(err)
}

// measure has the commands of one station's figures.
type measure struct {
	states                                        []*redis.IntCmd
	overdue, outbox, dead, alarms, photos, untold *redis.IntCmd
	pooled, lag                                   *redis.ZSliceCmd
	told                                          *redis.MapStringStringCmd
}

func ask(ctx context.Context, p redis.Pipeliner, sp space, now time.Time) measure {
	m := measure{states: make([]*redis.IntCmd, len(casework.States))}
	for i, state := range casework.States {
		m.states[i] = p.ZCard(ctx, sp.inState(state))
	}
	m.overdue = p.ZCount(ctx, sp.due(), "-inf", strconv.FormatInt(now.UnixMilli(), 10))
	m.pooled = p.ZRangeWithScores(ctx, sp.pool(), 0, 0)
	m.outbox, m.dead = p.ZCard(ctx, sp.outbox()), p.HLen(ctx, sp.outboxDead())
	m.alarms, m.photos = p.ZCard(ctx, sp.alarms()), p.ZCard(ctx, sp.photos())
	m.untold = p.ZCard(ctx, sp.undelivered())
	m.lag = p.ZRangeWithScores(ctx, sp.outbox(), 0, 0)
	m.told = p.HGetAll(ctx, sp.toldCounts())
	return m
}

func (m measure) read(now time.Time) (Gauge, error) {
	g := Gauge{
		InState: make(map[casework.State]int, len(m.states)), Told: map[string]int{},
		Overdue: int(m.overdue.Val()), Outbox: int(m.outbox.Val()), Dead: int(m.dead.Val()),
		Alarms: int(m.alarms.Val()), HeldPhotos: int(m.photos.Val()), Undelivered: int(m.untold.Val()),
		OldestPooled: age(m.pooled.Val(), now), OutboxLag: age(m.lag.Val(), now),
	}
	for i, state := range casework.States {
		g.InState[state] = int(m.states[i].Val())
	}
	for outcome, count := range m.told.Val() {
		n, err := strconv.Atoi(count)
		if err != nil {
			return g, err
		}
		g.Told[outcome] = n
	}
	return g, nil
}

// age returns how long ago the first entry's time was, 0 for none or a future one.
func age(first []redis.Z, now time.Time) time.Duration {
	if len(first) == 0 {
		return 0
	}
	return max(now.Sub(time.UnixMilli(int64(first[0].Score))), 0)
}

// Healthy checks that a write is acknowledged. With an fsync for each write this means that the disk works.
func (s Upkeep) Healthy(ctx context.Context) error {
	return failed(s.rdb.Set(ctx, keyHealthy, s.now().UnixMilli(), 0).Err())
}
