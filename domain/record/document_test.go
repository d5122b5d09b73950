package record_test

import (
	"regexp"
	"strings"
	"testing"

	"mashang/domain/record"
)

func TestDocumentKindsAreKeys(t *testing.T) {
	t.Parallel()
	for _, k := range record.DocumentKinds {
		if !regexp.MustCompile("^[a-z]{1,16}$").MatchString(string(k)) || !k.Known() {
			t.Errorf("%q is no kind", k)
		}
	}
	if record.DocumentKind("other").Known() {
		t.Error("a kind that is not listed is known")
	}
}

func TestDocumentsThatCanBeStored(t *testing.T) {
	t.Parallel()
	good := record.Document{Kind: record.DocumentDay, ID: "2026-07-22", Revision: 3, At: 1 << 53}
	if !good.Valid() || good.Name() != "day/2026-07-22" {
		t.Errorf("%+v", good)
	}
	for what, change := range map[string]func(*record.Document){
		"no kind":             func(d *record.Document) { d.Kind = "" },
		"another kind":        func(d *record.Document) { d.Kind = "other" },
		"no id":               func(d *record.Document) { d.ID = "" },
		"a long id":           func(d *record.Document) { d.ID = strings.Repeat("a", 65) },
		"capitals":            func(d *record.Document) { d.ID = "A" },
		"a tab":               func(d *record.Document) { d.ID = "a\tb" },
		"a negative revision": func(d *record.Document) { d.Revision = -1 },
		"before 1970":         func(d *record.Document) { d.At = -1 },
		"too late":            func(d *record.Document) { d.At = 1<<53 + 1 },
	} {
		bad := good
		if change(&bad); bad.Valid() {
			t.Errorf("%s: valid", what)
		}
	}
}
