package desk_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

// The load of the faulty platform: every person is told so often of one matter.
const (
	faultyPeople = 200
	faultyEach   = 50
)

// storm is what goes wrong with sending, now with this call, now with that.
var storm = []emulator.Fault{
	{Path: sendPath, Kind: emulator.FaultCutBefore, Chance: .03},
	{Path: sendPath, Kind: emulator.FaultCutAfter, Chance: .03},
	{Path: sendPath, Kind: emulator.FaultGarbage, Chance: .01},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: -1, Chance: .04},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: 40001, Chance: .02},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: 43108, Chance: .03},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: 43101, Chance: .0005},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: 45009, Chance: .0003},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: 45011, Chance: .0003},
	{Path: sendPath, Kind: emulator.FaultRevoke, Chance: .005},
	{Path: sendPath, Kind: emulator.FaultDelay, Delay: time.Millisecond, Chance: .02},
}

// TestTenThousandNoticesInAStorm has two processes, each with a client of its
// own, tell two hundred people of ten thousand things through a platform that
// fails in every way it knows. None is lost, each has one final outcome, and
// whatever arrived beyond what is known to have arrived is an answer that was cut
// after its effect, one for one.
func TestTenThousandNoticesInAStorm(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *kit.Config) { c.Workers = 8 })
	people := stormPeople(b)
	b.deliver() // the notices of the filings themselves
	before := b.outcomes()
	for i := range faultyEach {
		for _, s := range people {
			e := notice.Entry{
				ID: fmt.Sprintf("storm-%s-%d", s.ID, i), Submission: s.ID, Purpose: notice.VisitorReply, Person: s.person,
				Version: 1, At: start.UnixMilli(),
			}
			if err := b.store.Tell(t.Context(), here, e, start); err != nil {
				t.Fatal(err)
			}
		}
	}
	told := &answerBook{n: map[string]answers{}}
	var desks []*desk.Desk
	for _, c := range []*wechat.Client{b.client, b.stormClient()} {
		desks = append(desks, b.another(func(p *desk.Parts) { p.Platform = tallied{platform{c}, told} }))
	}
	if err := b.emu.SetFaults(storm...); err != nil {
		t.Fatal(err)
	}
	for rounds := 0; b.waiting() > 0; rounds++ {
		if rounds > 20_000 {
			t.Fatalf("%d notices still wait", b.waiting())
		}
		var wg sync.WaitGroup
		for _, d := range desks {
			wg.Go(func() {
				for n := 1; n > 0; {
					var err error
					if n, err = d.Delivery.Deliver(t.Context(), here); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		b.clock.Advance(b.nextDue())
	}
	b.judgeStorm(people, before)
	b.judgeEach(people, told)
}

// answers are what the platform is known to have taken for one person, and how
// often its answer was lost.
type answers struct{ sent, unknown int }

// answerBook has the answers of everybody, of all processes.
type answerBook struct {
	mu sync.Mutex
	n  map[string]answers
}

// tallied is the platform with its answers written down.
type tallied struct {
	platform

	told *answerBook
}

func (p tallied) Notify(ctx context.Context, m notice.Message) (notice.Receipt, error) {
	r, err := p.platform.Notify(ctx, m)
	p.told.mu.Lock()
	defer p.told.mu.Unlock()
	a := p.told.n[m.OpenID]
	switch r.Outcome {
	case notice.Sent:
		a.sent++
	case notice.Unknown:
		a.unknown++
	}
	p.told.n[m.OpenID] = a
	return r, err
}

// judgeEach expects of each phone what was sent to it, and at most one more for
// each of its answers that were lost.
func (b *bundle) judgeEach(people []stormMatter, told *answerBook) {
	b.t.Helper()
	for _, p := range people {
		a, arrived := told.n[p.openid], len(b.emu.Messages(p.openid))
		if extra := arrived - a.sent; extra < 0 || extra > a.unknown {
			b.t.Errorf("%s: %d arrived, %d sent, %d answers lost", p.openid, arrived, a.sent, a.unknown)
		}
	}
}

// stormMatter is one person of the storm and the matter they are told of.
type stormMatter struct{ ID, person, openid string }

// stormPeople files one matter each and gives everybody consents enough for
// every message to arrive twice.
func stormPeople(b *bundle) []stormMatter {
	b.t.Helper()
	var list []stormMatter
	for i := range faultyPeople {
		openid := fmt.Sprintf("storm-person-%03d", i)
		v := b.visitor(openid)
		s := b.file(v, b.key(station.ForMember, "m04"))
		list = append(list, stormMatter{s.ID, v.Person, openid})
		if err := b.emu.GrantQuietly(b.t.Context(), openid, template(notice.VisitorReply), 3*faultyEach); err != nil {
			b.t.Fatal(err)
		}
		if err := b.store.AddConsents(b.t.Context(), v.Person, record.Grant{Purpose: notice.VisitorReply, Count: 3 * faultyEach}, start); err != nil {
			b.t.Fatal(err)
		}
	}
	return list
}

// stormClient is a second process's way to the same platform.
func (b *bundle) stormClient() *wechat.Client {
	b.t.Helper()
	c, err := wechat.New(b.account, b.store.Tokens(), b.clock.Now, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(c.Close)
	return c
}

// nextDue is how long it is until the first notice is due.
func (b *bundle) nextDue() time.Duration {
	b.t.Helper()
	first, err := b.server.Client(b.t).ZRangeWithScores(b.t.Context(), "{"+here+"}:ob", 0, 0).Result()
	if err != nil {
		b.t.Fatal(err)
	}
	if len(first) == 0 {
		return 0
	}
	return max(time.UnixMilli(int64(first[0].Score)).Sub(b.clock.Now()), time.Second)
}

// outcomes counts what became of the notices of the station here.
func (b *bundle) outcomes() map[notice.Outcome]int {
	b.t.Helper()
	list, err := b.server.Client(b.t).HGetAll(b.t.Context(), "{"+here+"}:told:n").Result()
	if err != nil {
		b.t.Fatal(err)
	}
	n := map[notice.Outcome]int{}
	for o, text := range list {
		if n[notice.Outcome(o)], err = strconv.Atoi(text); err != nil {
			b.t.Fatal(err)
		}
	}
	return n
}

func (b *bundle) judgeStorm(people []stormMatter, before map[notice.Outcome]int) {
	b.t.Helper()
	n, total := b.outcomes(), 0
	for o := range n {
		n[o] -= before[o]
		total += n[o]
	}
	hits := map[emulator.FaultKind]int{}
	for _, f := range b.emu.Faults() {
		hits[f.Kind] += f.Hits
	}
	arrived := 0
	for _, p := range people {
		arrived += len(b.emu.Messages(p.openid))
	}
	b.t.Logf("outcomes %v, %d arrived, faults %v", n, arrived, hits)
	final := n[notice.Sent] + n[notice.Unconfirmed] + n[notice.NoConsent]
	if want := faultyPeople * faultyEach; final != want || total != want {
		b.t.Errorf("%d sent, unconfirmed or without consent of %d outcomes, want %d", final, total, want)
	}
	// A 43101 is believed: that person is told nothing more of the kind.
	if n[notice.Sent] < faultyPeople*faultyEach*8/10 {
		b.t.Errorf("too few were sent: %v", n)
	}
	lost := hits[emulator.FaultCutAfter] + hits[emulator.FaultGarbage]
	if extra := arrived - n[notice.Sent]; extra < 0 || extra > lost {
		b.t.Errorf("%d arrived and %d were sent: %d more, with %d answers lost after the effect", arrived, n[notice.Sent], extra, lost)
	}
	if cuts := lost + hits[emulator.FaultCutBefore]; b.seen.of("notice", "unknown") != cuts {
		b.t.Errorf("%d answers were lost and %d counted", cuts, b.seen.of("notice", "unknown"))
	}
}
