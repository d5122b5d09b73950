package record_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// TestIndexNamesDiffer: two lists under one name would share one key.
func TestIndexNamesDiffer(t *testing.T) {
	t.Parallel()
	seen := map[record.IndexName]bool{}
	for _, name := range []record.IndexName{
		record.Pool, record.Inbox, record.Answered, record.ClosedBy, record.GoneFrom, record.Mine, record.All, record.InState,
		record.Assists, record.AssistPending, record.AssistDone,
	} {
		if name == "" || seen[name] {
			t.Errorf("%q stands twice or is empty", name)
		}
		seen[name] = true
	}
}

// TestAnArrivalIsReadBack: it waits in the store as JSON, and one that was
// kept by an older version must still be read.
func TestAnArrivalIsReadBack(t *testing.T) {
	t.Parallel()
	a := record.InboundEvent{ID: "1", Kind: "consent", OpenID: "o", Text: "文", Template: "t", Accepted: true, Attempts: 2}
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	const kept = `{"i":"1","k":"consent","o":"o","x":"文","t":"t","a":true,"n":2}`
	if string(data) != kept {
		t.Errorf("%s, want %s", data, kept)
	}
	var back record.InboundEvent
	if err := json.Unmarshal([]byte(kept), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, back); diff != "" {
		t.Error(diff)
	}
}

// TestReceivers: what names somebody says who it was.
func TestReceivers(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]notice.Entry{
		"member m.1":     {Member: "m.1"},
		"liaison l1":     {Liaison: "l1"},
		"department d01": {Department: "d01"},
		"visitor ":       {Person: "u1"},
		"visitor b1":     {Person: "u1", Day: "20261204-r1", Booking: "b1"},
	} {
		role, id := record.ParseReceiver(record.Receiver(e))
		if got := string(role) + " " + id; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, e := range []notice.Entry{{Submission: "hh-a1"}, {Day: "20261204-r1"}} {
		u := record.Undelivered{Submission: record.RefOf("hh", e), Receiver: "m.m.1", Purpose: notice.MemberDuty}
		if back, ok := record.ParseUndeliveredID("hh", u.ID()); !ok || back != u {
			t.Errorf("%+v from %s, want %+v", back, u.ID(), u)
		}
		if day, ok := record.ParseDayRef(u.Submission); day != e.Day && ok || ok != (e.Day != "") {
			t.Errorf("%s is the day %q", u.Submission, day)
		}
	}
	if record.AssistantKey(access.Department, "a") == record.AssistantKey(access.Member, "a") {
		t.Error("a department and a member are one body")
	}
}
