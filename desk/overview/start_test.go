package overview_test

import (
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// village is a station on its first day: nobody but who sets it up.
const village = "xc"

func newVillage() *station.Station {
	return &station.Station{
		ID: village, Version: 1, Name: "新村委员工作站", Phone: "0930-0000003",
		Sectors:  []station.Sector{{Name: "农业"}},
		Liaisons: []station.Liaison{{ID: "a01", Name: "郑管理", Admin: true}, {ID: "l01", Name: "钱联络"}},
	}
}

// TestStartStepByStep sets a station up from an empty roster to the first scan.
func TestStartStepByStep(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	st := newVillage()
	if ok, err := b.Store.PutStation(t.Context(), st, 0); !ok || err != nil { // b.Put wants a member
		t.Fatal(ok, err)
	}
	admin := b.Bound(village, access.Liaison, "a01")
	open := func() []string {
		t.Helper()
		s := desktest.Must1(b.Overview.Start(t.Context(), admin))(t)
		var keys []string
		for _, x := range s.Steps {
			if !x.Done {
				keys = append(keys, x.Key)
			}
			if x.Name == "" || x.State == "" || x.Done != (x.Next == "") {
				t.Errorf("%+v", x)
			}
		}
		desktest.Same(t, "left", s.Left, len(keys))
		desktest.Same(t, "steps", len(s.Steps), 8)
		return keys
	}
	left := []string{overview.StepRoster, overview.StepDuty, overview.StepLiaison, overview.StepMember, overview.StepCodes, overview.StepFirst}
	desktest.Same(t, "on the first day", open(), left)
	put := func(change func(*station.Station)) {
		change(st)
		b.Put(st, st.Version)
		b.Clock.Advance(time.Minute) // as another process changed it
	}
	for _, step := range []func(){
		func() {
			put(func(st *station.Station) {
				st.Members = []station.Member{{ID: "m01", Name: "郝一", Sector: "农业", Capacity: 5}}
				st.Duty = []station.DutySlot{{Member: "m01", Date: "2026-01-05", From: 540, To: 600}, {Member: "m01", Weekday: 2, From: 540, To: 600, Surge: true}}
			})
		},
		func() {
			put(func(st *station.Station) {
				st.Duty = append(st.Duty, station.DutySlot{Member: "m01", Weekday: 1, From: 540, To: 600})
			})
		},
		func() { b.Bound(village, access.Liaison, "l01") },
		func() { b.Bound(village, access.Member, "m01") },
	} {
		step()
		left = left[1:]
		desktest.Same(t, "then", open(), left)
	}
	code := desktest.Must1(b.Codes.MintCode(t.Context(), village, station.Target{Kind: station.ForStation}))(t)
	desktest.Same(t, "with a code", open(), left[1:])
	desktest.Same(t, "over", desktest.Must1(b.Overview.Start(t.Context(), admin))(t).Over, false)
	b.Scan(code.Key, "a phone")
	b.Codes.WriteScans(t.Context())
	over := func() bool { return desktest.Must1(b.Overview.Start(t.Context(), admin))(t).Over }
	desktest.Same(t, "scanned", open(), []string(nil))

	// A rota that ends later does not bring the steps back to a station that runs.
	put(func(st *station.Station) { st.Duty = nil })
	desktest.Same(t, "without a rota", open(), []string{overview.StepDuty})
	desktest.Same(t, "still over", over(), true)
}

// TestStartIsHiddenByPerson: one's wish is nobody else's, can be taken back and leaves other lists alone.
func TestStartIsHiddenByPerson(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	hidden := func(c access.Caller) bool { return desktest.Must1(b.Overview.Start(t.Context(), c))(t).Hidden }
	views := []record.SavedView{{Name: "超期", Query: "due=overdue"}}
	desktest.Must1(b.Overview.SetSavedViews(t.Context(), b.Liaison(), views))(t)
	for _, wish := range []bool{true, true, false} {
		if err := b.Overview.HideStart(t.Context(), b.Liaison(), wish); err != nil {
			t.Fatal(err)
		}
		desktest.Same(t, "the liaison's", hidden(b.Liaison()), wish)
		desktest.Same(t, "the administrator's", hidden(b.Admin()), false)
	}
	desktest.Same(t, "views", desktest.Must1(b.Overview.SavedViews(t.Context(), b.Liaison()))(t), views)
	_, err := b.Overview.Start(t.Context(), b.Member("m01"))
	denied(t, "a member", err, fault.Denied)
	denied(t, "a member's wish", b.Overview.HideStart(t.Context(), b.Member("m01"), true), fault.Denied)
}

// lacking is a platform with some trouble.
type lacking struct {
	desk.Platform

	purpose notice.Purpose
	held    bool
}

func (l *lacking) Template(p notice.Purpose) string {
	if p == l.purpose {
		return ""
	}
	return l.Platform.Template(p)
}

func (l *lacking) Open() bool { return l.held }

// TestStartTellsOfWeChat: what is wrong at the platform is said, an emulated one counts as connected.
func TestStartTellsOfWeChat(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	trouble := &lacking{Platform: b.Parts.Platform}
	d := b.SecondDesk(func(p *desk.Parts) { p.Platform = trouble })
	expect := func(what string, d *desk.Desk, done bool, words string) {
		t.Helper()
		s := desktest.Must1(d.Overview.Start(t.Context(), b.Admin()))(t)
		for _, x := range s.Steps {
			if x.Key == overview.StepWeChat && (x.Done != done || !strings.Contains(x.State+x.Next, words)) {
				t.Errorf("%s: %+v", what, x)
			}
		}
	}
	expect("configured", d, true, "都已配置")
	trouble.purpose = notice.MemberNew
	expect("without a template", d, false, "还有 1 种通知没有消息模板")
	u := record.UnreadPush{ID: "u1", At: b.Clock.Now(), Kind: "text", Why: "sealed"}
	if err := b.Store.PutUnread(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	expect("a push that cannot be opened", d, false, "EncodingAESKey")
	trouble.held = true
	expect("no answer", d, false, "没有应答")
	demo := desktest.Setup(t, func(c *kit.Config) { c.Emulated = true })
	b = demo
	expect("emulated", demo.Desk, true, "演示")
}
