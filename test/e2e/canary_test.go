package e2e_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEmptyRedisIsRefused takes away what Redis needs to find its data. It
// would start empty without a word; the product must not serve that.
func TestEmptyRedisIsRefused(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, redis string){
		"the AOF folder is gone": func(t *testing.T, redis string) {
			t.Helper()
			away(t, filepath.Join(redis, "appendonlydir"))
		},
		"the manifest is gone": func(t *testing.T, redis string) {
			t.Helper()
			found, err := filepath.Glob(filepath.Join(redis, "appendonlydir", "*.manifest"))
			if err != nil || len(found) != 1 {
				t.Fatalf("manifests: %v %v", found, err)
			}
			away(t, found[0])
		},
		"the tail is cut off": func(t *testing.T, redis string) {
			t.Helper()
			found, err := filepath.Glob(filepath.Join(redis, "appendonlydir", "*.incr.aof"))
			if err != nil || len(found) == 0 {
				t.Fatalf("AOF files: %v %v", found, err)
			}
			last := found[len(found)-1]
			data, err := os.ReadFile(last)
			if err != nil {
				t.Fatal(err)
			}
			// Far enough back that acknowledged submissions are in the piece.
			second := bytes.Index(data, []byte("canary-key-2"))
			if second < 0 {
				t.Fatal("the submissions are not in the file that is cut")
			}
			if err := os.Truncate(last, int64(second)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, v := withData(t)
			damage(t, filepath.Join(s.Dir, "redis"))
			s.start()
			said := s.watchRefusal()
			if !strings.Contains(said, "restore") {
				t.Errorf("refused without advice:\n%s", said)
			}
			// Redis may find a file again by its name when it starts once
			// more. Whatever is then called healthy must be whole.
			r := s.run(nil, "doctor")
			if r.code == 1 {
				return
			}
			s.start()
			s.ready()
			if n := len(all[wireSubmission](v, "/submissions", 100)); n != 3 {
				t.Errorf("%d submissions of 3, and the doctor says: %v", n, r)
			}
		})
	}
}

// TestMissingKeysAreRefused: data whose keys are gone is not served with new
// ones.
func TestMissingKeysAreRefused(t *testing.T) {
	t.Parallel()
	s, _ := withData(t)
	keys := filepath.Join(s.Dir, "keys")
	kept := keys + ".kept"
	if info, err := os.Stat(keys); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the keys' folder is open to others: %v %v", info.Mode(), err)
	}
	if err := os.Rename(keys, kept); err != nil {
		t.Fatal(err)
	}
	s.start()
	if said := s.watchRefusal(); !strings.Contains(said, "密钥") {
		t.Errorf("refused without advice:\n%s", said)
	}
	if _, err := os.Stat(keys); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("new keys were made beside old data: %v", err)
	}
	if r := s.run(nil, "doctor"); r.code != 1 || !strings.Contains(r.out, "✗ 加密密钥") {
		t.Errorf("doctor: %v", r)
	}
	if err := os.Rename(kept, keys); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.ready()
}

// withData is a stopped site that holds three submissions of one visitor.
func withData(t *testing.T) (*site, *phone) {
	t.Helper()
	s := serving(t, nil)
	s.cleansed() // what is filed now stays in the file that is appended to
	code := s.cast().code(t, "place")
	v := s.user("visitor-canary")
	for _, key := range []string{"canary-key-1", "canary-key-2", "canary-key-3"} {
		v.filed(key, object{"scene": code.Key, "kind": "help", "text": "求助", "contact": object{"phone": plantedPhone}})
	}
	s.secret("a phone number", plantedPhone)
	s.stop()
	return s, v
}

// away removes a file or folder of the data.
func away(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

// watchRefusal waits for the start to fail and sees that it never served.
func (s *site) watchRefusal() string {
	s.t.Helper()
	p := s.proc
	eventually(s.t, "the start to be refused", func() error {
		select {
		case <-p.done:
			return nil
		default:
		}
		for _, path := range []string{"/readyz", "/api/v1/submissions", "/_emulator/cast"} {
			a, err := ask(s.t.Context(), http.MethodGet, s.Base+path, "", nil, nil)
			if err == nil && a.status != http.StatusServiceUnavailable {
				s.t.Errorf("served what it must not: %v", a)
			}
		}
		return errNotYet
	})
	if p.err == nil {
		s.t.Errorf("refused with exit code 0\n%s", s.log.tail())
	}
	if pid := s.redisPID(); pid != 0 {
		s.t.Errorf("the refused start left redis-server %d", pid)
	}
	return s.log.text()
}
