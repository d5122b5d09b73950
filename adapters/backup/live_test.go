package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"mashang/adapters/backup"
	"mashang/store/redisd"
)

// serve runs a Redis on a data folder for as long as the test.
func serve(t *testing.T, dir string) (*redis.Client, string) {
	t.Helper()
	server, err := redisd.Start(t.Context(), redisd.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{
		Network: "unix", Addr: server.Socket(), MaxRetries: -1, Protocol: 2,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	t.Cleanup(func() {
		_ = client.Close()
		if err := server.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return client, server.Socket()
}

// All that was acknowledged before the backup began is in the restored Redis, while writers continue.
func TestBackupOfALiveRedis(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	client, socket := serve(t, data)
	write(t, filepath.Join(data, "uploads", "ab", "photo.jpg"), "a photo")
	quit, written := make(chan struct{}), make(chan int)
	go func() {
		defer close(written)
		for i := 0; ; i++ {
			if err := client.RPush(t.Context(), "acts", strconv.Itoa(i)).Err(); err != nil {
				t.Error(err)
				return
			}
			if i%250 == 249 {
				client.BgRewriteAOF(t.Context()) // may be under way already
			}
			select {
			case written <- i:
			case <-quit:
				return
			default:
			}
		}
	}()
	var last int
	for range 600 {
		last = <-written
	}
	path := filepath.Join(t.TempDir(), "backup.tar.gz")
	_, err := backup.Create(t.Context(), path, backup.Source{
		AOF: func(ctx context.Context, put backup.Put) error { return redisd.CopyAOF(ctx, socket, put) },
		// Other files beside the uploads, such as keys, are not included.
		Uploads: filepath.Join(data, "uploads"), Version: "test", Counts: map[string]int64{"acts": int64(last)},
	})
	close(quit)
	for range written { // until the writer has left
	}
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read from
	dir := filepath.Join(t.TempDir(), "restored")
	manifest, err := backup.Restore(t.Context(), file, dir, 7)
	if err != nil {
		t.Fatal(err)
	}
	restored, _ := serve(t, dir)
	acts, err := restored.LRange(t.Context(), "acts", 0, -1).Result()
	if err != nil || int64(len(acts)) <= manifest.Counts["acts"] {
		t.Fatalf("%d acts restored, %d were acknowledged before (%v)", len(acts), last+1, err)
	}
	for i, act := range acts {
		if act != strconv.Itoa(i) {
			t.Fatalf("act %d is %q", i, act)
		}
	}
	if photo, err := os.ReadFile(filepath.Join(dir, "uploads", "ab", "photo.jpg")); err != nil || !strings.Contains(string(photo), "photo") {
		t.Errorf("photo = %q, %v", photo, err)
	}
}
