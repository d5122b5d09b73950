// Package annotation is what a station's liaisons keep beside a submission: notes that only they read, tags, reminders
// of their own, and whom they nudged. It is no part of the submission and raises no version of it: a member who is
// writing an answer meets no conflict because of it, and no view of a filer, a member or a department has it.
package annotation

import (
	"slices"
	"strings"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
)

// The limits of one submission.
const (
	MaxNote  = 1000 // characters
	MaxNotes = 200
	MaxTag   = 12 // characters
	MaxTags  = 10
	// MaxReminder is in characters.
	MaxReminder = 100
	// MaxReminderDays is how many days ahead somebody can be reminded.
	MaxReminderDays = 366
)

// Note is what a liaison wrote for the others.
type Note struct {
	ID string `json:"i"`
	// By is the liaison's id in the station, and Name the name when it was written.
	By   string          `json:"b"`
	Name string          `json:"n"`
	At   casework.Millis `json:"t"`
	Text string          `json:"x"`
	// Mentions are the liaisons whom it names.
	Mentions []Mention `json:"m,omitempty"`
}

// Mention is a liaison whom a note names.
type Mention struct {
	Liaison string `json:"l"`
	// SeenAt is when they ticked it off or answered, 0 before.
	SeenAt casework.Millis `json:"s,omitempty"`
}

// Reminder brings a submission back to one liaison on a day.
type Reminder struct {
	Liaison string `json:"l"`
	// At is when the day begins.
	At   casework.Millis `json:"t"`
	Text string          `json:"x,omitempty"`
}

// AnyRevision replaces a set whatever its revision is, also if it cannot be read.
const AnyRevision = -1

// Set is everything that is kept beside one submission. The zero value is nothing.
type Set struct {
	Submission string `json:"-"`
	// Revision counts the changes, so that of two concurrent ones the second is seen.
	Revision  int        `json:"-"`
	Notes     []Note     `json:"n,omitempty"`
	Tags      []string   `json:"g,omitempty"`
	Reminders []Reminder `json:"r,omitempty"`
	Nudges    []Nudge    `json:"u,omitempty"`
}

// Empty reports whether nothing is kept.
func (s Set) Empty() bool {
	return len(s.Notes)+len(s.Tags)+len(s.Reminders)+len(s.Nudges) == 0
}

// WithNote adds a note. What named its author is seen by that.
func (s Set) WithNote(n Note) (Set, error) {
	n.Text = casework.Clean(n.Text)
	var c fault.Check
	c.Require(n.Text != "", "text", "请写下备注")
	c.Require(casework.Runes(n.Text) <= MaxNote, "text", "备注最多 %d 字", MaxNote)
	if err := c.Err(); err != nil {
		return s, err
	}
	if len(s.Notes) >= MaxNotes {
		return s, fault.New(fault.TooMany, "一件诉求最多 %d 条备注，请先删去不需要的", MaxNotes)
	}
	s = s.Seen(n.By, n.At)
	s.Notes = append(slices.Clip(s.Notes), n)
	return s, nil
}

// WithoutNote removes a note of the liaison; NotFound for one that is somebody else's or does not exist.
func (s Set) WithoutNote(id, liaison string) (Set, error) {
	i := slices.IndexFunc(s.Notes, func(n Note) bool { return n.ID == id && n.By == liaison })
	if i < 0 {
		return s, fault.New(fault.NotFound, "没有这条备注，或不是您写的")
	}
	s.Notes = slices.Delete(slices.Clone(s.Notes), i, i+1)
	return s, nil
}

// Seen ticks off every mention of a liaison.
func (s Set) Seen(liaison string, now casework.Millis) Set {
	s.Notes = slices.Clone(s.Notes)
	for i, n := range s.Notes {
		n.Mentions = slices.Clone(n.Mentions)
		for j, m := range n.Mentions {
			if m.Liaison == liaison && m.SeenAt == 0 {
				n.Mentions[j].SeenAt = now
			}
		}
		s.Notes[i] = n
	}
	return s
}

// WithTags replaces the tags. Of tags that people take for the same the first is kept.
func (s Set) WithTags(tags []string) (Set, error) {
	var c fault.Check
	var list, keys []string
	for _, tag := range tags {
		if tag = casework.Clean(tag); tag == "" || slices.Contains(keys, fold.Key(tag)) {
			continue
		}
		c.Require(casework.Runes(tag) <= MaxTag, "tags", "每个标签最多 %d 个字", MaxTag)
		c.Require(!strings.ContainsAny(tag, ",，\n"), "tags", "标签里不能有逗号") // a filter lists tags with commas
		list, keys = append(list, tag), append(keys, fold.Key(tag))
	}
	c.Require(len(list) <= MaxTags, "tags", "一件诉求最多 %d 个标签", MaxTags)
	s.Tags = list
	return s, c.Err()
}

// WithTagChanges removes tags and adds others, so that of two people who tag at the same time neither undoes what the
// other did. To add what is there and to remove what is not changes nothing.
func (s Set) WithTagChanges(add, remove []string) (Set, error) {
	gone := make([]string, len(remove))
	for i, tag := range remove {
		gone[i] = fold.Key(casework.Clean(tag))
	}
	kept := slices.DeleteFunc(slices.Clone(s.Tags), func(tag string) bool { return slices.Contains(gone, fold.Key(tag)) })
	return s.WithTags(append(kept, add...))
}

// WithReminder replaces the liaison's reminder. Its day is after today.
func (s Set) WithReminder(r Reminder, now time.Time) (Set, error) {
	r.Text = casework.Clean(r.Text)
	var c fault.Check
	c.Require(r.At > casework.At(now), "day", "请选择明天或以后的一天")
	c.Require(r.At <= casework.At(now.AddDate(0, 0, MaxReminderDays)), "day", "最多提前一年")
	c.Require(casework.Runes(r.Text) <= MaxReminder, "text", "最多 %d 字", MaxReminder)
	s = s.WithoutReminder(r.Liaison)
	s.Reminders = append(s.Reminders, r)
	return s, c.Err()
}

// WithoutReminder removes the liaison's reminder. One that does not exist changes nothing.
func (s Set) WithoutReminder(liaison string) Set {
	s.Reminders = slices.DeleteFunc(slices.Clone(s.Reminders), func(r Reminder) bool { return r.Liaison == liaison })
	return s
}

// ReminderOf returns the liaison's reminder.
func (s Set) ReminderOf(liaison string) (Reminder, bool) {
	i := slices.IndexFunc(s.Reminders, func(r Reminder) bool { return r.Liaison == liaison })
	if i < 0 {
		return Reminder{}, false
	}
	return s.Reminders[i], true
}

// OpenMention returns the newest note that names a liaison who has not seen it.
func (s Set) OpenMention(liaison string) (Note, bool) {
	for _, n := range slices.Backward(s.Notes) {
		if slices.ContainsFunc(n.Mentions, func(m Mention) bool { return m.Liaison == liaison && m.SeenAt == 0 }) {
			return n, true
		}
	}
	return Note{}, false
}
