package inbound

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
)

// The matters that a person can write of in the chat, and which of them they mean.

// chatMatters are those that a person can answer as a member, and the open ones that
// they filed, of which some wait for an answer of theirs.
type chatMatters struct{ hand, own, waiting []casework.Submission }

func (m chatMatters) all() []casework.Submission {
	return distinct(append(slices.Clone(m.hand), m.own...))
}

func (m chatMatters) inHand(id string) bool {
	return slices.ContainsFunc(m.hand, func(s casework.Submission) bool { return s.ID == id })
}

func (svc *Service) mattersOf(ctx context.Context, c access.Caller) (m chatMatters, err error) {
	if c.Role == access.Member {
		if m.hand, err = svc.inHand(ctx, c); err != nil {
			return m, err
		}
	}
	m.own, m.waiting, err = svc.filed(ctx, c)
	return m, err
}

// openedFor is how long the submission opened last is meant without a number.
const openedFor = 30 * time.Minute

// choice is the matter that a person speaks of without a number: the one they
// opened last, or came to the chat by. own tells that they filed it. lost is a
// choice of late that cannot be told or is over.
type choice struct {
	s             casework.Submission
	is, own, lost bool
}

// isOne reports whether the choice is among the matters.
func (m choice) isOne(list []casework.Submission) bool {
	return m.is && slices.ContainsFunc(list, func(s casework.Submission) bool { return s.ID == m.s.ID })
}

// chosenMatter is what was chosen of late. A look at a matter in hand is no choice of a
// member who is asked something about a matter of their own: both may be meant.
func (svc *Service) chosenMatter(ctx context.Context, c access.Caller, m chatMatters) (choice, error) {
	id, at, err := svc.store.Opened(ctx, c.Person)
	if err != nil || svc.kit.Now().Sub(at) > openedFor {
		return choice{}, err
	}
	all := m.all()
	i := slices.IndexFunc(all, func(s casework.Submission) bool { return s.ID == id })
	switch {
	case i < 0:
		return choice{lost: true}, nil
	case !m.inHand(id):
		return choice{s: all[i], is: true, own: true}, nil
	case len(m.waiting) > 0:
		return choice{}, nil
	default:
		return choice{s: all[i], is: true}, nil
	}
}

// mostInHand bounds what of each queue is looked through.
const mostInHand = 1000

// inHand lists what the member can answer: the inbox, then what is answered
// and not yet closed.
func (svc *Service) inHand(ctx context.Context, c access.Caller) ([]casework.Submission, error) {
	var all []casework.Submission
	for _, name := range []record.IndexName{record.Inbox, record.Answered} {
		after, more := record.Cursor{}, true
		for n := 0; more && n < mostInHand; n += kit.PageLimit {
			list, next, on, err := svc.kit.Records.Page(ctx, c.Station, record.Index{Name: name, Arg: c.ID}, after, kit.PageLimit)
			if err != nil {
				return nil, err
			}
			all, after, more = append(all, list...), next, on
		}
	}
	return all, nil
}

// mostFiled bounds how many of a person's matters at each station are looked at.
const mostFiled = 200

// filed lists the open matters that the caller filed, the newest of each station
// first, and which of them wait for an answer of theirs.
func (svc *Service) filed(ctx context.Context, c access.Caller) (all, waiting []casework.Submission, err error) {
	stations, err := svc.store.Visited(ctx, c.Person)
	if err != nil {
		return nil, nil, err
	}
	for _, st := range stations {
		after, more := record.Cursor{}, true
		for n := 0; more && n < mostFiled; n += kit.PageLimit {
			var list []casework.Submission
			if list, after, more, err = svc.kit.Records.Page(ctx, st, record.Index{Name: record.Mine, Arg: c.Person}, after, kit.PageLimit); err != nil {
				return nil, nil, err
			}
			for _, s := range list {
				if !s.State.Open() || s.Filer != c.Person {
					continue
				}
				all = append(all, s)
				if s.State == casework.Waiting {
					waiting = append(waiting, s)
				}
			}
		}
	}
	return all, waiting, nil
}

// nothingFor is said to whoever has no matter that something could be for.
func nothingFor(c access.Caller) string {
	if c.Role == access.Member {
		return nothingInHand
	}
	return howToFile
}

// askWhich says something and lists the matters that it is about.
func (svc *Service) askWhich(ctx context.Context, m chatMatters, words string, list []casework.Submission) (string, error) {
	var hand, own []casework.Submission
	for _, s := range list {
		if m.inHand(s.ID) {
			hand = append(hand, s)
		} else {
			own = append(own, s)
		}
	}
	names, err := svc.namesOf(ctx, list)
	if err != nil {
		return "", err
	}
	whose := "您的诉求："
	if len(m.hand) > 0 {
		whose = "您自己反映的诉求："
	}
	return words + lines("您可以答复的诉求：", hand, names) + lines(whose, own, names), nil
}

// namesOf are the names of the matters' stations, none for a single one.
func (svc *Service) namesOf(ctx context.Context, list []casework.Submission) (map[string]string, error) {
	names := map[string]string{}
	for _, s := range list {
		names[s.Station] = ""
	}
	if len(names) < 2 {
		return names, nil
	}
	for id := range names {
		st, err := svc.store.Station(ctx, id)
		if err != nil {
			return nil, err
		}
		names[id] = st.Name
	}
	return names, nil
}

// lines are the first few matters to choose from under a heading.
func lines(heading string, list []casework.Submission, names map[string]string) string {
	if len(list) == 0 {
		return ""
	}
	const most = 5
	var b strings.Builder
	b.WriteString("\n" + heading)
	for _, s := range list[:min(len(list), most)] {
		fmt.Fprintf(&b, "\n%s %s", s.Number, summary(s))
		if name := names[s.Station]; name != "" {
			b.WriteString("（" + name + "）")
		}
	}
	if len(list) > most {
		b.WriteString("\n……请在小程序里查看全部")
	}
	return b.String()
}

// summary is as much of a submission as tells it from others.
func summary(s casework.Submission) string {
	text := s.Text
	if text == "" {
		text = "语音留言"
	}
	return s.Kind.Chinese() + " " + kit.Clip(text, 16)
}
