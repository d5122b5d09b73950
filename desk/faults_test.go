package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"mashang/cmd/mashang/adapt"
	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat"
)

// TestTenThousandNoticesDespiteFaults has two processes, each with a client of its own, send ten thousand
// notices to two hundred people through a platform with all kinds of faults. None is lost, each has one final
// outcome, and each message beyond those known to have arrived has a lost answer.
func TestTenThousandNoticesDespiteFaults(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.Workers = 8 })
	people := stormPeople(b)
	b.Deliver() // the notices of the filings themselves
	before := b.Outcomes()
	for i := range desktest.FaultyEach {
		for _, s := range people {
			e := notice.Entry{
				ID: fmt.Sprintf("storm-%s-%d", s.ID, i), Submission: s.ID, Purpose: notice.VisitorReply, Person: s.Person,
				Version: 1, At: desktest.Start.UnixMilli(),
			}
			if err := b.Store.EnqueueNotice(t.Context(), desktest.Here, e, desktest.Start); err != nil {
				t.Fatal(err)
			}
		}
	}
	told := &desktest.AnswerBook{N: map[string]desktest.Answers{}}
	var desks []*desk.Desk
	for _, c := range []*wechat.Client{b.Client, b.SecondClient()} {
		desks = append(desks, b.SecondDesk(func(p *desk.Parts) { p.Platform = tallied{adapt.Platform{Client: c}, told} }))
	}
	if err := b.Emu.SetFaults(desktest.SendFaults...); err != nil {
		t.Fatal(err)
	}
	for rounds := 0; b.PendingNotices() > 0; rounds++ {
		if rounds > 20_000 {
			t.Fatalf("%d notices still wait", b.PendingNotices())
		}
		var wg sync.WaitGroup
		for _, d := range desks {
			wg.Go(func() {
				for n := 1; n > 0; {
					var err error
					if n, err = d.Delivery.Deliver(t.Context(), desktest.Here); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		b.Clock.Advance(b.NextDue())
	}
	b.CheckOutcomes(people, before)
	b.CheckMessages(people, told)
}

// tallied is the platform, with its answers counted.
type tallied struct {
	adapt.Platform

	told *desktest.AnswerBook
}

func (p tallied) Notify(ctx context.Context, m notice.Message) (notice.Receipt, error) {
	r, err := p.Platform.Notify(ctx, m)
	p.told.Mu.Lock()
	defer p.told.Mu.Unlock()
	a := p.told.N[m.OpenID]
	switch r.Outcome {
	case notice.Sent:
		a.Sent++
	case notice.Unknown:
		a.Unknown++
	}
	p.told.N[m.OpenID] = a
	return r, err
}

// stormPeople files one submission for each person and gives everybody consents enough for every message to
// arrive twice.
func stormPeople(b *desktest.Bundle) []desktest.FaultCase {
	b.T.Helper()
	var list []desktest.FaultCase
	for i := range desktest.FaultyPeople {
		openid := fmt.Sprintf("storm-person-%03d", i)
		v := b.Visitor(openid)
		s := b.File(v, b.Key(station.ForMember, "m04"))
		list = append(list, desktest.FaultCase{ID: s.ID, Person: v.Person, OpenID: openid})
		if err := b.Emu.GrantQuietly(b.T.Context(), openid, desktest.Template(notice.VisitorReply), 3*desktest.FaultyEach); err != nil {
			b.T.Fatal(err)
		}
		if err := b.Store.AddConsents(b.T.Context(), v.Person, record.Grant{Purpose: notice.VisitorReply, Count: 3 * desktest.FaultyEach}, desktest.Start); err != nil {
			b.T.Fatal(err)
		}
	}
	return list
}
