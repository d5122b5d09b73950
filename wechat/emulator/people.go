package emulator

import (
	"context"
	"hash/maphash"
	"strconv"
	"strings"
	"sync"
	"time"
)

// kept bounds what is remembered of each person: messages and chat lines.
const kept = 200

// Message is a subscribe message as it lies on the person's phone.
type Message struct {
	Template string           `json:"template_id"`
	Page     string           `json:"page"`
	Data     map[string]Value `json:"data"`
	At       time.Time        `json:"at"`
}

// Value is one field's value.
type Value struct {
	Value string `json:"value"`
}

// The senders of chat lines.
const (
	FromUser    = "user"
	FromService = "service"
)

// Line is one line of a customer-service chat. A picture, recording or card has
// a Text that stands for it.
type Line struct {
	From string    `json:"from"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	// Media is the media id of a picture or recording, or of a card's picture.
	Media string `json:"media_id,omitempty"`
	// Page is where a card leads.
	Page string `json:"page,omitempty"`
}

// person is one emulated user. It is touched only inside people.with.
type person struct {
	grants   map[string]int
	messages []Message
	chat     []Line
	// sending tells that a subscribe message is on its way.
	sending bool
	// wrote and entered are what the program may still send into the chat.
	wrote, entered chatQuota
	// verdicts are those of the person's next media checks.
	verdicts []MediaVerdict
	// failing is how many of the person's next messages never arrive.
	failing int
	// logins counts the person's logins within the minute.
	logins window
	// opened tells that the person once opened the chat by a contact button; it
	// then stays in their list of chats.
	opened bool
	// blocked tells that the platform holds the person for a risk.
	blocked bool
	// active is when the person last logged in or used the chat.
	active time.Time
	// lastEvent is the latest CreateTime used for this person's pushes.
	lastEvent int64
}

// chatQuota is a number of customer-service messages until a time.
type chatQuota struct {
	until time.Time
	left  int
}

// people holds everybody, spread over shards so that no lock is hot.
type people struct {
	seed   maphash.Seed
	shards [64]struct {
		sync.Mutex
		all map[string]*person
	}
}

func newPeople() *people {
	p := &people{seed: maphash.MakeSeed()}
	for i := range p.shards {
		p.shards[i].all = make(map[string]*person)
	}
	return p
}

// with runs f on a known person under the shard's lock, and reports whether the
// person is known. f must be short and must not wait.
func (ps *people) with(openid string, f func(*person)) bool {
	s := &ps.shards[maphash.String(ps.seed, openid)%uint64(len(ps.shards))]
	s.Lock()
	defer s.Unlock()
	p, ok := s.all[openid]
	if ok {
		f(p)
	}
	return ok
}

// withNew is with for a person who comes into being if unknown; f learns of it.
func (ps *people) withNew(openid string, f func(p *person, isNew bool)) {
	s := &ps.shards[maphash.String(ps.seed, openid)%uint64(len(ps.shards))]
	s.Lock()
	defer s.Unlock()
	p, ok := s.all[openid]
	if !ok {
		p = &person{grants: make(map[string]int)}
		s.all[openid] = p
	}
	f(p, !ok)
}

// ensurePerson makes sure that the person exists and will after a restart.
func (e *Emulator) ensurePerson(ctx context.Context, openid string) error {
	if e.people.with(openid, func(*person) {}) {
		return nil
	}
	var saved *batch
	e.people.withNew(openid, func(_ *person, isNew bool) {
		if isNew {
			saved = e.saver.put(openid, "1")
		}
	})
	return e.saver.wait(ctx, saved)
}

// The keys of State: a person is "openid", a grant "openid template".

func grantKey(openid, template string) string { return openid + " " + template }

// load takes people and grants from the State. Entries that make no sense are
// skipped: the emulator must come up.
func (e *Emulator) load(ctx context.Context) error {
	if e.opts.State == nil {
		return nil
	}
	entries, err := e.opts.State.Load(ctx)
	if err != nil {
		return err
	}
	for key, value := range entries {
		openid, template, isGrant := strings.Cut(key, " ")
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || !openidShape.MatchString(openid) {
			continue
		}
		e.people.withNew(openid, func(p *person, _ bool) {
			if isGrant {
				p.grants[template] = n
			}
		})
	}
	return nil
}

// keep appends v and drops the oldest beyond the bound.
func keep[T any](list []T, v T) []T {
	if len(list) == kept {
		copy(list, list[1:])
		list[kept-1] = v
		return list
	}
	return append(list, v)
}
