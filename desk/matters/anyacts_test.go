package matters_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/store"
)

// TestAnyActsLeaveEachInOneQueue: after any sequence of acts, merges and splits each submission is in exactly
// its lists, and the loads are the numbers of the members' submissions.
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
				_, err = b.Matters.Act(t.Context(), c, id, &version, drawn(t, act, members, b))
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
			_, _ = b.Matters.Act(t.Context(), v, id, nil, casework.Withdraw{})
		}
	})
}

// drawn is the act with the name, and with all it needs.
func drawn(t *rapid.T, name access.Action, members []string, b *desktest.Bundle) casework.Act {
	const text, reason = "话", "原因"
	to := rapid.SampledFrom(members).Draw(t, "to")
	switch name {
	case access.Accept:
		return casework.Accept{}
	case access.Ask:
		return casework.Ask{Text: text}
	case access.Reply:
		return casework.Reply{Text: text}
	case access.Transfer:
		return casework.Transfer{To: to, Reason: reason}
	case access.Return:
		return casework.Return{Reason: reason}
	case access.Close:
		return casework.Close{Text: text, Outcome: rapid.SampledFrom([]casework.Outcome{casework.Solved, casework.Agreed}).Draw(t, "outcome")}
	case access.Assign:
		return casework.Assign{To: to, Reason: reason}
	case access.Extend:
		return casework.Extend{Days: 2, Reason: reason}
	case access.Message:
		return casework.Message{Text: text}
	case access.Withdraw:
		return casework.Withdraw{Reason: reason}
	case access.Reopen:
		return casework.Reopen{Reason: reason}
	case access.Fulfil:
		return casework.Fulfil{Text: text}
	case access.Promise:
		day := b.Clock.Now().In(station.Zone).AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "days")).Format(time.DateOnly)
		return casework.Redate{Day: day, Reason: reason}
	default:
		t.Fatalf("no act %s", name)
		return nil
	}
}
