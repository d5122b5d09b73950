package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// heard is a log that can be waited on.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{}
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case h.news <- struct{}{}:
	default:
	}
	return h.text.Write(p)
}

func (h *heard) has(t *testing.T, what string) {
	t.Helper()
	late := time.After(2 * time.Minute)
	for {
		h.mu.Lock()
		text := h.text.String()
		h.mu.Unlock()
		if strings.Contains(text, what) {
			return
		}
		select {
		case <-h.news:
		case <-late:
			t.Fatalf("never logged %q:\n%s", what, text)
		}
	}
}

// serving runs the server with a settings file.
func serving(t *testing.T, attended bool) (hangup chan os.Signal, settings string, log *heard, code chan int) {
	t.Helper()
	settings = filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(settings, []byte("http: {addr: 127.0.0.1:0}\nmetrics: {addr: 127.0.0.1:0}\ndata: {dir: "+filepath.Join(t.TempDir(), "data")+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hangup, log, code = make(chan os.Signal), &heard{news: make(chan struct{}, 1)}, make(chan int, 1)
	m := Main{
		Args: []string{"--config", settings, "serve"}, Environ: []string{"PATH=" + os.Getenv("PATH")},
		Stdout: log, Stderr: log, Hangup: hangup, Attended: attended,
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		code <- m.Run(t.Context())
	}()
	t.Cleanup(func() { <-over })
	log.has(t, "msg=ready")
	return hangup, settings, log, code
}

// systemctl reload sends SIGHUP: the service reads its settings again and lives.
func TestAServiceReadsItsSettingsAgain(t *testing.T) {
	t.Parallel()
	hangup, settings, log, code := serving(t, false)
	if err := os.WriteFile(settings, []byte("http: {addr: 127.0.0.1:0, nonsense: 1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hangup <- syscall.SIGHUP
	log.has(t, "settings not read again")
	before, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	after := strings.Replace(string(before), ", nonsense: 1", "", 1) + "log: {level: error}\nlimits: {login_per_minute: 7}\n"
	if err := os.WriteFile(settings, []byte(after), 0o600); err != nil {
		t.Fatal(err)
	}
	hangup <- syscall.SIGHUP
	log.has(t, "limits.login_per_minute")
	select {
	case c := <-code:
		t.Fatalf("the service ended with %d", c)
	default:
	}
}

// A closed terminal sends SIGHUP, too: the server stops in order, its Redis with it.
func TestAClosedTerminalStopsInOrder(t *testing.T) {
	t.Parallel()
	hangup, _, log, code := serving(t, true)
	hangup <- syscall.SIGHUP
	if c := <-code; c != 0 {
		t.Errorf("the server ended with %d", c)
	}
	log.has(t, "managed redis is stopped")
}
