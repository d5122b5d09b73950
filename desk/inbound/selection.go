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
	"mashang/domain/handover"
	"mashang/domain/record"
)

// This file finds the submissions that a person can write about in the chat, and the selected one.

// openSubmissions are a person's open submissions: assigned to them as a member, filed by them or handed over by
// them and followed, and those of the filed that wait for an answer.
type openSubmissions struct{ assigned, filed, waiting []casework.Submission }

func (m openSubmissions) all() []casework.Submission {
	return distinct(append(slices.Clone(m.assigned), m.filed...))
}

func (m openSubmissions) isAssigned(id string) bool {
	return slices.ContainsFunc(m.assigned, func(s casework.Submission) bool { return s.ID == id })
}

func (svc *Service) openSubmissions(ctx context.Context, c access.Caller) (m openSubmissions, err error) {
	if c.Role == access.Member {
		if m.assigned, err = svc.assignedTo(ctx, c); err != nil {
			return m, err
		}
	}
	m.filed, m.waiting, err = svc.filedBy(ctx, c)
	return m, err
}

// selectionTTL is how long the submission opened last is selected.
const selectionTTL = 30 * time.Minute

// selection is the submission that a text without a number is about: the one that the person opened last, or
// came to the chat by. own means that they filed it. unclear means that something was selected lately, but it
// is ambiguous or closed.
type selection struct {
	s                casework.Submission
	ok, own, unclear bool
}

// isAmong reports whether the selection is in the list.
func (m selection) isAmong(list []casework.Submission) bool {
	return m.ok && slices.ContainsFunc(list, func(s casework.Submission) bool { return s.ID == m.s.ID })
}

// currentSelection returns the current selection. A member who has a question to answer as a filer has no
// assigned submission selected, because a text may be meant for either.
func (svc *Service) currentSelection(ctx context.Context, c access.Caller, m openSubmissions) (selection, error) {
	id, at, err := svc.store.Opened(ctx, c.Person)
	if err != nil || svc.kit.Now().Sub(at) > selectionTTL {
		return selection{}, err
	}
	all := m.all()
	i := slices.IndexFunc(all, func(s casework.Submission) bool { return s.ID == id })
	switch {
	case i < 0:
		return selection{unclear: true}, nil
	case !m.isAssigned(id):
		return selection{s: all[i], ok: true, own: true}, nil
	case len(m.waiting) > 0:
		return selection{}, nil
	default:
		return selection{s: all[i], ok: true}, nil
	}
}

// maxAssigned bounds how much of each of the member's queues is read.
const maxAssigned = 1000

// assignedTo lists what the member can answer: the inbox, then the answered submissions that are not closed.
func (svc *Service) assignedTo(ctx context.Context, c access.Caller) ([]casework.Submission, error) {
	var all []casework.Submission
	for _, name := range []record.IndexName{record.Inbox, record.Answered} {
		after, more := record.Cursor{}, true
		for n := 0; more && n < maxAssigned; n += kit.PageLimit {
			list, next, on, err := svc.kit.Records.Page(ctx, c.Station, record.Index{Name: name, Arg: c.ID}, after, kit.PageLimit)
			if err != nil {
				return nil, err
			}
			all, after, more = append(all, list...), next, on
		}
	}
	return all, nil
}

// maxFiled bounds how many of a person's submissions at each station are read.
const maxFiled = 200

// filedBy lists the open submissions that the caller filed, or handed over and follows, newest of each station
// first, and those of them that wait for an answer.
func (svc *Service) filedBy(ctx context.Context, c access.Caller) (all, waiting []casework.Submission, err error) {
	stations, err := svc.store.Visited(ctx, c.Person)
	if err != nil {
		return nil, nil, err
	}
	for _, st := range stations {
		after, more := record.Cursor{}, true
		for n := 0; more && n < maxFiled; n += kit.PageLimit {
			var list []casework.Submission
			if list, after, more, err = svc.kit.Records.Page(ctx, st, record.Index{Name: record.Mine, Arg: c.Person}, after, kit.PageLimit); err != nil {
				return nil, nil, err
			}
			for _, s := range list {
				if !s.State.Open() || !handover.IsParty(s, c.Person) {
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

// noTargetText is the answer to a person without a submission that a message could belong to.
func noTargetText(c access.Caller) string {
	if c.Role == access.Member {
		return nothingToAnswer
	}
	return howToFile
}

// askWhich returns the words followed by the submissions to choose from.
func (svc *Service) askWhich(ctx context.Context, m openSubmissions, words string, list []casework.Submission) (string, error) {
	var assigned, filed []casework.Submission
	for _, s := range list {
		if m.isAssigned(s.ID) {
			assigned = append(assigned, s)
		} else {
			filed = append(filed, s)
		}
	}
	names, err := svc.stationNames(ctx, list)
	if err != nil {
		return "", err
	}
	whose := "您的诉求："
	if len(m.assigned) > 0 {
		whose = "您自己反映的诉求："
	}
	return words + listText("您可以答复的诉求：", assigned, names) + listText(whose, filed, names), nil
}

// stationNames returns the names of the submissions' stations; they are "" when all belong to one station.
func (svc *Service) stationNames(ctx context.Context, list []casework.Submission) (map[string]string, error) {
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

// listText lists the first few submissions under a heading.
func listText(heading string, list []casework.Submission, names map[string]string) string {
	if len(list) == 0 {
		return ""
	}
	const maxLines = 5
	var b strings.Builder
	b.WriteString("\n" + heading)
	for _, s := range list[:min(len(list), maxLines)] {
		fmt.Fprintf(&b, "\n%s %s", s.Number, summary(s))
		if name := names[s.Station]; name != "" {
			b.WriteString("（" + name + "）")
		}
	}
	if len(list) > maxLines {
		b.WriteString("\n……请在小程序里查看全部")
	}
	return b.String()
}

// summary returns a submission's kind and the beginning of its text.
func summary(s casework.Submission) string {
	text := s.Text
	if text == "" {
		text = "语音留言"
	}
	return s.Kind.Chinese() + " " + kit.Clip(text, 16)
}
