package annotation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

var noon = time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone)

var staff = []station.Liaison{
	{ID: "l1", Name: "杨柳"},
	{ID: "l2", Name: "杨柳岸"},
	{ID: "l3", Name: "白芷若"},
	{ID: "l4", Name: "白芷若"},
	{ID: "a1", Name: "管事", Admin: true},
	{ID: "l9", Name: "走了", Left: true},
}

func TestMentioned(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"请@杨柳岸看看":          "l2",
		"＠杨柳，@杨柳岸":         "l1 l2",
		"@白芷若 两位":          "l3 l4",
		"@杨柳@杨柳":           "l1",
		"没有人":              "",
		"@管事 @走了 @谁":       "",
		"发到 a@b.cn，杨柳岸也知道": "",
	} {
		var got []string
		for _, m := range annotation.Mentioned(text, staff, "") {
			got = append(got, m.Liaison)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
	if got := annotation.Mentioned("@杨柳", staff, "l1"); len(got) != 0 {
		t.Errorf("the author is told: %v", got)
	}
}

// TestAMentionIsOpenUntilItIsSeen, also by an answer, and only for whom it names.
func TestAMentionIsOpenUntilItIsSeen(t *testing.T) {
	t.Parallel()
	s, err := annotation.Set{}.WithNote(annotation.Note{ID: "1", By: "l1", At: 1, Text: "@杨柳岸 看看", Mentions: []annotation.Mention{{Liaison: "l2"}}})
	if err != nil {
		t.Fatal(err)
	}
	before := annotation.MarksOf(s)
	if _, ok := s.OpenMention("l2"); !ok || !slices.Equal(before.Mentioned, []string{"l2"}) {
		t.Errorf("%+v", before)
	}
	if _, ok := s.OpenMention("l1"); ok {
		t.Error("the author is named")
	}
	answered, err := s.WithNote(annotation.Note{ID: "2", By: "l2", At: 2, Text: "好"})
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]annotation.Set{"answered": answered, "ticked off": s.Seen("l2", 2)} {
		if _, ok := x.OpenMention("l2"); ok || !annotation.MarksOf(x).None() {
			t.Errorf("%s: it is still open", name)
		}
	}
	if diff := cmp.Diff(before, annotation.MarksOf(s)); diff != "" {
		t.Errorf("the former set changed: %s", diff)
	}
	if _, err := s.WithoutNote("1", "l2"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a colleague deletes it: %v", err)
	}
	if x, err := s.WithoutNote("1", "l1"); err != nil || !x.Empty() {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("字", 1001)
	for name, do := range map[string]func() error{
		"no words":        func() error { _, err := annotation.Set{}.WithNote(annotation.Note{Text: "\u3164"}); return err },
		"a long note":     func() error { _, err := annotation.Set{}.WithNote(annotation.Note{Text: long}); return err },
		"a long tag":      func() error { _, err := annotation.Set{}.WithTags([]string{long[:39]}); return err },
		"a comma":         func() error { _, err := annotation.Set{}.WithTags([]string{"甲，乙"}); return err },
		"many tags":       func() error { _, err := annotation.Set{}.WithTags(strings.Split("abcdefghijk", "")); return err },
		"a day that was":  func() error { return remind(noon.Add(-time.Hour), "") },
		"a day far ahead": func() error { return remind(noon.AddDate(2, 0, 0), "") },
		"a long reminder": func() error { return remind(noon.AddDate(0, 0, 1), long) },
	} {
		if err := do(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func remind(at time.Time, text string) error {
	_, err := annotation.Set{}.WithReminder(annotation.Reminder{Liaison: "l1", At: casework.At(at), Text: text}, noon)
	return err
}

func TestTagsAreKeptOnce(t *testing.T) {
	t.Parallel()
	s, err := annotation.Set{}.WithTags([]string{"停车", " 停車 ", "", "Wi-Fi", "wi-fi"})
	if err != nil || !slices.Equal(s.Tags, []string{"停车", "Wi-Fi"}) {
		t.Errorf("%q, %v", s.Tags, err)
	}
}

// TestTagsAreAddedAndRemoved, in whatever spelling they are named.
func TestTagsAreAddedAndRemoved(t *testing.T) {
	t.Parallel()
	before := annotation.Set{Tags: []string{"停车", "Wi-Fi"}}
	s, err := before.WithTagChanges([]string{"停車", "夏季"}, []string{"wi-fi", "没有"})
	if err != nil || !slices.Equal(s.Tags, []string{"停车", "夏季"}) || len(before.Tags) != 2 {
		t.Errorf("%q of %q, %v", s.Tags, before.Tags, err)
	}
	if _, err := before.WithTagChanges(strings.Split("abcdefghi", ""), nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("eleven tags: %v", err)
	}
}

// TestAReminderIsOnePersons: a later one replaces it, and nobody else's changes.
func TestAReminderIsOnePersons(t *testing.T) {
	t.Parallel()
	day := func(n int) casework.Millis { return casework.At(noon.AddDate(0, 0, n)) }
	s := annotation.Set{}
	for _, r := range []annotation.Reminder{{Liaison: "l1", At: day(1)}, {Liaison: "l2", At: day(2)}, {Liaison: "l1", At: day(3), Text: "回电"}} {
		var err error
		if s, err = s.WithReminder(r, noon); err != nil {
			t.Fatal(err)
		}
	}
	if r, ok := s.ReminderOf("l1"); !ok || r.At != day(3) || len(s.Reminders) != 2 {
		t.Errorf("%+v", s.Reminders)
	}
	m := annotation.MarksOf(s)
	if m.Reminds("l1", day(2)) || !m.Reminds("l2", day(2)) || !m.Reminds("l1", day(3)) {
		t.Error("at another time")
	}
	if s = s.WithoutReminder("l1"); len(s.Reminders) != 1 {
		t.Errorf("%+v", s.Reminders)
	}
}

// TestNobodyIsNudgedTooOften: whatever the order of nudges and hours, two nudges of one debtor are NudgePause apart, and
// who owes nothing is not nudged.
func TestNobodyIsNudgedTooOften(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, now := annotation.Set{}, noon
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			sub := casework.Submission{
				State:    rapid.SampledFrom(casework.States).Draw(t, "state"),
				Assignee: rapid.SampledFrom([]string{"", "m1", "m2"}).Draw(t, "member"),
			}
			for i := range rapid.IntRange(0, 2).Draw(t, "assists") {
				sub.Assists = append(sub.Assists, casework.Assist{
					ID: i + 1, Role: access.Department, Who: "d1",
					State: rapid.SampledFrom([]casework.AssistState{casework.Asked, casework.Contributed}).Draw(t, "assist"),
				})
			}
			next, told, err := s.WithNudges(sub, "l1", now)
			debtors := annotation.Debtors(sub)
			may, at := s.Nudgeable(debtors, now)
			switch {
			case len(debtors) == 0 && !fault.Is(err, fault.WrongState):
				t.Fatalf("nobody owes anything: %v", err)
			case len(debtors) > 0 && len(may) == 0 && (!fault.Is(err, fault.TooMany) || !at.After(now)):
				t.Fatalf("all were nudged: %v, again at %s", err, at)
			case len(may) > 0 && (err != nil || !slices.Equal(told, may)):
				t.Fatalf("%v, %v", told, err)
			}
			for _, d := range told {
				if _, last := s.NudgesOf(d); last != 0 && now.Sub(last.Time()) < annotation.NudgePause {
					t.Fatalf("%+v again after %s", d, now.Sub(last.Time()))
				}
			}
			s, now = next, now.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes"))*time.Minute)
		}
	})
}
