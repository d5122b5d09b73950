package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// TestVerifyWhileServing damages what a running server has, one thing at a time:
// each is refused where it is read, and named by verify, the doctor and readiness
// without a word of what was filed.
func TestVerifyWhileServing(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	const words = "渡口的路灯三个月不亮"
	s.secret("the text of a submission", words)
	code, v := s.cast().code(t, "place"), s.user("visitor-verify")
	picture := v.uploaded("a.jpg", photo(t, 3))
	sub := v.filed("verify-key-1", object{"scene": code.Key, "kind": "help", "text": words, "photos": []string{picture.ID}})
	other := v.filed("verify-key-2", object{"scene": code.Key, "kind": "help", "text": words + "又一件"})
	if out := s.mustRun("verify").out; !strings.Contains(out, "2 件诉求逐件核对") || !strings.Contains(out, "1 个附件完好") {
		t.Errorf("whole: %s", out)
	}

	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.redisSocket(), Protocol: 2, DisableIdentity: true, MaxRetries: -1})
	defer func() { _ = client.Close() }()
	st, local, _ := strings.Cut(sub.ID, "-")
	_, twin, _ := strings.Cut(other.ID, "-")
	key := fmt.Sprintf("{%s}:s:%s", st, local)
	inbox := fmt.Sprintf("{%s}:q:in:%s", st, sub.assignee())
	value, err := client.Get(t.Context(), key).Result()
	if err != nil {
		t.Fatal(err)
	}
	swapped, err := client.Get(t.Context(), fmt.Sprintf("{%s}:s:%s", st, twin)).Result()
	if err != nil {
		t.Fatal(err)
	}
	put := func(text string) func() error {
		return func() error { return client.Set(t.Context(), key, text, 0).Err() }
	}
	uploads, away := filepath.Join(s.Dir, "uploads"), filepath.Join(s.Dir, "uploads.away")
	for name, damage := range map[string]struct {
		do, undo func() error
		says     string
		hides    bool // its own reader gets no answer
	}{
		"a bit of the text": {put(strings.Replace(value, "路灯", "路灭", 1)), put(value), "诉求 " + sub.ID, true},
		"the assignee":      {put(strings.Replace(value, "\t"+sub.assignee()+"\t", "\tm00\t", 1)), put(value), "诉求 " + sub.ID, true},
		"another's value":   {put(swapped), put(value), "诉求 " + sub.ID, true},
		"a queue": {
			func() error { return client.ZRem(t.Context(), inbox, local).Err() },
			func() error {
				return client.ZAdd(t.Context(), inbox, redis.Z{Score: float64(sub.DueAt.UnixMilli()), Member: local}).Err()
			},
			"不在列表 " + inbox, false,
		},
		"the folder of uploads": {
			func() error { return os.Rename(uploads, away) }, func() error { return os.Rename(away, uploads) },
			"uploads 不见了", false,
		},
	} {
		if err := damage.do(); err != nil {
			t.Fatal(err)
		}
		if damage.hides { // the log names it, and no needle of secret is in it
			v.refusal(http.StatusInternalServerError, "internal", http.MethodGet, "/submissions/"+sub.ID, nil)
		}
		for _, command := range []string{"verify", "doctor"} {
			r := s.run(nil, command)
			if r.code != 1 || !strings.Contains(r.out, damage.says) || strings.Contains(r.out+r.errOut, "路") {
				t.Errorf("%s: %s: %v", name, command, r)
			}
		}
		if err := damage.undo(); err != nil {
			t.Fatal(err)
		}
	}
	s.mustRun("verify")
	s.inOrder("诉求 " + sub.ID)

	// Readiness knows of the folder, and a start makes no empty one in its place.
	if err := os.Rename(uploads, away); err != nil {
		t.Fatal(err)
	}
	eventually(t, "/readyz to know", func() error {
		a, err := ask(t.Context(), http.MethodGet, s.Base+"/readyz", "", nil, nil)
		if err == nil && a.status == http.StatusServiceUnavailable {
			return nil
		}
		return fmt.Errorf("%v %w", a, errNotYet)
	})
	s.stop()
	s.start()
	if said := s.refused(); !strings.Contains(said, "uploads 不见了") {
		t.Errorf("refused without advice:\n%s", said)
	}
	if err := os.Rename(away, uploads); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.ready()
}
