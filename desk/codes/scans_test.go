package codes_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"mashang/desk/audit"
	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/domain/record"
	"mashang/domain/station"
)

// One phone within half an hour is one scan; days are the station's.
func TestScansAreCounted(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key, other := b.Key(station.ForMember, "m01"), b.Key(station.ForStation, "")
	if u := b.UseOf(key); u != (record.CodeUse{}) {
		t.Errorf("at first %+v", u)
	}
	b.Scan(key, "phone 1")
	b.Scan(key, "phone 1")
	b.Scan(key, "phone 2")
	b.Scan(other, "phone 1")
	if u := b.UseOf(key); u.Total != 0 {
		t.Errorf("written on the way: %+v", u)
	}
	b.Codes.WriteScans(t.Context())
	want := record.CodeUse{Recent: 2, Total: 2, LastDay: "2026-07-22"}
	if u := b.UseOf(key); u != want {
		t.Errorf("%+v, want %+v", u, want)
	}
	if u := b.UseOf(other); u.Total != 1 {
		t.Errorf("the other code: %+v", u)
	}
	b.Clock.Advance(30 * time.Minute)
	b.Scan(key, "phone 1")
	b.Clock.Advance(12 * time.Hour) // past midnight
	b.Scan(key, "phone 1")
	b.Codes.WriteScans(t.Context())
	b.Codes.WriteScans(t.Context())
	want = record.CodeUse{Recent: 4, Total: 4, LastDay: "2026-07-23"}
	if u := b.UseOf(key); u != want {
		t.Errorf("the day after %+v, want %+v", u, want)
	}
	b.Clock.Advance(29 * 24 * time.Hour)
	want.Recent = 1
	if u := b.UseOf(key); u != want {
		t.Errorf("a month later %+v, want %+v", u, want)
	}
}

// A store that is down neither stops a scan nor loses it.
func TestScansWaitForTheStore(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.Key(station.ForMember, "m01")
	b.Scan(key, "phone 1")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	b.Codes.WriteScans(gone)
	b.Scan(key, "phone 2")
	b.Codes.WriteScans(t.Context())
	if u := b.UseOf(key); u.Total != 2 {
		t.Errorf("%+v", u)
	}
}

// Scans counted at the end of Run are not lost.
func TestScansAreWrittenAtTheEnd(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.Key(station.ForMember, "m01")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); b.Run(ctx) }()
	b.Scan(key, "phone 1")
	cancel()
	<-done
	if u := b.UseOf(key); u.Total != 1 {
		t.Errorf("%+v", u)
	}
}

// Filed from: each submission once, by the code that was scanned, wherever the
// code points since.
func TestFiledFrom(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.Key(station.ForMember, "m01")
	v := b.Visitor("villager")
	b.File(v, key)
	b.File(v, key)
	r := desktest.Request(key)
	for range 2 { // the second is a repetition
		if _, err := b.Filing.Submit(t.Context(), v, "key-once-only-12345", r); err != nil {
			t.Fatal(err)
		}
	}
	if u := b.UseOf(key); u.Filed != 3 {
		t.Errorf("%+v", u)
	}
	if u := b.UseOf(b.Key(station.ForStation, "")); u.Filed != 0 {
		t.Errorf("the station's %+v", u)
	}
}

func TestCodesAreFiltered(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	yes, no := true, false
	key := b.Key(station.ForMember, "m01")
	if _, err := b.Codes.ChangeCode(t.Context(), l, key, codes.CodeChange{Revoked: &yes}); err != nil {
		t.Fatal(err)
	}
	all, err := b.Codes.Codes(t.Context(), l, codes.CodeFilter{}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]struct {
		filter codes.CodeFilter
		want   func(codes.StaffCode) bool
	}{
		"members": {codes.CodeFilter{Kind: station.ForMember}, func(k codes.StaffCode) bool { return k.Target.Kind == station.ForMember }},
		"revoked": {codes.CodeFilter{Revoked: &yes}, func(k codes.StaffCode) bool { return k.Key == key }},
		"used":    {codes.CodeFilter{Revoked: &no}, func(k codes.StaffCode) bool { return k.Key != key }},
		"name":    {codes.CodeFilter{Query: " 陈一 "}, func(k codes.StaffCode) bool { return k.Name == "陈一" }},
		"none":    {codes.CodeFilter{Query: "没有这个名字"}, func(codes.StaffCode) bool { return false }},
	} {
		var got []string
		cursor := ""
		for {
			p, err := b.Codes.Codes(t.Context(), l, f.filter, cursor, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range p.Items {
				got = append(got, k.Key)
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
		i := 0
		for _, k := range all.Items {
			if !f.want(k) {
				continue
			}
			if i >= len(got) || got[i] != k.Key {
				t.Errorf("%s: %v lacks %s", name, got, k.Key)
			}
			i++
		}
		if i != len(got) {
			t.Errorf("%s: %d shown, want %d", name, len(got), i)
		}
	}
}

// Re-pointing and revoking are audited, with the names before and after.
func TestCodeChangesAreAudited(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	key := b.Key(station.ForMember, "m01")
	yes, no := true, false
	for _, ch := range []codes.CodeChange{
		{Revoked: &yes}, {Revoked: &yes}, {Revoked: &no}, {Target: &station.Target{Kind: station.ForStation}},
	} {
		if _, err := b.Codes.ChangeCode(t.Context(), l, key, ch); err != nil {
			t.Fatal(err)
		}
	}
	p, err := b.Audit.AuditList(t.Context(), l, audit.Filter{Object: key}, "", 0)
	if err != nil || len(p.Items) != 3 {
		t.Fatalf("%d lines, %v", len(p.Items), err)
	}
	for i, want := range []string{"code-point", "code-restore", "code-revoke"} {
		if p.Items[i].Action != want {
			t.Errorf("line %d is %s", i, p.Items[i].Action)
		}
	}
	if p.Items[0].Why != "陈一 → 临江镇委员工作站" {
		t.Errorf("why %q", p.Items[0].Why)
	}
}

// Of two concurrent changes of a code neither undoes the other.
func TestCodeIsRevokedAndPointedElsewhereAtOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, other := b.Liaison(), b.SecondDesk()
	key, yes, no := b.Key(station.ForMember, "m01"), true, false
	home, moved := station.Target{Kind: station.ForMember, ID: "m01"}, station.Target{Kind: station.ForStation}
	for range 20 {
		if _, err := b.Codes.ChangeCode(t.Context(), l, key, codes.CodeChange{Revoked: &no, Target: &home}); err != nil {
			t.Fatal(err)
		}
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := b.Codes.ChangeCode(t.Context(), l, key, codes.CodeChange{Revoked: &yes}); err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			if _, err := other.Codes.ChangeCode(t.Context(), l, key, codes.CodeChange{Target: &moved}); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		if code, err := b.Store.Code(t.Context(), key); err != nil || !code.Revoked || code.Target != moved {
			t.Fatalf("%+v, %v", code, err)
		}
	}
}
