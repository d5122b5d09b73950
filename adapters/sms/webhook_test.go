package sms_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mashang/adapters/sms"
	"mashang/domain/fault"
)

func TestWebhookSignsWhatItSends(t *testing.T) {
	t.Parallel()
	const secret = "shared-with-the-bridge"
	at := time.Unix(1_790_000_000, 0)
	var body, signature string
	bridge := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		body, signature = string(data), r.Header.Get(sms.SignatureHeader)
	}))
	defer bridge.Close()
	w := sms.Webhook{URL: bridge.URL, Secret: secret, Now: func() time.Time { return at }}
	if err := w.SendCode(t.Context(), "13800138000", "012345"); err != nil {
		t.Fatal(err)
	}
	if body != `{"code":"012345","phone":"13800138000"}` {
		t.Errorf("sent %s", body)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("1790000000." + body))
	if want := "t=1790000000,v1=" + hex.EncodeToString(mac.Sum(nil)); signature != want {
		t.Errorf("signed %s, want %s", signature, want)
	}
}

func TestWebhookThatIsNotTaken(t *testing.T) {
	t.Parallel()
	for what, answer := range map[string]http.HandlerFunc{
		"refused":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"redirected": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"cut off":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		bridge := httptest.NewServer(answer)
		w := sms.Webhook{URL: bridge.URL, Secret: "s", Now: func() time.Time { return time.Unix(1_790_000_000, 0) }}
		err := w.SendCode(t.Context(), "13800138000", "987654")
		bridge.Close()
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", what, err)
		}
		if err != nil && (strings.Contains(err.Error(), "13800138000") || strings.Contains(err.Error(), "987654")) {
			t.Errorf("%s: the error tells: %v", what, err)
		}
	}
}
