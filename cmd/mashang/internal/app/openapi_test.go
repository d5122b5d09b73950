package app_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/cmd/mashang/internal/app"
)

// The committed descriptions are what reviewers see and what the clients are built
// with: they must be what the binary says.
func TestCommittedDescriptionsAreTrue(t *testing.T) {
	t.Parallel()
	for file, write := range map[string]func(io.Writer) error{"openapi.json": app.OpenAPI, "roster.json": app.RosterForms} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile("../../../../docs/" + file)
		if err != nil {
			t.Fatalf("%v; write it with make openapi", err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("docs/%s is not what the binary says; run make openapi\n%s", file, diff)
		}
	}
}
