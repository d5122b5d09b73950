package app_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/cmd/mashang/internal/app"
	"mashang/handlers/roster"
)

// The committed descriptions are what reviewers see and what the clients are built
// with: they must be what the binary says.
func TestCommittedDescriptionsAreTrue(t *testing.T) {
	t.Parallel()
	var api bytes.Buffer
	err := app.OpenAPI(&api)
	if err != nil {
		t.Fatal(err)
	}
	forms, err := roster.Forms()
	if err != nil {
		t.Fatal(err)
	}
	for file, got := range map[string]string{"openapi.json": api.String(), "roster.json": string(forms)} {
		want, err := os.ReadFile("../../../../docs/" + file)
		if err != nil {
			t.Fatalf("%v; write it with make openapi", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("docs/%s is not what the binary says; run make openapi\n%s", file, diff)
		}
	}
}
