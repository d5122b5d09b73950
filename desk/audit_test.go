package desk_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"mashang/access"
	"mashang/desk"
	"mashang/fault"
	"mashang/record"
)

// wrongLinks is what is wrong with a station's audit.
func (b *bundle) wrongLinks(known *record.Head) ([]string, *record.Chain) {
	b.t.Helper()
	list, err := b.store.AuditsFrom(b.t.Context(), here, "", 10_000)
	if err != nil {
		b.t.Fatal(err)
	}
	chain := b.AuditChain(here, known)
	var wrong []string
	for _, l := range list {
		if what := chain.Next(l); what != "" {
			wrong = append(wrong, fmt.Sprint(l.N, what))
		}
	}
	if what := chain.End(); what != "" {
		wrong = append(wrong, what)
	}
	return wrong, chain
}

// Many at once write one chain.
func TestAuditIsOneChain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another()
	var all sync.WaitGroup
	for i := range 40 {
		d := b.Desk
		if i%2 == 1 {
			d = other
		}
		all.Go(func() {
			if err := d.Record(t.Context(), here, desk.Audited{At: start, Role: "liaison", ID: "l01", What: "phone", Thing: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wrong, chain := b.wrongLinks(nil)
	if len(wrong) > 0 || chain.Head.N != 40 || chain.Unsealed != 0 {
		t.Errorf("%v, %+v", wrong, chain)
	}
	head := chain.Head
	if err := b.Record(t.Context(), here, desk.Audited{At: start, Role: "liaison", ID: "l01", What: "phone"}); err != nil {
		t.Fatal(err)
	}
	if wrong, _ := b.wrongLinks(&head); len(wrong) > 0 {
		t.Errorf("after the head was kept: %v", wrong)
	}
	list := b.server.Client(t).XRange(t.Context(), "{"+here+"}:audit", "-", "+").Val()
	b.server.Client(t).XDel(t.Context(), "{"+here+"}:audit", list[7].ID)
	if wrong, _ := b.wrongLinks(nil); !slices.Equal(wrong, []string{"9" + record.Skipped}) {
		t.Errorf("one line gone: %v", wrong)
	}
}

func TestAuditIsReadByTheStaff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 7 {
		a := desk.Audited{At: start, Role: "liaison", ID: "l01", Person: "u", What: []string{"phone", "dossier"}[i%2], Thing: fmt.Sprint("lj-", i), Why: fmt.Sprint("理由", i)}
		if err := b.Record(t.Context(), here, a); err != nil {
			t.Fatal(err)
		}
	}
	read := func(f desk.AuditFilter, limit int) (things []string) {
		t.Helper()
		for cursor := ""; ; {
			p, err := b.AuditList(t.Context(), b.liaison(), f, cursor, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range p.Items {
				if l.Name != "周联络" {
					t.Errorf("%+v", l)
				}
				things = append(things, l.Thing)
			}
			if cursor = p.Next; cursor == "" {
				return things
			}
		}
	}
	for _, limit := range []int{1, 2, 3, 100} {
		if got := read(desk.AuditFilter{}, limit); !slices.Equal(got, []string{"lj-6", "lj-5", "lj-4", "lj-3", "lj-2", "lj-1", "lj-0"}) {
			t.Errorf("%d a page: %v", limit, got)
		}
		if got := read(desk.AuditFilter{What: "dossier"}, limit); !slices.Equal(got, []string{"lj-5", "lj-3", "lj-1"}) {
			t.Errorf("%d a page: %v", limit, got)
		}
	}
	if got := read(desk.AuditFilter{Thing: "lj-4", By: "l01", Query: "理由4"}, 5); !slices.Equal(got, []string{"lj-4"}) {
		t.Errorf("%v", got)
	}
	if got := read(desk.AuditFilter{By: "l02"}, 5); got != nil {
		t.Errorf("%v", got)
	}
	for name, c := range map[string]access.Caller{"member": b.member("m01"), "visitor": b.visitor("someone")} {
		if _, err := b.AuditList(t.Context(), c, desk.AuditFilter{}, "", 0); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
