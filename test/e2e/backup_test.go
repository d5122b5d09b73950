package e2e_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBackupAndRestore backs a running server up and serves the restored data
// elsewhere.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	code := s.cast().code(t, "place")
	v := s.user("visitor-backup")
	phones := map[string]string{}
	for i := range 10 {
		number := fmt.Sprintf("1360000%04d", i)
		s.secret("a phone number", number)
		key := fmt.Sprintf("backup-key-%d", i)
		sub := v.filed(key, object{"scene": code.Key, "kind": "help", "text": "求助" + key, "contact": object{"phone": number}})
		phones[sub.ID] = number
	}
	picture := v.uploaded("a.jpg", photo(t, 5))
	seen := v.filed("backup-key-photo", object{"scene": code.Key, "kind": "help", "text": "有照片", "photos": []string{picture.ID}})

	file := filepath.Join(s.work, "mashang.backup")
	if out := s.mustRun("backup", file).out; !strings.Contains(out, "11 件诉求") || !strings.Contains(out, "密钥不在备份里") {
		t.Errorf("backup: %s", out)
	}
	if r := s.run(nil, "backup", file); r.code != 1 {
		t.Errorf("a backup was overwritten: %v", r)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for id, number := range phones {
		if bytes.Contains(data, []byte(number)) {
			t.Errorf("the backup holds the number of %s in clear", id)
		}
	}
	later := v.filed("backup-key-later", object{"scene": code.Key, "kind": "help", "text": "备份之后"})

	r := newSite(t, nil)
	for number := range s.needles {
		r.secret(s.needles[number], number)
	}
	if got := r.run(nil, "restore", file); got.code != 1 || !strings.Contains(got.errOut, "密钥") {
		t.Errorf("restored without keys: %v", got)
	}
	clean := newSite(t, nil)
	copyKeys(t, s.Dir, clean.Dir)
	if out := clean.mustRun("restore", file).out; !strings.Contains(out, "核对通过") || !strings.Contains(out, "11 件诉求") {
		t.Errorf("restore: %s", out)
	}
	if got := clean.run(nil, "restore", file); got.code != 1 || !strings.Contains(got.errOut, "从不覆盖") {
		t.Errorf("restored over data: %v", got)
	}
	clean.start()
	clean.ready()
	there := &phone{t: t, site: clean, OpenID: v.OpenID, Token: v.Token}
	if n := len(all[wireSubmission](there, "/submissions", 5)); n != 11 {
		t.Errorf("%d submissions after the restore, want 11", n)
	}
	there.refusal(http.StatusNotFound, "not_found", http.MethodGet, "/submissions/"+later.ID, nil)
	liaison := clean.liaison(clean.cast())
	for id, number := range phones {
		a := liaison.call(http.StatusOK, http.MethodPost, "/submissions/"+id+"/phone", object{"reason": "核对备份"}, nil)
		if !bytes.Contains(a.body, []byte(number)) {
			t.Errorf("%s opens to another number", id)
		}
	}
	bare(t, there.call(http.StatusOK, http.MethodGet, "/uploads/"+seen.Photos[0], nil, nil).body)
	if got := clean.run(nil, "doctor"); got.code != 0 {
		t.Errorf("doctor after the restore: %v", got)
	}
	// The folder restored without keys becomes whole when they are put back.
	copyKeys(t, s.Dir, r.Dir)
	r.start()
	r.ready()
	r.stop()
}

// TestDamagedBackupsAreRefused damages a backup in every way a disk does.
func TestDamagedBackupsAreRefused(t *testing.T) {
	t.Parallel()
	s, _ := withData(t)
	file := filepath.Join(s.work, "good.backup")
	s.mustRun("backup", file) // nothing is served: the command runs Redis itself
	if pid := s.redisPID(); pid != 0 {
		t.Errorf("backup left redis-server %d", pid)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := map[string][]byte{
		"empty": {}, "cut": good[:len(good)*2/3], "cut at the end": good[:len(good)-1],
		"a bit in the middle": flipped(good, len(good)/2), "a bit near the end": flipped(good, len(good)*9/10),
		"not a backup": []byte("PK\x03\x04 something else"),
	}
	for name, data := range damaged {
		bad := filepath.Join(s.work, "bad.backup")
		if err := os.WriteFile(bad, data, 0o600); err != nil {
			t.Fatal(err)
		}
		r := newSite(t, nil)
		copyKeys(t, s.Dir, r.Dir)
		got := r.run(nil, "restore", bad)
		if got.code != 1 || !chinese(got.errOut) {
			t.Errorf("%s: %v", name, got)
		}
		left, err := os.ReadDir(r.Dir)
		if err != nil || len(left) != 1 || left[0].Name() != "keys" {
			t.Errorf("%s: left behind %v %v", name, left, err)
		}
	}
}

func flipped(data []byte, at int) []byte {
	out := bytes.Clone(data)
	out[at] ^= 0x10
	return out
}

// copyKeys puts the keys of one data folder into another.
func copyKeys(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(to, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(filepath.Join(from, "keys"))
	if err != nil || len(files) == 0 {
		t.Fatalf("keys: %v %v", files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(from, "keys", f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, "keys", f.Name()), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDoctor looks at a healthy site, serving and stopped, and at sick ones.
func TestDoctor(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	for _, serves := range []bool{true, false} {
		r := s.mustRun("doctor")
		for _, word := range []string{"✓ Redis", "appendfsync always", "✓ 数据核对", "0 项必须处理"} {
			if !strings.Contains(r.out, word) {
				t.Errorf("serving %v: does not say %q:\n%s", serves, word, r.out)
			}
		}
		if serves {
			s.stop()
		}
	}
	for name, tc := range map[string]struct {
		env map[string]string
		say string
	}{
		"no redis-server": {map[string]string{"MASHANG_REDIS_BINARY": "/nonexistent"}, "✗ Redis"},
		"no such Redis":   {map[string]string{"MASHANG_REDIS_ADDR": "127.0.0.1:1"}, "✗ Redis"},
		"bad keys":        {map[string]string{"MASHANG_SEAL_KEYS": "k1:short"}, "✗ 加密密钥"},
		"WeChat is away": {map[string]string{
			"MASHANG_WECHAT_APP_ID": "wx1234567890abcdef", "MASHANG_WECHAT_APP_SECRET": "0123456789abcdef0123456789abcdef",
			"MASHANG_WECHAT_PUSH_TOKEN": "token", "MASHANG_WECHAT_PUSH_AES_KEY": strings.Repeat("a", 43),
			"MASHANG_WECHAT_API_BASE": "http://127.0.0.1:1",
		}, "✗ 微信"},
	} {
		r := s.run(tc.env, "doctor")
		if r.code != 1 || !strings.Contains(r.out, tc.say) {
			t.Errorf("%s: %v", name, r)
		}
		if strings.Contains(r.out+r.errOut, "0123456789abcdef") {
			t.Errorf("%s: the doctor tells a secret: %v", name, r)
		}
	}
	if pid := s.redisPID(); pid != 0 {
		t.Errorf("doctor left redis-server %d", pid)
	}
}
