package desktest

import (
	"strconv"
	"sync"
	"time"

	"mashang/domain/notice"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

// The load of the faulty platform: how many people, and how many notices for each.
const (
	FaultyPeople = 200
	FaultyEach   = 50
)

// SendFaults are the faults of sending, with their probabilities.
var SendFaults = []emulator.Fault{
	{Path: SendPath, Kind: emulator.FaultCutBefore, Chance: .03},
	{Path: SendPath, Kind: emulator.FaultCutAfter, Chance: .03},
	{Path: SendPath, Kind: emulator.FaultMalformed, Chance: .01},
	{Path: SendPath, Kind: emulator.FaultErrcode, Code: -1, Chance: .04},
	{Path: SendPath, Kind: emulator.FaultErrcode, Code: 40001, Chance: .02},
	{Path: SendPath, Kind: emulator.FaultErrcode, Code: 43108, Chance: .03},
	{Path: SendPath, Kind: emulator.FaultErrcode, Code: 43101, Chance: .0005},
	{Path: SendPath, Kind: emulator.FaultErrcode, Code: 45009, Chance: .0003},
	{Path: SendPath, Kind: emulator.FaultErrcode, Code: 45011, Chance: .0003},
	{Path: SendPath, Kind: emulator.FaultRevoke, Chance: .005},
	{Path: SendPath, Kind: emulator.FaultDelay, Delay: time.Millisecond, Chance: .02},
}

// Answers counts what the platform is known to have accepted for one person, and how many answers were lost.
type Answers struct{ Sent, Unknown int }

// AnswerBook has the answers of all people and processes.
type AnswerBook struct {
	Mu sync.Mutex
	N  map[string]Answers
}

// CheckMessages checks that each phone got what was sent to it, and at most one more message for each lost
// answer.
func (b *Bundle) CheckMessages(people []FaultCase, told *AnswerBook) {
	b.T.Helper()
	for _, p := range people {
		a, arrived := told.N[p.OpenID], len(b.Emu.Messages(p.OpenID))
		if extra := arrived - a.Sent; extra < 0 || extra > a.Unknown {
			b.T.Errorf("%s: %d arrived, %d sent, %d answers lost", p.OpenID, arrived, a.Sent, a.Unknown)
		}
	}
}

// FaultCase is one person of the test, with the submission they are notified about.
type FaultCase struct{ ID, Person, OpenID string }

// SecondClient returns a second process's client of the same platform.
func (b *Bundle) SecondClient() *wechat.Client {
	b.T.Helper()
	c, err := wechat.New(b.account, b.Store.Tokens(), b.Clock.Now, nil)
	if err != nil {
		b.T.Fatal(err)
	}
	b.T.Cleanup(c.Close)
	return c
}

// NextDue returns the time until the first notice is due.
func (b *Bundle) NextDue() time.Duration {
	b.T.Helper()
	first, err := b.Server.Client(b.T).ZRangeWithScores(b.T.Context(), "{"+Here+"}:ob", 0, 0).Result()
	if err != nil {
		b.T.Fatal(err)
	}
	if len(first) == 0 {
		return 0
	}
	return max(time.UnixMilli(int64(first[0].Score)).Sub(b.Clock.Now()), time.Second)
}

// Outcomes counts the stored outcomes of the station Here.
func (b *Bundle) Outcomes() map[notice.Outcome]int {
	b.T.Helper()
	list, err := b.Server.Client(b.T).HGetAll(b.T.Context(), "{"+Here+"}:told:n").Result()
	if err != nil {
		b.T.Fatal(err)
	}
	n := map[notice.Outcome]int{}
	for o, text := range list {
		if n[notice.Outcome(o)], err = strconv.Atoi(text); err != nil {
			b.T.Fatal(err)
		}
	}
	return n
}

func (b *Bundle) CheckOutcomes(people []FaultCase, before map[notice.Outcome]int) {
	b.T.Helper()
	n, total := b.Outcomes(), 0
	for o := range n {
		n[o] -= before[o]
		total += n[o]
	}
	hits := map[emulator.FaultKind]int{}
	for _, f := range b.Emu.Faults() {
		hits[f.Kind] += f.Hits
	}
	arrived := 0
	for _, p := range people {
		arrived += len(b.Emu.Messages(p.OpenID))
	}
	b.T.Logf("outcomes %v, %d arrived, faults %v", n, arrived, hits)
	final := n[notice.Sent] + n[notice.Unconfirmed] + n[notice.NoConsent]
	if want := FaultyPeople * FaultyEach; final != want || total != want {
		b.T.Errorf("%d sent, unconfirmed or without consent of %d outcomes, want %d", final, total, want)
	}
	// A 43101 is believed: the person gets no more messages of the kind.
	if n[notice.Sent] < FaultyPeople*FaultyEach*8/10 {
		b.T.Errorf("too few were sent: %v", n)
	}
	lost := hits[emulator.FaultCutAfter] + hits[emulator.FaultMalformed]
	if extra := arrived - n[notice.Sent]; extra < 0 || extra > lost {
		b.T.Errorf("%d arrived and %d were sent: %d more, with %d answers lost after the effect", arrived, n[notice.Sent], extra, lost)
	}
	if cuts := lost + hits[emulator.FaultCutBefore]; b.Seen.Of("notice", "unknown") != cuts {
		b.T.Errorf("%d answers were lost and %d counted", cuts, b.Seen.Of("notice", "unknown"))
	}
}
