package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/redis/go-redis/v9"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Count is what a station's counter says against its list of all submissions.
// Counter is raised by filing alone, so a smaller or empty list means that
// data were lost.
type Count struct{ Counter, Listed int }

// Census counts every station's submissions, cheaply.
func (s Upkeep) Census(ctx context.Context) (map[string]Count, error) {
	ids, err := Stations(s).StationIDs(ctx)
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
	Stations, Submissions, Uploads int
	// Faults are the first faultsMost; More counts the others.
	Faults []string
	More   int
}

const faultsMost = 100

// Add adds a fault.
func (r *Report) Add(format string, args ...any) {
	if len(r.Faults) == faultsMost {
		r.More++
		return
	}
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Verification is what Verify is given besides the data; all of it may be nil.
type Verification struct {
	// Submission is called with each submission; its error becomes a fault of that
	// submission (to open sealed fields, say).
	Submission func(casework.Submission) error
	// Upload is called with the record of each upload and its file's hash; its
	// error becomes a fault of that upload (the file is missing, say).
	Upload func(id, hash string) error
	// Progress is told how many submissions are done.
	Progress func(done, total int)
}

// Verify reads everything that is sealed, every submission of every station, and
// checks that each stands in exactly the lists that it belongs to and that no list
// has more. Others may write meanwhile: what looks wrong is looked at again, value
// and lists at one moment, before it is called a fault. The error is about Redis,
// not about the data.
func (s Upkeep) Verify(ctx context.Context, v Verification) (Report, error) {
	var r Report
	ids, err := Stations(s).StationIDs(ctx)
	if err != nil {
		return r, err
	}
	slices.Sort(ids)
	census, err := s.Census(ctx)
	if err != nil && !fault.Is(err, fault.Internal) { // it tells how far we are, and no more
		return r, err
	}
	total := 0
	for _, c := range census {
		total += c.Listed
	}
	mark, err := s.Mark(ctx)
	if err != nil {
		return r, err
	}
	older := mark.ID != "" && mark.Reached() < Format
	known := map[string]int{}
	for _, st := range ids {
		r.Stations++
		if err := s.verify(ctx, &r, st, v, total, known); err != nil {
			return r, err
		}
		if err := s.verifyCount(ctx, &r, st); err != nil {
			return r, err
		}
		if older {
			continue // a backup of before: the start makes the index of the untold
		}
		if err := s.verifyUndelivered(ctx, &r, st); err != nil {
			return r, err
		}
	}
	if err := s.checkOrphanLists(ctx, &r, ids, known); err != nil {
		return r, err
	}
	err = s.verifyUploads(ctx, &r, v.Upload)
	return r, err
}

// verify looks at a station, and adds to known the lists that it looked at.
func (s Upkeep) verify(ctx context.Context, r *Report, st string, v Verification, total int, known map[string]int) error {
	expected, err := s.lists(ctx, st)
	if fault.Is(err, fault.Unavailable) {
		return err
	}
	if err != nil {
		r.Add("工作站 %s：%v", st, err)
	}
	_, err = Stations(s).Codes(ctx, st)
	if fault.Is(err, fault.Unavailable) {
		return err
	}
	if err != nil {
		r.Add("工作站 %s：%v", st, err)
	}
	for after, more := (record.Cursor{}), true; more; {
		var items []item
		if items, more, err = s.page(ctx, st, record.Index{Name: record.All}, after, batch); fault.Is(err, fault.Internal) {
			r.Add("列表 %s：读不出", spaceOf(st).all())
			break
		} else if err != nil {
			return err
		}
		for i := range items {
			after = items[i].cursor
			r.Submissions++
			if items[i].err == nil && v.Submission != nil {
				items[i].err = v.Submission(items[i].sub)
			}
			if items[i].err != nil {
				r.Add("诉求 %s：%v", after.ID, items[i].err)
			}
		}
		if err := s.checkPlaces(ctx, r, items, expected); err != nil {
			return err
		}
		if v.Progress != nil {
			v.Progress(r.Submissions, max(total, r.Submissions))
		}
	}
	maps.Copy(known, expected)
	return s.checkAllExtra(ctx, r, st, expected)
}

// lists are the lists that must be empty unless a submission is found that
// belongs there.
func (s Upkeep) lists(ctx context.Context, st string) (map[string]int, error) {
	sp := spaceOf(st)
	expected := map[string]int{
		sp.pool(): 0, sp.due(): 0, sp.urge(): 0, sp.alarms(): 0, sp.unsure(): 0, sp.same(): 0, sp.covered(): 0,
		sp.assists(): 0, sp.assistUrge(): 0,
	}
	for _, state := range casework.States {
		expected[sp.inState(state)] = 0
	}
	roster, err := Stations(s).Station(ctx, st)
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
	for _, body := range assistantKeys(roster) {
		expected[sp.helping(body)], expected[sp.helped(body)] = 0, 0
	}
	return expected, nil
}

// checkPlaces checks the places of each readable submission and counts them.
func (s Upkeep) checkPlaces(ctx context.Context, r *Report, items []item, expected map[string]int) error {
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
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) && !isWrongType(err) {
		return failed(err)
	}
	doubtful := map[string]bool{}
	for _, c := range checks {
		score, err := c.answer.Result()
		if err == nil && c.place.fits(score) || doubtful[c.id] {
			continue
		}
		doubtful[c.id] = true
		if err := s.checkSubmissionPlaces(ctx, r, c.id); err != nil {
			return err
		}
	}
	return nil
}

// checkAllExtra checks that no list has more than was counted. A list that has another
// number than was counted is asked again before it is walked: where others write,
// most have changed meanwhile.
func (s Upkeep) checkAllExtra(ctx context.Context, r *Report, st string, expected map[string]int) error {
	doubtful := slices.Sorted(maps.Keys(expected))
	for range 2 {
		var err error
		if doubtful, err = s.changedLists(ctx, doubtful, expected); err != nil {
			return err
		}
	}
	for _, key := range doubtful {
		if err := s.checkExtra(ctx, r, st, key); err != nil {
			return err
		}
	}
	return nil
}

// changedLists returns the lists that have another number than was counted.
func (s Upkeep) changedLists(ctx context.Context, keys []string, expected map[string]int) (other []string, err error) {
	for part := range slices.Chunk(keys, batch) {
		p := s.rdb.Pipeline()
		sizes := make([]*redis.IntCmd, len(part))
		for i, key := range part {
			sizes[i] = p.ZCard(ctx, key)
		}
		if _, err := p.Exec(ctx); err != nil && !isWrongType(err) {
			return nil, failed(err)
		}
		for i, key := range part {
			if sizes[i].Err() != nil || int(sizes[i].Val()) != expected[key] {
				other = append(other, key)
			}
		}
	}
	return other, nil
}
