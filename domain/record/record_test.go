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
	} {
		role, id := record.ParseReceiver(record.Receiver(e))
		if got := string(role) + " " + id; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if record.AssistantKey(access.Department, "a") == record.AssistantKey(access.Member, "a") {
		t.Error("a department and a member are one body")
	}
}
