package e2e_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRefusedConfigurations: what must not run says why, all of it at once,
// and repeats no secret.
func TestRefusedConfigurations(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef0123456789abcdef"
	for name, tc := range map[string]struct {
		env  map[string]string
		file string
		say  []string
	}{
		"an open emulator": {
			env: map[string]string{"MASHANG_HTTP_ADDR": "0.0.0.0:0"},
			say: []string{"http.addr", "emulator_public", "app_id"},
		},
		"all faults at once": {
			env: map[string]string{"MASHANG_REDIS_POOL": "-3", "MASHANG_LOG_LEVEL": "loud", "MASHANG_NOTICE_QUIET_FROM": "25:00", "MASHANG_HTTP_READ_TIMEOUT": "15"},
			say: []string{"MASHANG_REDIS_POOL", "MASHANG_LOG_LEVEL", "MASHANG_NOTICE_QUIET_FROM", "MASHANG_HTTP_READ_TIMEOUT"},
		},
		"faults of file and environment together": {
			file: "http:\n  adr: 127.0.0.1:1\nmedia:\n  decoders: 9000\n",
			env:  map[string]string{"MASHANG_LOG_FORMAT": "xml"},
			say:  []string{"adr", "media.decoders", "MASHANG_LOG_FORMAT"},
		},
		"a secret in the file": {
			file: "wechat:\n  app_id: wx1234567890abcdef\n  app_secret: " + secret + "\n",
			say:  []string{"app_secret", "MASHANG_WECHAT_APP_SECRET"},
		},
		"an AppID without its secrets": {
			env: map[string]string{"MASHANG_WECHAT_APP_ID": "wx1234567890abcdef"},
			say: []string{"MASHANG_WECHAT_APP_SECRET", "MASHANG_WECHAT_PUSH_TOKEN", "MASHANG_WECHAT_PUSH_AES_KEY"},
		},
		"bad keys": {
			env: map[string]string{"MASHANG_SEAL_KEYS": "k1:" + secret},
			say: []string{"密钥"},
		},
		"no redis-server": {
			env: map[string]string{"MASHANG_REDIS_BINARY": "/nonexistent/redis-server"},
			say: []string{"redis-server"},
		},
		"a Redis that is not there": {
			env: map[string]string{"MASHANG_REDIS_ADDR": "127.0.0.1:1"},
			say: []string{"Redis"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, tc.env)
			if tc.file != "" {
				path := filepath.Join(s.work, "config.yaml")
				if err := os.WriteFile(path, []byte(tc.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s.secret("a secret", secret)
			s.start()
			said := s.refused()
			for _, word := range tc.say {
				if !strings.Contains(said, word) {
					t.Errorf("does not mention %s:\n%s", word, said)
				}
			}
			if !chinese(said) {
				t.Errorf("no advice in Chinese:\n%s", said)
			}
		})
	}
}

// TestCommandLineMisuse: nonsense is answered with help and exit code 2.
func TestCommandLineMisuse(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	for _, args := range [][]string{{"nonsense"}, {"serve", "--nonsense"}, {"roster"}, {"roster", "import"}} {
		if r := s.run(nil, args...); r.code != 2 || r.errOut == "" {
			t.Errorf("%v: %v", args, r)
		}
	}
	if r := s.run(nil, "--help"); r.code != 0 || !strings.Contains(r.out, "backup") || !strings.Contains(r.out, "doctor") {
		t.Errorf("--help: %v", r)
	}
	if r := s.mustRun("version"); !strings.HasPrefix(r.out, "mashang ") {
		t.Errorf("version: %v", r)
	}
	if _, err := os.Stat(s.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a command that needs no data made the data folder: %v", err)
	}
}

// TestOpenAPI: the command, the server and the committed file say the same.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	printed := s.mustRun("openapi").out
	a, err := ask(t.Context(), http.MethodGet, s.Base+"/openapi.json", "", nil, nil)
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("%v %v", err, a)
	}
	if strings.TrimSpace(string(a.body)) != strings.TrimSpace(printed) {
		t.Error("the server and the command describe different interfaces")
	}
	committed, err := os.ReadFile(filepath.Join(repository, "docs", "openapi.json"))
	if err != nil {
		t.Fatalf("%v: make openapi writes it", err)
	}
	if string(committed) != printed {
		t.Error("docs/openapi.json is out of date: make openapi")
	}
	for _, path := range []string{"/submissions/{id}/reply", "/sessions", "/uploads", "/station/today", "/bindings", "/subscriptions"} {
		if !strings.Contains(printed, path+`"`) {
			t.Errorf("%s is not described", path)
		}
	}
}
