package app_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/cmd/mashang/internal/app"
)

// The committed description is what reviewers see and clients' types are made
// from: it must be what the binary says.
func TestCommittedOpenAPIIsTrue(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := app.OpenAPI(&got); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../../../docs/openapi.json")
	if err != nil {
		t.Fatalf("%v; write it with make openapi", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("docs/openapi.json is not what the binary says; run make openapi\n%s", diff)
	}
}
