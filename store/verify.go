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

// Count compares a station's counter with its list of all submissions. Only filing raises the counter, so a
// shorter list means that data were lost.
type Count struct{ Counter, Listed int }

// Census counts every station's submissions. It is cheap.
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

// Report is the result of Verify. Each fault is a Chinese line for the operator that names ids and lists, and
// nothing personal.
type Report struct {
	Stations, Submissions, Uploads int
	// Faults are the first maxFaults faults; More counts the others.
	Faults []string
	More   int
}

const maxFaults = 100

// Add adds a fault.
func (r *Report) Add(format string, args ...any) {
	if len(r.Faults) == maxFaults {
		r.More++
		return
	}
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Verification has the checks that Verify calls; all of them may be nil.
type Verification struct {
	// Submission is called for each submission. Its error becomes a fault of the submission; it may try to open
	// sealed fields.
	Submission func(casework.Submission) error
	// Upload is called for each upload with its file's hash. Its error becomes a fault of the upload, for
	// example of a missing file.
	Upload func(id, hash string) error
	// Progress receives how many submissions are done.
	Progress func(done, total int)
}

// Verify reads all sealed values and every submission of every station, and checks that each submission is in
// exactly its lists and that no list has more. Others may write meanwhile: a suspected fault is checked again,
// value and lists at one moment, before it is reported. The error is about Redis, not about the data.
func (s Upkeep) Verify(ctx context.Context, v Verification) (Report, error) {
	var r Report
	ids, err := Stations(s).StationIDs(ctx)
	if err != nil {
		return r, err
	}
	slices.Sort(ids)
	census, err := s.Census(ctx)
	if err != nil && !fault.Is(err, fault.Internal) { // it only serves the progress
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
		if err := s.verifyAnnotations(ctx, &r, st); err != nil {
			return r, err
		}
		if err := s.verifyDocuments(ctx, &r, st); err != nil {
			return r, err
		}
		if older {
			continue // an older backup: the next start builds the index
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

// verify checks a station, and adds the checked lists to known.
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

// lists returns the lists that must be empty unless a submission belongs in them.
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
	for _, body := range record.AssistantKeys(roster) {
		expected[sp.helping(body)], expected[sp.helped(body)] = 0, 0
	}
	return expected, nil
}

// checkPlaces checks the placements of each readable submission and counts them.
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
				continue // it leaves the list when its followers are notified
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

// checkAllExtra checks that no list has more than was counted. A list of another length is measured again
// before it is read: most differences come from concurrent writes.
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

// changedLists returns the lists whose length differs from the count.
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
