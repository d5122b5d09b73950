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
	// hotSpan is the time in which a topic rises, against the time before it.
	hotSpan  = 7 * 24 * time.Hour
	hotPast  = 4 * hotSpan
	hotLooks = 1_000 // of how many recent submissions
	hotLeast = 3     // submissions make a topic
	hotMost  = 20
)

// RisingMatter is a matter that several submissions speak of.
type RisingMatter struct {
	// Lead is the one that leads or came first, in the liaison's view.
	Lead matters.View
	// Recent were filed in the last seven days, Before in the four weeks before.
	Recent, Before int
	Open           int
	Places         []string
	IDs            []string
}

// Rising is how much faster it comes than before, in submissions a week; one that
// is new rises by all of them.
func (h RisingMatter) Rising() float64 { return float64(h.Recent) - float64(h.Before)/4 }

// Rising lists what rises at the station, the fastest first: submissions of the last
// five weeks that go on together or speak of the same. partial tells that there
// were more than are looked at.
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
	for after, more := (record.Cursor{}), true; more; {
		var page []casework.Submission
		if page, after, more, err = svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.All}, after, kit.PageLimit); err != nil {
			return nil, false, err
		}
		for _, s := range page {
			if s.FiledAt < casework.At(now.Add(-hotSpan-hotPast)) {
				more = false
				break
			}
			all = append(all, s)
		}
		if len(all) >= hotLooks && more {
			partial, more = true, false
		}
	}
	for _, g := range groupSimilar(st, all, now) {
		list = append(list, svc.risingMatter(c, st, g, now))
	}
	list = slices.DeleteFunc(list, func(h RisingMatter) bool { return h.Recent+h.Before < hotLeast || h.Recent == 0 })
	slices.SortStableFunc(list, func(a, b RisingMatter) int {
		return cmp.Or(cmp.Compare(b.Rising(), a.Rising()), cmp.Compare(b.Recent, a.Recent), cmp.Compare(a.Lead.ID, b.Lead.ID))
	})
	return list[:min(len(list), hotMost)], partial, nil
}

// groupSimilar puts submissions into topics, the oldest first: with those they go on
// with, else with the topic of the most alike before them, if that is likely.
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
		doc.Closed = false // the age of what is closed does not matter here
		index.Add(doc)
	}
	return groups
}

func (svc *Service) risingMatter(c access.Caller, st *station.Station, group []casework.Submission, now time.Time) RisingMatter {
	h := RisingMatter{}
	lead := group[0]
	for _, s := range group {
		if s.FiledAt >= casework.At(now.Add(-hotSpan)) {
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
