package sms_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mashang/adapters/sms"
	"mashang/domain/fault"
)

// sent is a request as the bridge received it.
type sent struct{ id, at, signature, body string }

func bridge(t *testing.T) (*httptest.Server, *sent) {
	t.Helper()
	got := &sent{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*got = sent{r.Header.Get(sms.HeaderID), r.Header.Get(sms.HeaderTimestamp), r.Header.Get(sms.HeaderSignature), string(data)}
	}))
	t.Cleanup(server.Close)
	return server, got
}

// TestWebhookSignsWhatItSends as the example of Standard Webhooks 1.0 checks it: with the bytes behind "whsec_",
// or with the secret's own.
func TestWebhookSignsWhatItSends(t *testing.T) {
	t.Parallel()
	for secret, key := range map[string]string{
		"shared-with-the-bridge": "shared-with-the-bridge",
		"whsec_" + base64.StdEncoding.EncodeToString([]byte("twenty-four bytes or so!")): "twenty-four bytes or so!",
	} {
		server, got := bridge(t)
		w := sms.Webhook{URL: server.URL, Secret: secret, Now: func() time.Time { return time.Unix(1_790_000_000, 0) }}
		if err := w.SendCode(t.Context(), "13800138000", "012345"); err != nil {
			t.Fatal(err)
		}
		if want := `{"type":"sms.code","timestamp":"2026-09-21T14:13:20Z","data":{"phone":"13800138000","code":"012345"}}`; got.body != want {
			t.Errorf("sent %s, want %s", got.body, want)
		}
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(got.id + ".1790000000." + got.body))
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); got.signature != want || got.at != "1790000000" {
			t.Errorf("signed %s at %s, want %s", got.signature, got.at, want)
		}
		first := got.id
		if err := w.SendCode(t.Context(), "13800138000", "012345"); err != nil {
			t.Fatal(err)
		}
		if first == "" || first == got.id {
			t.Errorf("two codes have the ids %q and %q", first, got.id)
		}
		if err := w.SendText(t.Context(), "o1", "13800138000", "有答复了"); err != nil {
			t.Fatal(err)
		}
		if got.id != "msg_o1" || !strings.Contains(got.body, `"type":"sms.notice"`) || !strings.Contains(got.body, `"text":"有答复了"`) || strings.Contains(got.body, "code") {
			t.Errorf("sent %s with the id %s", got.body, got.id)
		}
	}
}

func TestWebhookThatIsNotTaken(t *testing.T) {
	t.Parallel()
	for what, answer := range map[string]http.HandlerFunc{
		"refused":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"redirected": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"cut off":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		server := httptest.NewServer(answer)
		w := sms.Webhook{URL: server.URL, Secret: "s", Now: func() time.Time { return time.Unix(1_790_000_000, 0) }}
		for name, err := range map[string]error{
			"code": w.SendCode(t.Context(), "13800138000", "987654"),
			"text": w.SendText(t.Context(), "o1", "13800138000", "987654"),
		} {
			if !fault.Is(err, fault.Unavailable) {
				t.Errorf("%s, %s: %v", what, name, err)
			}
			if err != nil && (strings.Contains(err.Error(), "13800138000") || strings.Contains(err.Error(), "987654")) {
				t.Errorf("%s, %s: the error tells: %v", what, name, err)
			}
		}
		server.Close()
	}
	w := sms.Webhook{URL: "http://127.0.0.1:1", Secret: "whsec_not base64", Now: func() time.Time { return time.Unix(1_790_000_000, 0) }}
	if err := w.SendCode(t.Context(), "13800138000", "987654"); !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "not base64") {
		t.Errorf("a broken secret: %v", err)
	}
}
