package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/redis/go-redis/v9"

	"mashang/casework"
	"mashang/record"
)

// Count is what a station's counter says against its list of all submissions.
// Counter is raised by filing alone, so a smaller or empty list means that
// data were lost.
type Count struct{ Counter, Listed int }

// Census counts every station's submissions, cheaply.
func (s *Store) Census(ctx context.Context) (map[string]Count, error) {
	ids, err := s.StationIDs(ctx)
	if err != nil {
		return nil, err
	}
	census := make(map[string]Count, len(ids))
	for part := range slices.Chunk(ids, batch) {
		p := s.rdb.Pipeline()
		counters, lists := make([]*redis.StringCmd, len(part)), make([]*redis.IntCmd, len(part))
		for i, st := range part {
			counters[i], lists[i] = p.Get(ctx, spaceOf(st).count()), p.ZCard(ctx, spaceOf(st).all())
		}
		if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
			return nil, failed(err)
		}
		for i, st := range part {
			counter, err := counters[i].Int()
			if err != nil && !errors.Is(err, redis.Nil) {
				return nil, broken(err, "委员工作站 "+st+" ")
			}
			census[st] = Count{counter, int(lists[i].Val())}
		}
	}
	return census, nil
}

// Report is what Verify found. Each fault is a Chinese line for the operator
// that names ids and lists, and nothing personal.
type Report struct {
	Stations, Submissions int
	// Faults are the first faultsMost; More counts the others.
	Faults []string
	More   int
}

const faultsMost = 100

func (r *Report) add(format string, args ...any) {
	if len(r.Faults) == faultsMost {
		r.More++
		return
	}
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Verify reads every submission of every station, and checks that it stands in
// exactly the lists that it belongs to and that no list has more. see, if not
// nil, is called with each submission; its error becomes a fault of that
// submission (to open sealed fields, say). It is meant for a store that nobody
// writes to: what changes meanwhile can look wrong. The error is about Redis,
// not about the data.
func (s *Store) Verify(ctx context.Context, see func(casework.Submission) error) (Report, error) {
	var r Report
	ids, err := s.StationIDs(ctx)
	if err != nil {
		return r, err
	}
	slices.Sort(ids)
	for _, st := range ids {
		r.Stations++
		if err := s.verify(ctx, &r, st, see); err != nil {
			return r, err
		}
	}
	census, err := s.Census(ctx)
	for _, st := range slices.Sorted(maps.Keys(census)) {
		if c := census[st]; c.Counter != c.Listed {
			r.add("工作站 %s：累计提交 %d 件，清单中有 %d 件", st, c.Counter, c.Listed)
		}
	}
	return r, err
}

func (s *Store) verify(ctx context.Context, r *Report, st string, see func(casework.Submission) error) error {
	expected, err := s.lists(ctx, st)
	if err != nil {
		r.add("工作站 %s：%v", st, err)
		expected = map[string]int{}
	}
	for after, more := (record.Cursor{}), true; more; {
		var items []item
		if items, more, err = s.page(ctx, st, record.Index{Name: record.All}, after, batch); err != nil {
			return err
		}
		for i := range items {
			after = items[i].cursor
			r.Submissions++
			if items[i].err == nil && see != nil {
				items[i].err = see(items[i].sub)
			}
			if items[i].err != nil {
				r.add("诉求 %s：%v", after.ID, items[i].err)
			}
		}
		if err := s.placed(ctx, r, items, expected); err != nil {
			return err
		}
	}
	return s.noStrays(ctx, r, expected)
}

// lists are the lists that must be empty unless a submission is found that
// belongs there.
func (s *Store) lists(ctx context.Context, st string) (map[string]int, error) {
	sp := spaceOf(st)
	expected := map[string]int{
		sp.pool(): 0, sp.due(): 0, sp.urge(): 0, sp.alarms(): 0, sp.unsure(): 0, sp.same(): 0, sp.covered(): 0,
		sp.assists(): 0, sp.assistUrge(): 0,
	}
	for _, state := range casework.States {
		expected[sp.inState(state)] = 0
	}
	roster, err := s.Station(ctx, st)
	if err != nil {
		return expected, err
	}
	members := []string{nobody}
	for i := range roster.Members {
		members = append(members, roster.Members[i].ID)
	}
	for _, m := range members {
		for _, key := range []string{sp.inbox(m), sp.answered(m), sp.closed(m), sp.withdrawn(m)} {
			expected[key] = 0
		}
	}
	for _, body := range bodies(roster) {
		expected[sp.helping(body)], expected[sp.helped(body)] = 0, 0
	}
	return expected, nil
}

// placed checks the places of each readable submission and counts them.
func (s *Store) placed(ctx context.Context, r *Report, items []item, expected map[string]int) error {
	type check struct {
		id     string
		place  placement
		answer *redis.FloatCmd
	}
	p := s.rdb.Pipeline()
	var checks []check
	for i := range items {
		it := &items[i]
		st, local, ok := split(it.cursor.ID)
		if !ok || it.sub.ID == "" {
			continue
		}
		for _, place := range placements(spaceOf(st), &it.sub) {
			if place.key == spaceOf(st).relay() {
				continue // it leaves the list when everybody has heard
			}
			expected[place.key]++
			checks = append(checks, check{it.cursor.ID, place, p.ZScore(ctx, place.key, local)})
		}
	}
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return failed(err)
	}
	for _, c := range checks {
		st, _, _ := split(c.id)
		score, err := c.answer.Result()
		switch {
		case errors.Is(err, redis.Nil):
			r.add("诉求 %s：不在列表 %s 中", c.id, c.place.key)
		case err != nil:
			return failed(err)
		case score != float64(c.place.score) && c.place.key != spaceOf(st).urge() && c.place.key != spaceOf(st).assistUrge():
			r.add("诉求 %s：在列表 %s 中的位置不对", c.id, c.place.key)
		}
	}
	return nil
}

// noStrays checks that no list has more than was counted.
func (s *Store) noStrays(ctx context.Context, r *Report, expected map[string]int) error {
	for keys := range slices.Chunk(slices.Sorted(maps.Keys(expected)), batch) {
		p := s.rdb.Pipeline()
		sizes := make([]*redis.IntCmd, len(keys))
		for i, key := range keys {
			sizes[i] = p.ZCard(ctx, key)
		}
		if _, err := p.Exec(ctx); err != nil {
			return failed(err)
		}
		for i, key := range keys {
			if got := int(sizes[i].Val()); got != expected[key] {
				r.add("列表 %s：有 %d 条，应有 %d 条", key, got, expected[key])
			}
		}
	}
	return nil
}
