package matters_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/store"
)

// TestAnyActsLeaveEachInOneQueue: after any sequence of acts of anybody, merges and
// splits included, each submission stands in exactly the lists it belongs to, and
// the loads are what the members hold.
func TestAnyActsLeaveEachInOneQueue(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	members := []string{"m01", "m02", "m03", "m04"}
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		v := b.Visitor(fmt.Sprint("somebody-", n%7))
		var ids []string
		for i := range rapid.IntRange(2, 4).Draw(t, "filed") {
			s, err := b.Filing.Submit(t.Context(), v, fmt.Sprintf("any-%06d-%d", n, i),
				desktest.Request(b.Key(station.ForMember, rapid.SampledFrom(members).Draw(t, "code"))))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, s.ID)
		}
		for range rapid.IntRange(1, 14).Draw(t, "acts") {
			id := rapid.SampledFrom(ids).Draw(t, "which")
			s := b.Load(id)
			version := s.Version
			var err error
			switch act := rapid.SampledFrom([]access.Action{
				access.Accept, access.Ask, access.Reply, access.Transfer, access.Return, access.Close, access.Assign, access.Extend,
				access.Message, access.Withdraw, access.Reopen, access.Merge, access.Split, access.Fulfil, access.Promise,
			}).Draw(t, "act"); act {
			case access.Merge:
				_, err = b.Matters.Merge(t.Context(), l, id, rapid.SampledFrom(ids).Draw(t, "into"), version, "同一件事")
			case access.Split:
				_, err = b.Matters.Split(t.Context(), l, id, version, "不是同一件")
			default:
				c := v
				switch act {
				case access.Assign:
					c = l
				case access.Message, access.Withdraw, access.Reopen:
				default:
					if s.Assignee == "" {
						continue
					}
					c = b.Member(s.Assignee)
				}
				_, err = b.Matters.Act(t.Context(), c, id, matters.ActRequest{
					Act: act, Version: &version, Text: "话", Reason: "原因", To: rapid.SampledFrom(members).Draw(t, "to"),
					Outcome: rapid.SampledFrom([]casework.Outcome{casework.Solved, casework.Agreed}).Draw(t, "outcome"), Days: 2,
					Promised: promised(t, act, b),
				})
			}
			if fault.Is(err, fault.Internal) || fault.Is(err, fault.Unavailable) {
				t.Fatal(err)
			}
		}
		if rapid.Bool().Draw(t, "swept") {
			if _, err := b.Deadlines.Sweep(t.Context(), desktest.Here); err != nil {
				t.Fatal(err)
			}
		}
		r, err := b.Store.Verify(t.Context(), store.Verification{})
		if err != nil || len(r.Faults) > 0 {
			t.Fatalf("%v: %v", err, r.Faults)
		}
		for _, id := range ids { // so that nobody's room is used up by earlier checks
			_, _ = b.Matters.Act(t.Context(), v, id, matters.ActRequest{Act: access.Withdraw})
		}
	})
}

// promised is a day for the acts that take one.
func promised(t *rapid.T, act access.Action, b *desktest.Bundle) string {
	if act != access.Promise {
		return ""
	}
	return b.Clock.Now().In(station.Zone).AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "days")).Format(time.DateOnly)
}
