package e2e_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// TestErasedIsErased has somebody file, chat and have everything deleted, and
// looks for what they wrote, and for who they were, in every file: it lies in the
// append-only file until that is written anew, which each backup sees to first,
// and in no file of the data folder nor of the backup after that.
func TestErasedIsErased(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	s.cleansed() // as each server begins: what follows is written after it
	tag := rand.Text()[:12]
	needles := map[string]string{ // as they are stored
		"the text": "字句" + tag + "T", "the message": "后话" + tag + "M", "the name": "姓" + tag + "N",
		"the openid": "openid-" + tag, "the idempotency key": "key-" + tag + "-I", "the chat": "闲话" + tag + "C",
	}
	const number = "13655557777"
	s.secret("a phone number", number)
	cast := s.cast()
	v := s.user(needles["the openid"])
	picture := v.uploaded("a.jpg", photo(t, 5))
	sub := v.filed(needles["the idempotency key"], object{
		"scene": cast.code(t, "place").Key, "kind": "help", "text": needles["the text"], "contact": object{"phone": number},
		"photos": []string{picture.ID}, "on_behalf_of": object{"name": needles["the name"], "relation": "母亲"},
	})
	v.act(sub.ID, "messages", object{"version": v.read(sub.ID).Version, "text": needles["the message"]})
	v.say(needles["the chat"])
	eventually(t, "the chat is worked on", func() error {
		if !slices.ContainsFunc(v.chat(), func(l wireLine) bool { return l.From == "service" }) {
			return errors.New("no answer yet")
		}
		return nil
	})
	v.call(http.StatusNoContent, http.MethodPost, "/me/erasure", object{"confirm": "删除"}, nil)

	for what, text := range needles {
		if !slices.ContainsFunc(holding(t, s.Dir, text), func(name string) bool { return strings.HasSuffix(name, ".aof") }) {
			t.Errorf("%s is not in the append-only file even before it is written anew: this test could not fail", what)
		}
	}
	file := filepath.Join(s.work, "after.backup")
	if out := s.mustRun("backup", file).out; strings.Contains(out, "！") {
		t.Errorf("backup: %s", out)
	}
	needles["the phone number"] = number // sealed from the first
	unpacked := filepath.Join(s.work, "unpacked")
	untar(t, file, unpacked)
	restored := newSite(t, nil)
	copyKeys(t, s.Dir, restored.Dir)
	restored.mustRun("restore", file)
	restored.start()
	restored.ready()
	for what, text := range needles {
		for _, dir := range []string{s.Dir, unpacked} {
			if names := holding(t, dir, text); len(names) > 0 {
				t.Errorf("%s lies in %v", what, names)
			}
		}
		// Redis compresses what it writes: what it holds is looked at as well.
		for _, at := range []*site{s, restored} {
			if keys := at.keysHolding(text); len(keys) > 0 {
				t.Errorf("%s lies in the keys %v", what, keys)
			}
		}
	}
	if read := s.liaison(cast).call(http.StatusOK, http.MethodGet, "/submissions/"+sub.ID, nil, nil); bytes.Contains(read.body, []byte(tag)) {
		t.Errorf("the liaison reads it still: %v", read)
	}
	if r := s.mustRun("doctor"); !strings.Contains(r.out, "✓ 已删除的内容") {
		t.Errorf("doctor: %v", r)
	}
}

// cleansed waits for the rewriting of Redis' files that a server begins with.
func (s *site) cleansed() {
	s.t.Helper()
	eventually(s.t, "Redis' files to be written anew", func() error {
		if !strings.Contains(s.log.text(), "redis' files are written anew") {
			return errors.New("not yet")
		}
		return nil
	})
}

// holding finds the files that hold a text, but for the memory of the emulated
// platform: it plays WeChat's side, and there is none with an AppID.
func holding(t *testing.T, dir, text string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name() == "emulator.json" {
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
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return names
}

// untar unpacks a backup as it is.
func untar(t *testing.T, file, dir string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for entries := tar.NewReader(zipped); ; n++ {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(entries)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d-%s", n, filepath.Base(header.Name))), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n < 3 {
		t.Fatalf("the backup has %d entries", n)
	}
}

// keysHolding finds the keys of a running site whose name or value holds a text.
func (s *site) keysHolding(text string) (keys []string) {
	s.t.Helper()
	ctx := s.t.Context()
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.redisSocket(), Protocol: 2, DisableIdentity: true, MaxRetries: -1})
	defer func() { _ = client.Close() }()
	n := 0
	for all := client.Scan(ctx, 0, "*", 500).Iterator(); all.Next(ctx); n++ {
		key := all.Val()
		var value any
		var err error
		switch client.Type(ctx, key).Val() {
		case "string":
			value, err = client.Get(ctx, key).Result()
		case "hash":
			value, err = client.HGetAll(ctx, key).Result()
		case "zset":
			value, err = client.ZRange(ctx, key, 0, -1).Result()
		case "set":
			value, err = client.SMembers(ctx, key).Result()
		case "stream":
			value, err = client.XRange(ctx, key, "-", "+").Result()
		}
		if err != nil && !errors.Is(err, redis.Nil) {
			s.t.Fatal(err)
		}
		if strings.Contains(key+fmt.Sprint(value), text) {
			keys = append(keys, key)
		}
	}
	if n < 100 {
		s.t.Fatalf("only %d keys", n)
	}
	return keys
}
