// Package sms sends one-time codes to phones through a bridge of the installation: a few lines of code that
// connect the county's provider.
package sms

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"mashang/domain/fault"
)

// SignatureHeader carries "t=<unix seconds>,v1=<hex>": HMAC-SHA256 under the shared secret over "<t>.<body>". A
// bridge must refuse requests older than five minutes.
const SignatureHeader = "X-Mashang-Signature"

// timeout is the limit of one request; the person waits for it.
const timeout = 5 * time.Second

// Webhook posts {"phone": "13800138000", "code": "123456"} to URL. Any answer of 2xx means that the provider
// accepted it.
type Webhook struct {
	// URL is https, or http to this machine.
	URL    string
	Secret string
	Now    func() time.Time
	// Transport is http.DefaultTransport when nil.
	Transport http.RoundTripper
}

// SendCode sends a code. The fault is Unavailable when the bridge did not accept it. No error contains the
// number or the code.
func (w Webhook) SendCode(ctx context.Context, phone, code string) error {
	body, err := json.Marshal(map[string]string{"phone": phone, "code": code})
	if err != nil {
		return unsent(err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return unsent(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(SignatureHeader, w.sign(body))
	client := http.Client{Transport: w.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return unsent(fmt.Errorf("sms: no answer: %w", err))
	}
	_, drained := io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	if err := answer.Body.Close(); err != nil || drained != nil {
		return unsent(fmt.Errorf("sms: answer cut: %w", drained))
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return unsent(fmt.Errorf("sms: the bridge answered %d", answer.StatusCode))
	}
	return nil
}

func (w Webhook) sign(body []byte) string {
	t := strconv.FormatInt(w.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(w.Secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

func unsent(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "验证码没有发出去，请稍后再试，或用微信扫码")
}
