package matters_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/language"
	"mashang/domain/rating"
	"mashang/domain/reason"
	"mashang/domain/station"
)

// full is a submission with everything in it that somebody may not see.
func full() casework.Submission {
	entry := func(what access.Action, role access.Role, id, text string) casework.Entry {
		return casework.Entry{At: casework.At(desktest.Noon), What: what, By: casework.Actor{Role: role, ID: id}, Text: text, Private: what == access.Return}
	}
	return casework.Submission{
		ID: "hh-0123456789abcdef", Number: "260715-0001", Version: 5, State: casework.Assigned, Assignee: "a", Pick: 1,
		Station: "hh", Filer: "u1", FiledAt: casework.At(desktest.Noon), DueAt: casework.At(desktest.Noon.Add(time.Hour)),
		Kind: casework.Complaint, Category: "tour", Visitor: casework.Tourist, Text: "票价不符",
		Target: station.Target{Kind: station.ForMember, ID: "b"},
		Phone:  "sealed-phone", PhoneMask: "138****8000", Hold: casework.HoldRisky, Past: []string{"b"},
		Assists:  []casework.Assist{{ID: 1, Role: access.Department, Who: "d", State: casework.Contributed}},
		OnBehalf: &casework.OnBehalf{Name: "马老太太", Relation: "母亲", Phone: "sealed-other-phone"},
		Rating:   &rating.Rating{Attitude: 1, Speed: 1, Reason: "慢"},
		Decision: casework.Decision{
			Candidates: []casework.Candidate{{Member: "a", Name: "张三", Score: 30, Reasons: []reason.Reason{reason.OnDuty}}},
			Passed:     []casework.PassedOver{{Member: "b", Name: "李四", Why: reason.Away}},
		},
		Thread: []casework.Entry{
			entry(access.Message, access.Visitor, "u1", "还有一件"),
			entry(access.Return, access.Member, "b", "不归我管"),
			entry(access.Message, access.Visitor, "u1", "请快些"),
		},
	}
}

func look(t *testing.T, c access.Caller, s casework.Submission) matters.View {
	t.Helper()
	d, store, _ := desktest.Open(t)
	store.One = s
	v, err := d.Matters.Get(t.Context(), c, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	member := desktest.ByMember
	unnamed := full()
	unnamed.Anonymous = true
	filingMember := desktest.ByMember
	filingMember.Person = "u1"
	type seen struct {
		As                                access.Role
		Mask, Behalf, Hold, Rating, Texts string
		Decision                          bool
		Past                              int
	}
	const all, public = "还有一件|不归我管|请快些", "还有一件|请快些"
	for name, tc := range map[string]struct {
		c    access.Caller
		s    casework.Submission
		want seen
	}{
		"the filer":               {desktest.ByVisitor, full(), seen{access.Visitor, "138****8000", "马老太太", "", "慢", public, false, 0}},
		"the unnamed filer":       {desktest.ByVisitor, unnamed, seen{access.Visitor, "138****8000", "马老太太", "", "慢", public, false, 0}},
		"the member":              {member, full(), seen{access.Member, "138****8000", "马老太太", "", "慢", all, false, 0}},
		"the member, unnamed":     {member, unnamed, seen{access.Member, "", "", "", "慢", all, false, 0}},
		"a member who filed it":   {filingMember, full(), seen{access.Visitor, "138****8000", "马老太太", "", "慢", public, false, 0}},
		"the liaison":             {desktest.ByLiaison, full(), seen{access.Liaison, "138****8000", "马老太太", "risky", "慢", all, true, 1}},
		"a department that joins": {desktest.ByDepartment, full(), seen{access.Department, "", "", "", "", public, false, 0}},
	} {
		v := look(t, tc.c, tc.s)
		got := seen{As: v.As, Mask: v.PhoneMask, Hold: v.Hold, Decision: len(v.Decision.Candidates) > 0, Past: len(v.Past)}
		if v.OnBehalf != nil {
			got.Behalf = v.OnBehalf.Name
		}
		if v.Rating != nil {
			got.Rating = v.Rating.Reason
		}
		var texts []string
		for _, e := range v.Thread {
			texts = append(texts, e.Text)
		}
		got.Texts = strings.Join(texts, "|")
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(v.Why) == 0 || v.StationName == "" || v.StationPhone == "" || v.CategoryName != "景区服务" || v.TargetName != "李四" {
			t.Errorf("%s: %+v", name, v)
		}
		if diff := cmp.Diff(&codes.MemberCard{ID: "a", Name: "张三", Sector: "文化旅游"}, v.AssigneeCard); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestNothingSealedAndNobodysIDLeaves: not even to the liaison, and not in any
// field that a face might forget to skip.
func TestNothingSealedAndNobodysIDLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []access.Caller{desktest.ByVisitor, desktest.ByMember, desktest.ByLiaison, desktest.ByDepartment} {
		v := look(t, c, full())
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"sealed", `"u1"`} {
			if strings.Contains(string(data), secret) || v.Filer != "" || v.Phone != "" {
				t.Errorf("%s sees %s: %s", c.Role, secret, data)
			}
		}
		if reasons := v.Reasons(); len(reasons) == 0 {
			t.Errorf("%s: a view has no reasons of its own", c.Role)
		}
	}
}

func TestAViewSharesNothingWithTheRecord(t *testing.T) {
	t.Parallel()
	d, store, _ := desktest.Open(t)
	store.One = full()
	for _, c := range []access.Caller{desktest.ByVisitor, desktest.ByMember, desktest.ByLiaison, desktest.ByDepartment} {
		if _, err := d.Matters.Get(t.Context(), c, store.One.ID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(full(), store.One); diff != "" {
			t.Errorf("looking as %s changed the record: %s", c.Role, diff)
		}
	}
}

func TestWhoSeesNothing(t *testing.T) {
	t.Parallel()
	d, store, _ := desktest.Open(t)
	store.One = full()
	held := full()
	held.State, held.Assignee, held.Pick = casework.Held, "", 0
	stranger := access.Caller{Person: "u2", Role: access.Visitor}
	former := access.Caller{Person: "u4", Role: access.Member, Station: "hh", ID: "b"}
	elsewhere := access.Caller{Person: "u7", Role: access.Liaison, Station: "other", ID: "l"}
	admin := access.Caller{Person: "u9", Role: access.Admin, Station: "hh", ID: "m"}
	for name, c := range map[string]access.Caller{"a stranger": stranger, "a former member": former, "another station's liaison": elsewhere} {
		if _, err := d.Matters.Get(t.Context(), c, store.One.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.Matters.Get(t.Context(), admin, store.One.ID); fault.CodeOf(err) != fault.NotFound && fault.CodeOf(err) != fault.Denied {
		t.Errorf("an administrator reads: %v", err)
	}
	if _, err := d.Matters.Get(t.Context(), access.Caller{}, store.One.ID); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	for _, id := range []string{"", "hh", "hh-", "-x", "HH-0123456789abcdef", "hh-fedcba9876543210", "../hh-1"} {
		if _, err := d.Matters.Get(t.Context(), desktest.ByLiaison, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("id %q: %v", id, err)
		}
	}
	store.One = held
	for _, c := range []access.Caller{desktest.ByMember, desktest.ByDepartment} {
		if _, err := d.Matters.Get(t.Context(), c, held.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s sees what is held: %v", c.Role, err)
		}
	}
	if v := look(t, desktest.ByVisitor, held); v.Hold != "" || v.AssigneeCard != nil {
		t.Errorf("the filer learns why: %+v", v)
	}
}

// A liaison sees what they filed for a caller as the station's, and their own filing as any visitor does.
func TestAFilingByTheLiaisonStaysTheStations(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	sun := b.Liaison()
	key := b.Key(station.ForMember, "m01")
	called := b.File(sun, key, func(r *filing.Request) {
		r.Filing.OnBehalf = &casework.OnBehalf{Name: "王大爷", Relation: "本人来电"}
	})
	own := b.File(sun, key)
	for id, want := range map[string]access.Role{called.ID: access.Liaison, own.ID: access.Visitor} {
		v, err := b.Matters.Get(t.Context(), sun, id)
		if err != nil {
			t.Fatal(err)
		}
		if v.As != want {
			t.Errorf("%s is shown as to a %s, want %s", id, v.As, want)
		}
		e, err := b.Matters.Explain(t.Context(), sun, id, language.Chinese)
		if err != nil {
			t.Fatal(err)
		}
		if weighed := e.Full != nil; weighed != (want == access.Liaison) {
			t.Errorf("%s: what was weighed is shown: %v", id, weighed)
		}
	}
}
