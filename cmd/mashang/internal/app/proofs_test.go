package app_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
)

// Another installation's key file has the same key id and opens nothing: it is
// refused at the start, before a phone is sealed by it.
func TestForeignKeysAreRefused(t *testing.T) {
	t.Parallel()
	mine, other := settings(t), settings(t)
	startOnce(t, mine, "")
	startOnce(t, other, "")
	if err := os.Rename(filepath.Join(other.Seal.KeysDir, "seal.keys"), filepath.Join(mine.Seal.KeysDir, "seal.keys")); err != nil {
		t.Fatal(err)
	}
	startOnce(t, mine, "不是这份数据的密钥")
}

// What emulated people filed is never shown to real ones, nor the other way.
func TestPlatformsAreNotMixed(t *testing.T) {
	t.Parallel()
	c := settings(t)
	startOnce(t, c, "")
	c.WeChat.AppID, c.WeChat.AppSecret = "wx1234567890abcdef", "0123456789abcdef0123456789abcdef"
	c.WeChat.PushToken, c.WeChat.PushAESKey = "token", config.Secret(strings.Repeat("A", 43))
	startOnce(t, c, "模拟微信")

	r := settings(t)
	r.WeChat = c.WeChat
	startOnce(t, r, "")
	emulated := r
	emulated.WeChat.AppID = ""
	startOnce(t, emulated, "没有配置 wechat.app_id")
	r.WeChat.AppID = "wxfedcba0987654321"
	startOnce(t, r, "换了小程序")
	r.WeChat.AppID = c.WeChat.AppID
	startOnce(t, r, "")
}

func settings(t *testing.T) config.Config {
	t.Helper()
	return config.Config{Data: config.Data{Dir: t.TempDir()}}.WithDefaults()
}

// startOnce opens a product and closes it; refuse is a part of the advice it
// must be refused with, "" for a start.
func startOnce(t *testing.T, c config.Config, refuse string) {
	t.Helper()
	p, err := app.Build(t.Context(), c, slog.New(slog.DiscardHandler))
	if err == nil {
		err = p.Close(t.Context())
	}
	if (err != nil) != (refuse != "") || err != nil && !strings.Contains(err.Error(), refuse) {
		t.Errorf("with %q expected: %v", refuse, err)
	}
}
