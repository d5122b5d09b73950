package e2e_test

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// golden is what beside a golden folder says what was in it: keys that live for
// ever with their types, and submissions by what they are an example of, as a
// liaison of the version that wrote them saw them.
type golden struct {
	Keys        map[string]string         `json:"keys"`
	Submissions map[string]map[string]any `json:"submissions"`
}

// TestGoldenFolders drives a data folder of each format through this binary:
// it is backed up and migrated, everything is there, and an act works. A format
// without its folder fails.
func TestGoldenFolders(t *testing.T) {
	t.Parallel()
	newest := newestFormat(t)
	for format := 1; format < newest; format++ {
		t.Run(strconv.Itoa(format), func(t *testing.T) {
			t.Parallel()
			s := newSite(t, nil)
			want := s.unpack(fmt.Sprintf("testdata/format-%d.tar.gz", format))
			beside(t, s, format, newest)
			s.start()
			s.ready()
			s.inOrder("a backup was made before", "data are migrated")
			s.holds(want)
			s.works(want)
			// The folder is now of this format: its own version opens it again.
			s.stop()
			s.start()
			s.ready()
			if r := s.mustRun("doctor"); !strings.Contains(r.out, fmt.Sprintf("✓ 数据格式：%d", newest)) {
				t.Errorf("doctor: %v", r)
			}
			s.mustRun("audit", "verify")
			s.backedUp(want, format)
		})
	}
}

// newestFormat is what the binary says of itself.
func newestFormat(t *testing.T) int {
	t.Helper()
	out := newSite(t, nil).mustRun("version").out
	m := regexp.MustCompile(`数据格式 (\d+)`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("version says no format: %s", out)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// beside tries what may run beside a server of the version before.
func beside(t *testing.T, s *site, format, newest int) {
	t.Helper()
	if r := s.run(nil, "audit", "heads"); r.code != 1 || !strings.Contains(r.errOut, fmt.Sprintf("数据是格式 %d，本程序用格式 %d", format, newest)) {
		t.Errorf("a command that could run beside an older server: %v", r)
	}
	if r := s.mustRun("doctor"); !strings.Contains(r.out, fmt.Sprintf("! 数据格式：%d", format)) {
		t.Errorf("doctor: %v", r)
	}
}

// holds compares what is served with what the folder was made of. Time went on
// since: what was done later stands behind what was done before.
func (s *site) holds(want golden) {
	s.t.Helper()
	l := s.liaison(s.cast())
	for what, was := range want.Submissions {
		var is map[string]any
		l.call(http.StatusOK, http.MethodGet, "/submissions/"+typed[string](s.t, was["id"]), nil, &is)
		before, after := typed[[]any](s.t, was["timeline"]), typed[[]any](s.t, is["timeline"])
		if len(after) < len(before) || contains(after[:len(before)], before) != "" {
			s.t.Errorf("%s: the thread was %v, is %v", what, before, after)
		}
		if len(after) > len(before) {
			continue
		}
		if e, ok := was["emergency"].(map[string]any); ok {
			delete(e, "advice") // the program's words to whoever reads, no data
		}
		if missing := contains(is, was); missing != "" {
			s.t.Errorf("%s: %s is lost or another", what, missing)
		}
		for _, photo := range typed[[]any](s.t, was["photos"]) {
			l.call(http.StatusOK, http.MethodGet, "/uploads/"+typed[string](s.t, photo), nil, nil)
		}
	}
	s.numbersSealed()
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.redisSocket(), Protocol: 2, DisableIdentity: true, MaxRetries: -1})
	defer func() { _ = client.Close() }()
	for key, was := range want.Keys {
		kind, err := client.Type(s.t.Context(), key).Result()
		if err != nil {
			s.t.Fatal(err)
		}
		if typ, _, _ := strings.Cut(was, " "); kind != typ && !passing.MatchString(key) {
			s.t.Errorf("%s was a %s, is %s", key, typ, kind)
		}
	}
}

// numbersSealed looks for a number in clear in the rosters: departments' were kept
// so up to format 2. The station's own is everybody's.
func (s *site) numbersSealed() {
	s.t.Helper()
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.redisSocket(), Protocol: 2, DisableIdentity: true, MaxRetries: -1})
	defer func() { _ = client.Close() }()
	value, err := client.Get(s.t.Context(), "{hexi}:roster").Result()
	if err != nil {
		s.t.Fatal(err)
	}
	type roster struct {
		Departments []struct {
			ID    string `json:"id"`
			Phone string `json:"phone"`
		} `json:"departments"`
	}
	var stored struct {
		roster
		Before struct {
			Roster roster `json:"roster"`
		} `json:"before"`
	}
	_, text, _ := strings.Cut(value, `{"id"`) // after the seal
	if err := json.Unmarshal([]byte(`{"id"`+text), &stored); err != nil {
		s.t.Fatal(err)
	}
	if len(stored.Departments) == 0 {
		s.t.Error("no departments to look at")
	}
	for _, d := range slices.Concat(stored.Departments, stored.Before.Roster.Departments) {
		if clearNumber.MatchString(d.Phone) {
			s.t.Errorf("department %s has its number in clear: %s", d.ID, d.Phone)
		}
	}
}

var clearNumber = regexp.MustCompile(`^[0-9-]{3,}$`)

// passing are lists of what is in hand, which end when it is done.
var passing = regexp.MustCompile(`^\{@|^\{[a-z0-9]+\}:(ob|urge|q:|state:|due|alarms|unsure|cover|relay|assists|as:in|untold|photos|looking)`)

// worded are fields of words for people, which each version may choose.
var worded = []string{"sentence", "reasons", "why"}

// contains names the first thing of was that is lacks or has otherwise.
func contains(is, was any) string {
	switch was := was.(type) {
	case map[string]any:
		is, ok := is.(map[string]any)
		if !ok {
			return "an object"
		}
		for name, value := range was {
			if slices.Contains(worded, name) || strings.HasSuffix(name, "_name") {
				continue
			}
			if missing := contains(is[name], value); missing != "" {
				return name + ": " + missing
			}
		}
	case []any:
		is, ok := is.([]any)
		if !ok || len(is) != len(was) {
			return fmt.Sprintf("%v", was)
		}
		for i := range was {
			if missing := contains(is[i], was[i]); missing != "" {
				return missing
			}
		}
	default:
		if !reflect.DeepEqual(is, was) {
			return fmt.Sprintf("%v is %v", was, is)
		}
	}
	return ""
}

// works acts on what was there and files something new.
func (s *site) works(want golden) {
	s.t.Helper()
	cast := s.cast()
	l := s.liaison(cast)
	held := l.read(typed[string](s.t, want.Submissions["held"]["id"]))
	moved := l.act(held.ID, "assign", object{"version": held.Version, "to": cast.Members[0].ID, "reason": "核对过了"})
	if moved.Version != held.Version+1 || moved.assignee() != cast.Members[0].ID || moved.Text != held.Text {
		s.t.Errorf("an act on what was there: %+v", moved)
	}
	code := cast.Codes[slices.IndexFunc(cast.Codes, func(c castCode) bool { return c.Kind == "place" })]
	filed := s.user("someone-new").filed("golden-key-0001", object{"scene": code.Key, "kind": "help", "text": "升级之后的一件"})
	if filed.Number == "" {
		s.t.Errorf("a filing: %+v", filed)
	}
}

// backedUp restores the backup that the migration made, and serves it.
func (s *site) backedUp(want golden, format int) {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.Dir, "backups", fmt.Sprintf("format-%d-*", format)))
	if err != nil || len(files) != 1 {
		s.t.Fatalf("backups: %v %v", files, err)
	}
	r := newSite(s.t, nil)
	copyKeys(s.t, s.Dir, r.Dir)
	out := r.mustRun("restore", files[0]).out
	for _, word := range []string{fmt.Sprintf("数据格式 %d", format), "核对通过", "再升级"} {
		if !strings.Contains(out, word) {
			s.t.Errorf("restore does not say %q:\n%s", word, out)
		}
	}
	if n := len(want.Submissions); !strings.Contains(out, fmt.Sprintf("%d 件诉求", n)) {
		s.t.Errorf("not %d: %s", n, out)
	}
	r.start()
	r.ready()
	r.stop()
}

// unpack puts a golden folder into the site and returns what is in it.
func (s *site) unpack(file string) (want golden) {
	s.t.Helper()
	f, err := os.Open(file)
	if err != nil {
		s.t.Fatalf("each format has its golden folder (CONTRIBUTING.md): %v", err)
	}
	defer func() { _ = f.Close() }()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		s.t.Fatal(err)
	}
	for entries := tar.NewReader(zipped); ; {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return want
		}
		if err != nil {
			s.t.Fatal(err)
		}
		data, err := io.ReadAll(entries)
		if err != nil {
			s.t.Fatal(err)
		}
		name, inside := strings.CutPrefix(header.Name, "data/")
		path := filepath.Join(s.Dir, filepath.FromSlash(name))
		switch {
		case !inside && header.Name == "expected.json":
			err = json.Unmarshal(data, &want)
		case !inside:
			s.t.Fatalf("%s holds %s", file, header.Name)
		case header.Typeflag == tar.TypeDir:
			err = os.MkdirAll(path, 0o700)
		default:
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// typed is a value of decoded JSON as what it has to be.
func typed[T any](t *testing.T, v any) T {
	t.Helper()
	x, ok := v.(T)
	if !ok {
		t.Fatalf("%v is a %T", v, v)
	}
	return x
}
