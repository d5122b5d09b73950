package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/cmd/mashang/internal/config"
)

const committed = "../../../../config.yaml"

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// commentedDefault is "  #name: value"; prose has a blank after the #.
var commentedDefault = regexp.MustCompile(`(?m)^  #([a-z_]+):`)

func TestCommittedFileChangesNothing(t *testing.T) {
	t.Parallel()
	c, origin, err := config.Load(config.Source{File: committed})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(config.Config{}.WithDefaults(), c); diff != "" {
		t.Errorf("the committed file is not all defaults (-default +file):\n%s", diff)
	}
	if origin.File != committed {
		t.Errorf("origin names %q", origin.File)
	}
}

func TestCommittedFileShowsTheDefaults(t *testing.T) {
	t.Parallel()
	text := commentedDefault.ReplaceAllString(read(t, committed), "  $1:")
	name := filepath.Join(t.TempDir(), "all.yaml")
	write(t, name, text)
	c, _, err := config.Load(config.Source{File: name})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(config.Config{}.WithDefaults(), c); diff != "" {
		t.Errorf("a default in config.yaml is not the code's (-code +file):\n%s", diff)
	}
}

// Emptying a value must not hide a wrong default from the test above: each line
// is set alone to a value, and must reach the struct.
func TestCommittedFileHasEveryField(t *testing.T) {
	t.Parallel()
	text := read(t, committed)
	for _, f := range everyField() {
		_, body, found := strings.Cut(text, "\n"+f.section+":\n")
		if !found {
			t.Errorf("config.yaml lacks the section %s", f.section)
			continue
		}
		body, _, _ = strings.Cut(body, "\n\n")
		line := "\n  #" + f.key + ":"
		if f.secret() {
			if strings.Contains("\n"+body, line) {
				t.Errorf("%s is a secret and must not be shown as a setting", f.path())
			}
			line = "\n  # " + f.key + "（"
		}
		before, _, found := strings.Cut("\n"+body, line)
		if !found {
			t.Errorf("config.yaml does not have %s", f.path())
			continue
		}
		comment := before[strings.LastIndex(before, "\n")+1:]
		if !f.secret() && (!strings.HasPrefix(comment, "  # ") || !strings.HasSuffix(comment, f.env())) {
			t.Errorf("%s: the comment above must end with %s, it is %q", f.path(), f.env(), comment)
		}
		if !strings.Contains(body, f.env()) {
			t.Errorf("config.yaml does not name %s", f.env())
		}
	}
	for _, m := range commentedDefault.FindAllStringSubmatch(text, -1) {
		known := false
		for _, f := range everyField() {
			known = known || f.key == m[1]
		}
		if !known {
			t.Errorf("config.yaml has %s, the code does not", m[1])
		}
	}
}

func TestDefaultsAreAFixedPoint(t *testing.T) {
	t.Parallel()
	once := config.Config{}.WithDefaults()
	if diff := cmp.Diff(once, once.WithDefaults()); diff != "" {
		t.Error(diff)
	}
	if once.HTTP.PublicURL != "http://127.0.0.1:8080" || once.Seal.KeysDir != "data/keys" {
		t.Errorf("derived: %s %s", once.HTTP.PublicURL, once.Seal.KeysDir)
	}
	want := reflect.ValueOf(config.Defaults())
	got := reflect.ValueOf(once)
	for _, f := range everyField() {
		def := want.FieldByIndex(f.index)
		if !def.IsZero() && !reflect.DeepEqual(def.Interface(), got.FieldByIndex(f.index).Interface()) {
			t.Errorf("%s is not at its default", f.path())
		}
	}
}
