package notes_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/notes"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// two returns a station with two liaisons and a submission of m01's.
func two(t *testing.T) (b *desktest.Bundle, zhou, lin access.Caller, id string) {
	t.Helper()
	b = desktest.Setup(t)
	b.PutEntry(b.Admin(), "l02", station.Liaison{Name: "林小溪"})
	id = b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01")).ID
	return b, b.Liaison(), b.Bound(desktest.Here, access.Liaison, "l02"), id
}

// group returns the ids of a group of a liaison's start page.
func group(t *testing.T, b *desktest.Bundle, c access.Caller, key string) (ids []string) {
	t.Helper()
	for _, g := range desktest.Must1(b.Overview.Now(t.Context(), c))(t).Needs {
		for _, m := range g.Items {
			if g.Key == key {
				ids = append(ids, m.ID)
			}
		}
	}
	return ids
}

// TestAColleagueWhoIsNamedIsTold, finds it on the start page until they tick it off, and raises no version.
func TestAColleagueWhoIsNamedIsTold(t *testing.T) {
	t.Parallel()
	b, zhou, lin, id := two(t)
	b.Deliver()
	version := b.Look(zhou, id).Version
	p := desktest.Must1(b.Notes.Add(t.Context(), zhou, id, "", "去年也报过，@林小溪 记得那次吗"))(t)
	if len(p.Notes) != 1 || p.Notes[0].Name != zhou.Name || len(p.Notes[0].Mentions) != 1 {
		t.Fatalf("%+v", p.Notes)
	}
	desktest.Same(t, "lin's page", group(t, b, lin, overview.NeedMentioned), []string{id})
	desktest.Same(t, "zhou's page", group(t, b, zhou, overview.NeedMentioned), []string(nil))
	b.Deliver()
	if got := b.NoticeOutcomes(); !slices.ContainsFunc(got, func(o string) bool { return strings.HasPrefix(o, "liaison_urge liaison") }) {
		t.Errorf("lin was not told: %q", got)
	}
	// It stands in the list of what names the caller, and a snooze does not hide it.
	f := overview.MatterFilter{Mine: overview.Mentioned}
	for c, want := range map[access.Caller]int{zhou: 0, lin: 1} {
		if m := desktest.Must1(b.Overview.Matters(t.Context(), c, f, "", 10))(t); m.Total != want {
			t.Errorf("%s: %d in the list, want %d", c.Name, m.Total, want)
		}
	}
	if err := b.Overview.Snooze(t.Context(), lin, id, version, b.Clock.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	desktest.Same(t, "after a snooze", group(t, b, lin, overview.NeedMentioned), []string{id})
	desktest.Must1(b.Notes.MarkSeen(t.Context(), lin, id))(t)
	desktest.Same(t, "ticked off", group(t, b, lin, overview.NeedMentioned), []string(nil))
	if v := b.Look(zhou, id).Version; v != version {
		t.Errorf("version %d, was %d", v, version)
	}
}

// TestNotesAreTheLiaisonsAlone: nobody else reads or writes them, and none deletes another's.
func TestNotesAreTheLiaisonsAlone(t *testing.T) {
	t.Parallel()
	b, zhou, lin, id := two(t)
	p := desktest.Must1(b.Notes.Add(t.Context(), zhou, id, "", "此人情绪激动"))(t)
	for who, c := range map[string]access.Caller{"the filer": b.Visitor("villager"), "the member": b.Member("m01"), "the administrator": b.Admin()} {
		if _, err := b.Notes.Read(t.Context(), c, id); !fault.Is(err, fault.Denied) {
			t.Errorf("%s reads: %v", who, err)
		}
	}
	if _, err := b.Notes.Read(t.Context(), b.Bound(desktest.There, access.Liaison, "l01"), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("a liaison of another station: %v", err)
	}
	if _, err := b.Notes.Remove(t.Context(), lin, id, p.Notes[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a colleague deletes it: %v", err)
	}
	if got := desktest.Must1(b.Notes.Remove(t.Context(), zhou, id, p.Notes[0].ID))(t); len(got.Notes) != 0 {
		t.Errorf("%+v", got.Notes)
	}
	if trail := b.AuditTrail(); !slices.ContainsFunc(trail, func(l string) bool { return strings.HasPrefix(l, "note-remove liaison l01 "+id) }) {
		t.Errorf("%q", trail)
	}
}

// TestAReminderComesBackOnItsDay, to the one who asked for it.
func TestAReminderComesBackOnItsDay(t *testing.T) {
	t.Parallel()
	b, zhou, lin, id := two(t)
	day := b.Clock.Now().In(station.Zone).AddDate(0, 0, 2)
	if _, err := b.Notes.Remind(t.Context(), zhou, id, b.Clock.Now().In(station.Zone).Format(time.DateOnly), ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("today: %v", err)
	}
	desktest.Must1(b.Notes.Remind(t.Context(), zhou, id, day.Format(time.DateOnly), "问问供水站"))(t)
	desktest.Same(t, "before", group(t, b, zhou, overview.NeedReminded), []string(nil))
	b.Clock.Set(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 1, 0, station.Zone))
	desktest.Same(t, "on the day", group(t, b, zhou, overview.NeedReminded), []string{id})
	desktest.Same(t, "a colleague's", group(t, b, lin, overview.NeedReminded), []string(nil))
	desktest.Must1(b.Notes.Remind(t.Context(), zhou, id, "", ""))(t)
	desktest.Same(t, "done", group(t, b, zhou, overview.NeedReminded), []string(nil))
}

// TestTagsAreFound in the list and suggested, and their change is written down.
func TestTagsAreFound(t *testing.T) {
	t.Parallel()
	b, zhou, lin, id := two(t)
	other := b.File(b.Visitor("tourist"), b.Key(station.ForMember, "m01")).ID
	for x, tags := range map[string][]string{id: {"供水", "夏季"}, other: {"夏季"}} {
		desktest.Must1(b.Notes.SetTags(t.Context(), zhou, x, tags))(t)
	}
	m := desktest.Must1(b.Overview.Matters(t.Context(), lin, overview.MatterFilter{Tags: []string{"供水"}}, "", 10))(t)
	if m.Total != 1 || m.Items[0].ID != id || !slices.Equal(m.Items[0].Tags, []string{"供水", "夏季"}) {
		t.Errorf("%+v", m)
	}
	in := desktest.Must1(b.Notes.Tags(t.Context(), lin))(t)
	if len(in) != 2 || in[0].Tag != "夏季" || in[0].Count != 2 {
		t.Errorf("%+v", in)
	}
	if trail := b.AuditTrail(); !slices.Contains(trail, "tags liaison l01 "+id+" 供水、夏季") {
		t.Errorf("%q", trail)
	}
}

// TestANudgeReachesWhoOwes: the member and the assistant, once in four hours, and only while they owe something.
func TestANudgeReachesWhoOwes(t *testing.T) {
	t.Parallel()
	b, zhou, _, id := two(t)
	m := b.Member("m01")
	b.Department()
	b.Act(m, id, casework.Accept{})
	b.Act(m, id, casework.AskAssist{Department: "d01", Text: "请核实", Days: 2})
	b.Deliver()
	before := len(b.NoticeOutcomes())
	p, n, err := b.Notes.Nudge(t.Context(), zhou, id)
	if err != nil {
		t.Fatal(err)
	}
	desktest.Same(t, "reached", n, notes.Nudged{Told: []string{m.Name, "市场监管所"}})
	if len(p.Owing) != 2 || p.Owing[0].Nudged != 1 || p.NudgeAt != casework.At(b.Clock.Now().Add(annotation.NudgePause)) {
		t.Errorf("%+v", p)
	}
	b.Deliver()
	told := slices.Sorted(slices.Values(b.NoticeOutcomes()[before:]))
	if len(told) != 2 || !strings.HasPrefix(told[0], "department_assist department") || !strings.HasPrefix(told[1], "member_urge member") {
		t.Errorf("%q", told)
	}
	if _, _, err := b.Notes.Nudge(t.Context(), zhou, id); !fault.Is(err, fault.TooMany) || !strings.Contains(err.Error(), "以后可以再催") {
		t.Errorf("at once again: %v", err)
	}
	b.Clock.Advance(annotation.NudgePause)
	if p, _, err := b.Notes.Nudge(t.Context(), zhou, id); err != nil || p.Owing[0].Nudged != 2 {
		t.Errorf("%+v, %v", p.Owing, err)
	}
	b.Act(m, id, casework.Ask{Text: "哪一盏？"})
	b.Act(m, id, casework.Recall{Assist: 1, Reason: "不用了"})
	b.Clock.Advance(annotation.NudgePause)
	if _, _, err := b.Notes.Nudge(t.Context(), zhou, id); !fault.Is(err, fault.WrongState) {
		t.Errorf("the filer is to answer: %v", err)
	}
}

// TestANudgeSaysWhomItDoesNotReach: who was nudged a short while ago, and who has bound no WeChat.
func TestANudgeSaysWhomItDoesNotReach(t *testing.T) {
	t.Parallel()
	b, zhou, _, id := two(t)
	m := b.Member("m01")
	b.Act(m, id, casework.Accept{})
	if _, _, err := b.Notes.Nudge(t.Context(), zhou, id); err != nil {
		t.Fatal(err)
	}
	b.Act(m, id, casework.AskAssist{Department: "d01", Text: "请核实", Days: 2})
	b.Clock.Advance(time.Minute)
	_, n, err := b.Notes.Nudge(t.Context(), zhou, id)
	if err != nil {
		t.Fatal(err)
	}
	desktest.Same(t, "reached", n, notes.Nudged{Recent: []string{m.Name}, Unbound: []string{"市场监管所"}})
}

// TestTwoWhoTagLoseNothing: what one adds or removes leaves alone what the other did meanwhile.
func TestTwoWhoTagLoseNothing(t *testing.T) {
	t.Parallel()
	b, zhou, lin, id := two(t)
	desktest.Must1(b.Notes.ChangeTags(t.Context(), zhou, id, []string{"供水"}, nil))(t)
	desktest.Must1(b.Notes.ChangeTags(t.Context(), lin, id, []string{"夏季", "试试"}, nil))(t)
	p := desktest.Must1(b.Notes.ChangeTags(t.Context(), zhou, id, []string{"抢修"}, []string{"试试", "没有这个"}))(t)
	desktest.Same(t, "tags", p.Tags, []string{"供水", "夏季", "抢修"})
	if trail := b.AuditTrail(); !slices.Contains(trail, "tags liaison l01 "+id+" 供水、夏季、抢修") {
		t.Errorf("%q", trail)
	}
	if _, err := b.Notes.ChangeTags(t.Context(), b.Member("m01"), id, []string{"甲"}, nil); !fault.Is(err, fault.Denied) {
		t.Errorf("a member tags: %v", err)
	}
}

// TestANoteIsWrittenOnce however often it is sent, and whoever it names is told once.
func TestANoteIsWrittenOnce(t *testing.T) {
	t.Parallel()
	b, zhou, lin, id := two(t)
	b.Deliver()
	before := len(b.NoticeOutcomes())
	for range 2 {
		if p := desktest.Must1(b.Notes.Add(t.Context(), zhou, id, "key-0001", "@林小溪 记得吗"))(t); len(p.Notes) != 1 {
			t.Errorf("%+v", p.Notes)
		}
	}
	b.Deliver()
	if told := b.NoticeOutcomes()[before:]; len(told) != 1 {
		t.Errorf("%q", told)
	}
	desktest.Must1(b.Notes.Add(t.Context(), lin, id, "key-0001", "记得"))(t)
	if p := desktest.Must1(b.Notes.Add(t.Context(), zhou, id, "key-0002", "好"))(t); len(p.Notes) != 3 {
		t.Errorf("%+v", p.Notes)
	}
}

// TestErasureTakesTheNotesToo, which may speak of the filer.
func TestErasureTakesTheNotesToo(t *testing.T) {
	t.Parallel()
	b, zhou, _, id := two(t)
	desktest.Must1(b.Notes.Add(t.Context(), zhou, id, "", "马大爷住三组"))(t)
	desktest.Must1(b.Notes.SetTags(t.Context(), zhou, id, []string{"马大爷"}))(t)
	b.Erase(b.Visitor("villager"))
	if p := desktest.Must1(b.Notes.Read(t.Context(), zhou, id))(t); !p.Empty() {
		t.Errorf("%+v", p.Set)
	}
	kept := b.Server.Client(t).HGetAll(t.Context(), "{"+desktest.Here+"}:notes").Val()
	for _, text := range kept {
		if strings.Contains(text, "马大爷") {
			t.Errorf("%q", kept)
		}
	}
	if in := desktest.Must1(b.Notes.Tags(t.Context(), zhou))(t); len(in) != 0 {
		t.Errorf("%+v", in)
	}
}

// TestErasureTakesDamagedNotesToo: what nobody can read may still speak of the filer.
func TestErasureTakesDamagedNotesToo(t *testing.T) {
	t.Parallel()
	b, _, _, id := two(t)
	key, local := "{"+desktest.Here+"}:notes", strings.TrimPrefix(id, desktest.Here+"-")
	c := b.Server.Client(t)
	if err := c.HSet(t.Context(), key, local, `7 {"n":[{"x":"马大爷住三组"`).Err(); err != nil {
		t.Fatal(err)
	}
	b.Erase(b.Visitor("villager"))
	if got := c.HGet(t.Context(), key, local).Val(); got != "1\t{}" {
		t.Errorf("%q", got)
	}
}
