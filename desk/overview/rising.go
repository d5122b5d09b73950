package overview

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/similar"
	"mashang/domain/station"
)

const (
	// risingSpan is the recent period, which is compared with the comparisonSpan before it.
	risingSpan     = 7 * 24 * time.Hour
	comparisonSpan = 4 * risingSpan
	maxRisingRead  = 1_000 // submissions read at most
	minRising      = 3     // submissions make a topic
	maxRising      = 20
)

// RisingMatter is a concern of several submissions.
type RisingMatter struct {
	// Lead is the submission with the most people, else the first, as the liaison sees it.
	Lead matters.View
	// Recent counts those filed in the last seven days, Before those of the four weeks before.
	Recent, Before int
	Open           int
	Places         []string
	IDs            []string
}

// Rising is the increase in submissions a week. A new concern rises by all of its submissions.
func (h RisingMatter) Rising() float64 { return float64(h.Recent) - float64(h.Before)/4 }

// Rising lists the concerns that rise at the station, fastest first: submissions of the last five weeks that
// follow one lead or are similar. partial means that not all submissions were read.
func (svc *Service) Rising(ctx context.Context, c access.Caller) (list []RisingMatter, partial bool, err error) {
	if err := access.RequireStaff(c, false); err != nil {
		return nil, false, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, false, err
	}
	now := svc.kit.Now()
	var all []casework.Submission
	read := 0
	for after, more := (record.Cursor{}), true; more; {
		var page []casework.Submission
		if page, after, more, err = svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.All}, after, kit.PageLimit); err != nil {
			return nil, false, err
		}
		for _, s := range page {
			if s.FiledAt < casework.At(now.Add(-risingSpan-comparisonSpan)) {
				more = false
				break
			}
			if read++; s.Outcome != casework.Invalid {
				all = append(all, s)
			}
		}
		if read >= maxRisingRead && more {
			partial, more = true, false
		}
	}
	for _, g := range groupSimilar(st, all, now) {
		list = append(list, svc.risingMatter(c, st, g, now))
	}
	list = slices.DeleteFunc(list, func(h RisingMatter) bool { return h.Recent+h.Before < minRising || h.Recent == 0 })
	slices.SortStableFunc(list, func(a, b RisingMatter) int {
		return cmp.Or(cmp.Compare(b.Rising(), a.Rising()), cmp.Compare(b.Recent, a.Recent), cmp.Compare(a.Lead.ID, b.Lead.ID))
	})
	return list[:min(len(list), maxRising)], partial, nil
}

// groupSimilar groups submissions, oldest first: with their lead, else with the most similar earlier one, if
// the similarity is likely enough.
func groupSimilar(st *station.Station, all []casework.Submission, now time.Time) [][]casework.Submission {
	index := similar.New()
	topic := map[string]int{} // by id
	var groups [][]casework.Submission
	for _, s := range slices.Backward(all) {
		g, ok := topic[s.Lead]
		if !ok {
			for _, m := range index.Query(s.Text, matters.SpotOf(st, s.Target, s.Place), now, 1) {
				if m.Score >= similar.Likely {
					g, ok = topic[m.ID], true
				}
			}
		}
		if !ok {
			g = len(groups)
			groups = append(groups, nil)
		}
		topic[s.ID] = g
		groups[g] = append(groups[g], s)
		doc := matters.DocOf(st, s)
		doc.Closed = false // the age of closed submissions does not matter here
		index.Add(doc)
	}
	return groups
}

func (svc *Service) risingMatter(c access.Caller, st *station.Station, group []casework.Submission, now time.Time) RisingMatter {
	h := RisingMatter{}
	lead := group[0]
	for _, s := range group {
		if s.FiledAt >= casework.At(now.Add(-risingSpan)) {
			h.Recent++
		} else {
			h.Before++
		}
		if s.State.Open() {
			h.Open++
		}
		if s.People() > lead.People() {
			lead = s
		}
		if where := matters.SimilarSubmissionOf(st, s, 0).Where; where != "" && !slices.Contains(h.Places, where) {
			h.Places = append(h.Places, where)
		}
		h.IDs = append(h.IDs, s.ID)
	}
	h.Lead = svc.matters.View(svc.kit.Scope(c, st, lead))
	return h
}
