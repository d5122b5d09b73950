package audit_test

import (
	"context"
	"errors"
	"testing"

	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// The line stands in the audit while the act is done, and proves its own action alone.
func TestTheLineIsWrittenBeforeTheAct(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	look := audit.Act{By: b.Liaison(), What: audit.ShowPhone, Object: "lj-1", Why: "回访"}
	got, err := audit.Do(t.Context(), b.Audit, desktest.Here, look, func(w audit.Written) (string, error) {
		if l := newest(t, b); l.Action != "phone" || l.Role != "liaison" || l.ID != "l01" || l.Person != look.By.Person ||
			l.Object != "lj-1" || l.Why != "回访" || !l.At.Equal(b.Clock.Now()) {
			t.Errorf("while the act is done: %+v", l)
		}
		if err := w.Of(audit.Publish, audit.ShowPhone); err != nil {
			t.Errorf("its own action: %v", err)
		}
		if err := w.Of(audit.Publish); !fault.Is(err, fault.Internal) {
			t.Errorf("another action: %v", err)
		}
		return "13800138000", nil
	})
	if got != "13800138000" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	broken := errors.New("broken")
	if err := audit.Run(t.Context(), b.Audit, desktest.Here, look, func(audit.Written) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("an act that fails: %v", err)
	}
}

// An act that cannot be audited is not done.
func TestNoActWithoutItsLine(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	never := func(audit.Written) error { t.Error("it was done"); return nil }
	look := audit.Act{By: b.Liaison(), What: audit.ShowPhone}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := audit.Run(gone, b.Audit, desktest.Here, look, never); err == nil {
		t.Error("the store did not answer and nothing is said")
	}
	for _, what := range []audit.Action{"", "phon", audit.Action(audit.SignInFailed)} {
		look.What = what
		if err := audit.Run(t.Context(), b.Audit, desktest.Here, look, never); !fault.Is(err, fault.Internal) {
			t.Errorf("the action %q: %v", what, err)
		}
	}
	for _, what := range []audit.Event{"", "untold", audit.Event(audit.ShowPhone)} {
		if err := b.Audit.Note(t.Context(), desktest.Here, what, "", ""); !fault.Is(err, fault.Internal) {
			t.Errorf("the event %q: %v", what, err)
		}
	}
	if l := newest(t, b); l.N != 0 {
		t.Errorf("a line: %+v", l)
	}
}

// The zero value proves nothing.
func TestTheZeroWrittenIsRefused(t *testing.T) {
	t.Parallel()
	var w audit.Written
	for _, err := range []error{w.Of(), w.Of(""), w.Of(audit.ShowPhone)} {
		if !fault.Is(err, fault.Internal) {
			t.Errorf("%v", err)
		}
	}
}

// An act at several stations has a line at each, one at none is done without.
func TestAnActAtSeveralStations(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	erase := audit.Act{By: b.Visitor("villager"), What: audit.Erase, Object: "u"}
	for want, stations := range [][]string{nil, {desktest.Here}} {
		done := false
		if err := audit.RunAt(t.Context(), b.Audit, stations, erase, func(w audit.Written) error {
			done = true
			return w.Of(audit.Erase)
		}); err != nil || !done {
			t.Errorf("%v: %v, %v", stations, done, err)
		}
		if l := newest(t, b); l.N != int64(want) {
			t.Errorf("%v: %+v", stations, l)
		}
	}
}

func TestAnEventIsOfNobody(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	if err := b.Audit.Note(t.Context(), desktest.Here, audit.QuotaCleared, desktest.Here, "用完"); err != nil {
		t.Fatal(err)
	}
	l := newest(t, b)
	if l.Action != "quota-clear" || l.Role != "system" || l.ID+l.Person != "" || l.Object != desktest.Here || l.Why != "用完" {
		t.Errorf("%+v", l)
	}
}

func TestKindsHaveWords(t *testing.T) {
	t.Parallel()
	list := audit.Kinds()
	if len(list) < 40 {
		t.Errorf("only %d kinds", len(list))
	}
	for i, k := range list {
		if k.Name == "" || audit.NameOf(k.What) != k.Name || i > 0 && list[i-1].What >= k.What {
			t.Errorf("%+v", k)
		}
	}
	if got := audit.NameOf("of another version"); got != "of another version" {
		t.Error(got)
	}
}

// newest is the last line of the station's audit, the zero value for none.
func newest(tb testing.TB, b *desktest.Bundle) record.Link {
	tb.Helper()
	l, _, err := b.Store.LastAudit(tb.Context(), desktest.Here)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}
