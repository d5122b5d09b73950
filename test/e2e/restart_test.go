package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestRestart stops and starts a server and finds everything again.
func TestRestart(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	// Far beyond what a unix socket's address can hold.
	s.Dir = filepath.Join(filepath.Dir(s.Dir), strings.Repeat("很长的目录", 12), strings.Repeat("d", 100))
	s.Env["MASHANG_DATA_DIR"] = s.Dir
	if err := os.MkdirAll(filepath.Dir(s.Dir), 0o700); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.ready()
	if len(s.redisSocket()) > 100 {
		t.Errorf("the socket's path has %d bytes", len(s.redisSocket()))
	}
	cast := s.cast()
	place, template := cast.code(t, "place"), cast.template(t, "visitor_reply")
	visitor, liaison := s.user("visitor-restart"), s.liaison(cast)
	left := visitor.grant(template, 3)
	sub := visitor.filed("restart-key-1", object{"scene": place.Key, "kind": "help", "text": "重启前提交"})
	picture := visitor.uploaded("a.jpg", photo(t, 9))
	redis := s.redisPID()

	s.stop()
	if alive(redis, s.Dir) {
		t.Errorf("redis-server %d outlived an orderly stop", redis)
	}
	s.inOrder("stopping", "managed redis is stopped")
	s.start()
	s.ready()

	if got := visitor.read(sub.ID); got.Number != sub.Number || got.Version != sub.Version {
		t.Errorf("after the restart: %+v", got)
	}
	again := visitor.filed("restart-key-1", object{"scene": place.Key, "kind": "help", "text": "重启前提交"})
	if again.ID != sub.ID {
		t.Error("the idempotency key did not survive")
	}
	visitor.call(http.StatusOK, http.MethodGet, "/uploads/"+picture.ID, nil, nil)
	if n := visitor.grant(template, 1); n != left+1 {
		t.Errorf("%d grants left, want %d", n, left+1)
	}
	after := s.cast()
	if len(after.Codes) != len(cast.Codes) || len(after.Members) != len(cast.Members) {
		t.Errorf("seeded twice: %d codes and %d members, were %d and %d", len(after.Codes), len(after.Members), len(cast.Codes), len(cast.Members))
	}
	for _, c := range cast.Codes {
		if !slices.Contains(after.Codes, c) {
			t.Errorf("code %s (%s) is gone", c.Key, c.Name)
		}
	}
	member := s.user(cast.member(t, sub.assignee()).OpenID)
	if member.User.MemberID != sub.assignee() {
		t.Errorf("the member is %+v now", member.User)
	}
	seeded := 20
	if n := member.grant(cast.template(t, "member_urge"), 1); n != seeded+1 {
		t.Errorf("the member has %d grants, want %d: seeded twice?", n, seeded+1)
	}
	// Without --demo the same data is served; nothing but the cast is away.
	s.stop()
	s.Args = []string{"serve"}
	s.start()
	s.ready()
	if n := len(all[wireSubmission](liaison, "/station/submissions", 100)); n != 1 {
		t.Errorf("%d submissions, want 1", n)
	}
	a, err := ask(t.Context(), http.MethodGet, s.Base+"/_emulator/cast", "", nil, nil)
	if err != nil || a.status != http.StatusNotFound {
		t.Errorf("a cast without --demo: %v %v", err, a)
	}
}

// redisSocket is where the Redis of the site listens, as its folder says.
func (s *site) redisSocket() string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Dir, "redis", "socket"))
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// inOrder looks for messages in the log, each after the one before.
func (s *site) inOrder(messages ...string) {
	s.t.Helper()
	text := s.log.text()
	for _, m := range messages {
		_, after, ok := strings.Cut(text, m)
		if !ok {
			s.t.Errorf("the log does not say %q in its place", m)
			return
		}
		text = after
	}
}

// TestSecondServer: one data folder, one server.
func TestSecondServer(t *testing.T) {
	t.Parallel()
	first := serving(t, nil)
	second := newSite(t, map[string]string{"MASHANG_DATA_DIR": first.Dir})
	second.start()
	if said := second.refused(); !strings.Contains(said, "正被另一个进程") || !strings.Contains(said, "MASHANG_DATA_DIR") {
		t.Errorf("refused without advice:\n%s", said)
	}
	// The same port is refused as well, and the first goes on unharmed.
	third := newSite(t, map[string]string{"MASHANG_HTTP_ADDR": first.Env["MASHANG_HTTP_ADDR"]})
	third.start()
	if said := third.refused(); !strings.Contains(said, "端口") {
		t.Errorf("refused without advice:\n%s", said)
	}
	first.ready()
}

// TestRequestsInHandAreFinished stops the server while people file: whoever
// got an answer has a submission, nobody gets half of one.
func TestRequestsInHandAreFinished(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	code := s.cast().code(t, "place")
	v := s.user("visitor-in-hand")
	type result struct {
		a   answer
		err error
	}
	results := make(chan result)
	const n = 24
	for i := range n {
		go func() {
			a, err := v.file(t.Context(), "in-hand-"+strings.Repeat("x", 8)+string(rune('a'+i)), object{"scene": code.Key, "kind": "help", "text": "停机时提交"})
			results <- result{a, err}
		}()
	}
	s.signal(syscall.SIGINT)
	acked := 0
	for range n {
		switch r := <-results; {
		case r.err != nil:
		case r.a.status == http.StatusCreated:
			acked++
		case r.a.status != http.StatusServiceUnavailable:
			t.Errorf("while stopping: %v", r.a)
		}
	}
	s.gone("the server to stop")
	if s.proc.err != nil {
		t.Errorf("stopping on an interrupt: %v", s.proc.err)
	}
	s.start()
	s.ready()
	mine := all[wireSubmission](v, "/submissions", 100)
	if len(mine) < acked || len(mine) > n {
		t.Errorf("%d acknowledged, %d there", acked, len(mine))
	}
	t.Logf("%d of %d acknowledged while stopping", acked, n)
}
