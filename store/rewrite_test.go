package store_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/store"
	"mashang/store/storetest"
)

// written finds the files of a folder that hold a text.
func written(t *testing.T, dir, text string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // Redis is done with it
		}
		if bytes.Contains(data, []byte(text)) {
			names = append(names, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestRewriteTakesWhatWasDeletedOutOfTheFiles searches Redis' folder, with the snapshots that a foreign Redis
// may keep.
func TestRewriteTakesWhatWasDeletedOutOfTheFiles(t *testing.T) {
	t.Parallel()
	const secret, stays = "erased-Qx7zK2", "stays-Wm4pR9"
	server := storetest.New(t, storetest.With("--save", "3600 1"))
	now := noon
	s := server.Open(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	client := server.Client(t)
	equal(t, "never", must(s.Rewritten(t.Context()))(t), store.Rewritten{})
	for _, key := range []string{secret, stays} {
		if err := client.Set(t.Context(), key, "x", 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Save(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.Del(t.Context(), secret).Err(); err != nil {
		t.Fatal(err)
	}
	if names := written(t, server.Dir(), secret); len(names) != 2 {
		t.Fatalf("what was deleted should still lie in the log and the snapshot, and lies in %v", names)
	}
	if err := s.Rewrite(t.Context()); err != nil {
		t.Fatal(err)
	}
	if names := written(t, server.Dir(), secret); len(names) > 0 {
		t.Errorf("what was deleted lies in %v", names)
	}
	if names := written(t, server.Dir(), stays); len(names) != 2 {
		t.Errorf("what was not deleted lies in %v", names)
	}
	equal(t, "written down", must(s.Rewritten(t.Context()))(t).At.UnixMilli(), noon.UnixMilli())
	server.Kill(t)
	server.Start(t)
	heals(t, s)
	equal(t, "over a restart", must(s.Rewritten(t.Context()))(t).At.UnixMilli(), noon.UnixMilli())
}

// TestRewriteThatIsNotDone is said, and kept until one is.
func TestRewriteThatIsNotDone(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	client := server.Client(t)
	config := func(value string) {
		t.Helper()
		if err := client.ConfigSet(t.Context(), "rdb-key-save-delay", value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Set(t.Context(), "a", "b", 0).Err(); err != nil {
		t.Fatal(err)
	}
	wantWhy := func(what, why string) {
		t.Helper()
		r := must(s.Rewritten(t.Context()))(t)
		if !r.At.IsZero() || r.Failed.IsZero() || !strings.Contains(r.Why, why) {
			t.Errorf("%s: %+v", what, r)
		}
	}
	config("60000000") // a minute a key
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := s.Rewrite(ctx)
	wantCode(t, "too slow", err, fault.Unavailable)
	wantWhy("too slow", "限定时间")
	// Without append-only file and snapshots killing the child is the end of it.
	config("0")
	if err := client.ConfigSet(t.Context(), "appendonly", "no").Err(); err != nil { // ends the child
		t.Fatal(err)
	}
	if err := client.ConfigSet(t.Context(), "appendonly", "yes").Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.Do(t.Context(), "ACL", "SETUSER", "weak", "on", ">word", "~*", "+@all", "-bgrewriteaof").Err(); err != nil {
		t.Fatal(err)
	}
	weak := server.Open(t, func(o *store.Options) { o.Username, o.Password = "weak", "word" })
	err = weak.Rewrite(t.Context())
	wantCode(t, "refused", err, fault.Unavailable)
	wantWhy("refused", "不允许本程序用 BGREWRITEAOF")
	if err := s.Rewrite(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := must(s.Rewritten(t.Context()))(t); r.At.IsZero() || r.Why != "" || !r.Failed.IsZero() {
		t.Errorf("after one that was done: %+v", r)
	}
}

// TestRewriteWaitsForAnothers does not take one that began before for its own.
func TestRewriteWaitsForAnothers(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	client := server.Client(t)
	if err := client.Set(t.Context(), "erased-Qx7zK2", "b", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.ConfigSet(t.Context(), "rdb-key-save-delay", "300000").Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.BgRewriteAOF(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.ConfigSet(t.Context(), "rdb-key-save-delay", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.Del(t.Context(), "erased-Qx7zK2").Err(); err != nil {
		t.Fatal(err)
	}
	if err := s.Rewrite(t.Context()); err != nil {
		t.Fatal(err)
	}
	if names := written(t, server.Dir(), "erased-Qx7zK2"); len(names) > 0 {
		t.Errorf("what was deleted lies in %v", names)
	}
}

// TestUploadsThatCannotBeRead are counted, and those that can be read are found.
func TestUploadsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s, client := sealed(t)
	for _, u := range []record.Upload{{ID: "f1", Owner: "u1", Hash: "h1"}, {ID: "f2", Owner: "u1", Hash: "h2"}, {ID: "f3", Owner: "u2", Hash: "h3"}} {
		if err := s.PutUpload(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	value := must(client.Get(t.Context(), "upload:f2").Result())(t)
	if err := client.Set(t.Context(), "upload:f2", value[:len(value)-1], 0).Err(); err != nil {
		t.Fatal(err)
	}
	for _, owner := range []string{"u1", "u2", "u3"} {
		list, unread, err := s.UploadsOf(t.Context(), owner)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, owner+" unread", unread, 1)
		equal(t, owner, len(list), map[string]int{"u1": 1, "u2": 1}[owner])
	}
}

// TestDropPersonTakesTheirKeys leaves those of others.
func TestDropPersonTakesTheirKeys(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	client := server.Client(t)
	mine := must(s.PersonByOpenID(t.Context(), "o1", "u1"))(t)
	for _, key := range []string{"{lj}:idem:" + mine.ID + ":a:b", "{hk}:idem:" + mine.ID + ":c", "{lj}:idem:u2:a"} {
		if err := client.Set(t.Context(), key, "x", time.Hour).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.DropPerson(t.Context(), mine.ID); err != nil {
		t.Fatal(err)
	}
	equal(t, "left", must(client.Keys(t.Context(), "*").Result())(t), []string{"{lj}:idem:u2:a"})
}
