package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// write writes a line for an act that does nothing.
func write(tb testing.TB, svc *audit.Service, a audit.Act) {
	tb.Helper()
	if err := audit.Run(tb.Context(), svc, desktest.Here, a, func(audit.Written) error { return nil }); err != nil {
		tb.Error(err)
	}
}

// l01 is the station's liaison as the audit has them.
var l01 = access.Caller{Role: access.Liaison, ID: "l01", Person: "u"}

// Many at once write one chain.
func TestAuditIsOneChain(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	other := b.SecondDesk()
	var all sync.WaitGroup
	for i := range 40 {
		d := b.Desk
		if i%2 == 1 {
			d = other
		}
		all.Go(func() {
			write(t, d.Audit, audit.Act{By: l01, What: audit.ShowPhone, Object: fmt.Sprint(i)})
		})
	}
	all.Wait()
	wrong, chain := b.AuditFaults(nil)
	if len(wrong) > 0 || chain.Head.N != 40 || chain.Unsealed != 0 {
		t.Errorf("%v, %+v", wrong, chain)
	}
	head := chain.Head
	write(t, b.Audit, audit.Act{By: l01, What: audit.ShowPhone})
	if wrong, _ := b.AuditFaults(&head); len(wrong) > 0 {
		t.Errorf("after the head was kept: %v", wrong)
	}
	list := b.Server.Client(t).XRange(t.Context(), "{"+desktest.Here+"}:audit", "-", "+").Val()
	b.Server.Client(t).XDel(t.Context(), "{"+desktest.Here+"}:audit", list[7].ID)
	if wrong, _ := b.AuditFaults(nil); !slices.Equal(wrong, []string{"9" + record.Skipped}) {
		t.Errorf("one line gone: %v", wrong)
	}
}

func TestAuditIsReadByTheStaff(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	for i := range 7 {
		what := []audit.Action{audit.ShowPhone, audit.ExportDossier}[i%2]
		write(t, b.Audit, audit.Act{By: l01, What: what, Object: fmt.Sprint("lj-", i), Why: fmt.Sprint("理由", i)})
	}
	read := func(f audit.Filter, limit int) (things []string) {
		t.Helper()
		for cursor := ""; ; {
			p, err := b.Audit.AuditList(t.Context(), b.Liaison(), f, cursor, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range p.Items {
				if l.Name != "周联络" {
					t.Errorf("%+v", l)
				}
				things = append(things, l.Object)
			}
			if cursor = p.Next; cursor == "" {
				return things
			}
		}
	}
	for _, limit := range []int{1, 2, 3, 100} {
		if got := read(audit.Filter{}, limit); !slices.Equal(got, []string{"lj-6", "lj-5", "lj-4", "lj-3", "lj-2", "lj-1", "lj-0"}) {
			t.Errorf("%d a page: %v", limit, got)
		}
		if got := read(audit.Filter{Action: "dossier"}, limit); !slices.Equal(got, []string{"lj-5", "lj-3", "lj-1"}) {
			t.Errorf("%d a page: %v", limit, got)
		}
	}
	if got := read(audit.Filter{Object: "lj-4", By: "l01", Query: "理由4"}, 5); !slices.Equal(got, []string{"lj-4"}) {
		t.Errorf("%v", got)
	}
	if got := read(audit.Filter{By: "l02"}, 5); got != nil {
		t.Errorf("%v", got)
	}
	for name, c := range map[string]access.Caller{"member": b.Member("m01"), "visitor": b.Visitor("someone")} {
		if _, err := b.Audit.AuditList(t.Context(), c, audit.Filter{}, "", 0); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The audit is filtered by days, by names and by a submission's number, and names the objects.
func TestAuditIsFiltered(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	for _, a := range []audit.Act{
		{By: l01, What: audit.ShowPhone, Object: s.ID, Why: "回访"},
		{By: access.Caller{Role: access.Member, ID: "m01"}, What: audit.ReportAbsence, Object: "m01", Why: "开会"},
		{By: l01, What: audit.SetRules, Object: desktest.Here},
		{By: l01, What: audit.ShowPhone, Object: desktest.Here + "-gone", Why: "再次回访"},
	} {
		write(t, b.Audit, a)
		b.Clock.Advance(24 * time.Hour)
	}
	m01 := b.Member("m01")
	things := func(f audit.Filter) (list []string) {
		t.Helper()
		p, err := b.Audit.AuditList(t.Context(), b.Liaison(), f, "", 10)
		if err != nil || p.Next != "" {
			t.Fatal(p.Next, err)
		}
		for _, l := range p.Items {
			list = append(list, l.Action+" "+l.ObjectName)
		}
		return list
	}
	name := b.Caller(b.Open(desktest.OpenidOf(desktest.Here, access.Member, "m01"), "").Token).Name
	for want, f := range map[string]audit.Filter{
		"[phone  rules 测试镇 away " + name + " phone " + s.Number + "]": {},
		"[rules 测试镇 away " + name + "]":                               {From: desktest.Start.AddDate(0, 0, 1), To: desktest.Start.AddDate(0, 0, 2).Add(time.Hour)},
		"[phone " + s.Number + "]":                                    {Object: s.Number},
		"[phone  phone " + s.Number + "]":                             {Query: "回访"},
		"[away " + name + "]":                                         {Query: name},
		"[]":                                                          {Object: "260101-0001"},
	} {
		if got := strings.ReplaceAll(fmt.Sprint(things(f)), b.StationName(), "测试镇"); got != want {
			t.Errorf("%+v: %s, want %s", f, got, want)
		}
	}
	if _, err := b.Audit.CheckAudit(t.Context(), m01); !fault.Is(err, fault.Denied) {
		t.Errorf("a member: %v", err)
	}
}

// Entries of the roster are called by their names, whatever act named them.
func TestAuditNamesEntriesOfTheRoster(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	st, err := b.Store.Station(t.Context(), desktest.Here)
	if err != nil {
		t.Fatal(err)
	}
	things := map[string]string{
		"members/m01": st.Members[0].Name, "member/m01": st.Members[0].Name, "l01": "周联络", "liaison/l01": "周联络", "liaisons/l01": "周联络",
		"departments/" + st.Departments[0].ID: st.Departments[0].Name, "rooms/" + st.Rooms[0].ID: st.Rooms[0].Name,
		"places/" + st.Places[0].ID: st.Places[0].Name, "categories/" + st.Categories[0].Key: st.Categories[0].Name, "sectors/" + st.Sectors[0].Name: st.Sectors[0].Name, "duty/" + st.Duty[0].ID(): st.Duty[0].String(),
		"members/none": "", "pigeons/m01": "", "u-1": "",
	}
	for thing := range things {
		write(t, b.Audit, audit.Act{By: l01, What: audit.PutEntry, Object: thing})
	}
	p, err := b.Audit.AuditList(t.Context(), b.Liaison(), audit.Filter{}, "", 50)
	if err != nil || len(p.Items) != len(things) {
		t.Fatal(len(p.Items), err)
	}
	for _, l := range p.Items {
		if l.ObjectName != things[l.Object] {
			t.Errorf("%s is called %q, want %q", l.Object, l.ObjectName, things[l.Object])
		}
	}
}

// The newest lines are checked within the request, and their faults are found.
func TestCheckAudit(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	head := func() audit.State {
		t.Helper()
		a, err := b.Audit.CheckAudit(t.Context(), b.Liaison())
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := head(); a.Count != 0 || len(a.Wrong) != 0 || a.Head.N != 0 || len(a.Staff) == 0 {
		t.Errorf("nothing yet: %+v", a)
	}
	lines := func(n int) {
		t.Helper()
		for i := range n {
			write(t, b.Audit, audit.Act{By: l01, What: audit.ShowPhone, Object: fmt.Sprint(i)})
		}
	}
	lines(5)
	_, chain := b.AuditFaults(nil)
	if a := head(); a.Count != 5 || a.Checked != 5 || len(a.Wrong) != 0 || a.Head != chain.Head || a.Head.MAC == "" {
		t.Errorf("%+v, want the head %+v", a, chain.Head)
	}
	lines(1000)
	if a := head(); a.Count != 1005 || a.Checked != 1000 || len(a.Wrong) != 0 || a.Head.N != 1005 {
		t.Errorf("%+v", a)
	}
	rdb, key := b.Server.Client(t), "{"+desktest.Here+"}:audit"
	list := rdb.XRange(t.Context(), key, "-", "+").Val()
	rdb.XDel(t.Context(), key, list[2].ID)
	if a := head(); len(a.Wrong) != 1 || a.Wrong[0] != (audit.Fault{What: record.Skipped}) {
		t.Errorf("a line before those checked is gone: %+v", a.Wrong)
	}
	rdb.XDel(t.Context(), key, list[700].ID)
	if a := head(); len(a.Wrong) != 1 || a.Wrong[0] != (audit.Fault{N: 702, What: record.Skipped}) {
		t.Errorf("one of those checked is gone: %+v", a.Wrong)
	}
	if record.DescribeChainFault(record.Skipped) == "" {
		t.Error("nobody is told")
	}
}
