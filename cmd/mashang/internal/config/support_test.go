package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/config"
)

// setting is one leaf of Config, found by the test's own walk.
type setting struct {
	section, key string
	index        []int
	typ          reflect.Type
}

func (s setting) path() string { return s.section + "." + s.key }

// env is the rule of config.yaml's head, not the struct's tag.
func (s setting) env() string {
	return "MASHANG_" + strings.ToUpper(s.section) + "_" + strings.ToUpper(s.key)
}

func (s setting) secret() bool { return s.typ == reflect.TypeFor[config.Secret]() }

func everyField() []setting {
	var out []setting
	for section := range reflect.TypeFor[config.Config]().Fields() {
		for leaf := range section.Type.Fields() {
			out = append(out, setting{
				section: section.Tag.Get("yaml"), key: leaf.Tag.Get("yaml"),
				index: []int{section.Index[0], leaf.Index[0]}, typ: leaf.Type,
			})
		}
	}
	return out
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// load reads a YAML text and an environment, in a folder of its own.
func load(t *testing.T, text string, environ ...string) (config.Config, error) {
	t.Helper()
	src := config.Source{Dir: t.TempDir(), Environ: environ}
	if text != "" {
		write(t, filepath.Join(src.Dir, "config.yaml"), text)
	}
	c, _, err := config.Load(src)
	return c, err
}

// good is load that must succeed.
func good(t *testing.T, text string, environ ...string) config.Config {
	t.Helper()
	c, err := load(t, text, environ...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// bad is load that must be refused; it returns the faults by path.
func bad(t *testing.T, text string, environ ...string) config.Faults {
	t.Helper()
	c, err := load(t, text, environ...)
	faults, ok := errors.AsType[config.Faults](err)
	if !ok || len(faults) == 0 {
		t.Fatalf("want Faults, got %T %v", err, err)
	}
	if !reflect.DeepEqual(c, config.Config{}) {
		t.Error("a refused configuration must not be returned")
	}
	return faults
}

// paths are the faults' paths in order, the whole file's as "".
func paths(fs config.Faults) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Path)
	}
	return out
}
