package emulator

import (
	"context"
	"hash/maphash"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxKept is how many messages and chat lines are kept for each person.
const maxKept = 200

// Message is a subscribe message on the person's phone.
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

// Line is one line of a customer-service chat. The Text of a picture, recording or card is a placeholder.
type Line struct {
	From string    `json:"from"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	// Media is the media id of a picture or recording, or of a card's picture.
	Media string `json:"media_id,omitempty"`
	// Page is the target of a card.
	Page string `json:"page,omitempty"`
}

// person is one emulated user. It is accessed only inside people.with and people.withNew.
type person struct {
	grants   map[string]int
	messages []Message
	chat     []Line
	// sending is true during the delivery of a subscribe message.
	sending bool
	// wroteQuota and entered are what the program may still send into the chat.
	wroteQuota, enteredQuota chatQuota
	// verdicts are those of the person's next media checks.
	verdicts []MediaVerdict
	// failNext is how many of the person's next messages are lost.
	failNext int
	// logins counts the person's logins within the minute.
	logins window
	// opened is true once the person opened the chat by a contact button. It then stays in their list of chats.
	opened bool
	// blocked is true if the platform blocks the person.
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

// people holds all persons, in shards so that no lock is contended.
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

// with runs f on a known person under the shard's lock, and reports whether the person is known. f must be
// short and must not block.
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

// withNew is with, but creates an unknown person; isNew then is true.
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

// ensurePerson creates the person if needed and returns when that is saved.
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

// load reads people and grants from the State. It skips invalid entries, so that the emulator always starts.
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

// appendBounded appends v and drops the oldest item beyond kept.
func appendBounded[T any](list []T, v T) []T {
	if len(list) == maxKept {
		copy(list, list[1:])
		list[maxKept-1] = v
		return list
	}
	return append(list, v)
}
