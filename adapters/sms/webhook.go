// Package sms sends text messages through a bridge of the installation: a few lines of code that connect the
// county's provider.
package sms

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mashang/domain/fault"
)

// The headers of Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, spec). The id is the
// same whenever a message is sent again. The timestamp is in Unix seconds. The signature is
// "v1,<base64 of HMAC-SHA256 over id.timestamp.body>".
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// The types of messages: a one-time code for a login, and a word to somebody about their submission.
const (
	TypeCode   = "sms.code"
	TypeNotice = "sms.notice"
)

// secretPrefix begins a secret that is written in base64, as the standard recommends.
const secretPrefix = "whsec_"

// timeout is the limit of one request; the person waits for it.
const timeout = 5 * time.Second

// Webhook posts messages to a bridge. Any answer of 2xx means that the provider accepted one.
type Webhook struct {
	// URL is https, or http to this machine.
	URL string
	// Secret signs what is sent: "whsec_" and base64, or any other text as it is.
	Secret string
	Now    func() time.Time
	// Transport is http.DefaultTransport when nil.
	Transport http.RoundTripper
}

// event is the body of a request.
type event struct {
	Type string    `json:"type"`
	Time time.Time `json:"timestamp"`
	Data data      `json:"data"`
}

type data struct {
	Phone string `json:"phone"`
	Code  string `json:"code,omitempty"`
	Text  string `json:"text,omitempty"`
}

// SendCode sends a code. The fault is Unavailable when the bridge did not accept it. No error contains the
// number or the code.
func (w Webhook) SendCode(ctx context.Context, phone, code string) error {
	if err := w.send(ctx, "msg_"+rand.Text(), TypeCode, data{Phone: phone, Code: code}); err != nil {
		return fault.Wrap(err, fault.Unavailable, "验证码没有发出去，请稍后再试，或用微信扫码")
	}
	return nil
}

// SendText sends a text. A message that is sent again has the id of before, so that a bridge that knows it
// sends nothing twice. The fault is Unavailable when the bridge did not accept it. No error contains the number
// or the text.
func (w Webhook) SendText(ctx context.Context, id, phone, text string) error {
	if err := w.send(ctx, "msg_"+id, TypeNotice, data{Phone: phone, Text: text}); err != nil {
		return fault.Wrap(err, fault.Unavailable, "短信没有发出去")
	}
	return nil
}

func (w Webhook) send(ctx context.Context, id, kind string, d data) error {
	now := w.Now()
	body, err := json.Marshal(event{Type: kind, Time: now.UTC(), Data: d})
	if err != nil {
		return fmt.Errorf("sms: body: %w", err)
	}
	key, err := w.key()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("sms: request: %w", err)
	}
	at := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(HeaderID, id)
	r.Header.Set(HeaderTimestamp, at)
	r.Header.Set(HeaderSignature, sign(key, id, at, body))
	client := http.Client{Transport: w.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("sms: no answer: %w", err)
	}
	_, drained := io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	if err := answer.Body.Close(); err != nil || drained != nil {
		return fmt.Errorf("sms: answer cut: %w", drained)
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("sms: the bridge answered %d", answer.StatusCode)
	}
	return nil
}

// ValidSecret reports whether a text can be the Secret of a Webhook: what follows "whsec_" is base64.
func ValidSecret(text string) bool {
	_, err := Webhook{Secret: text}.key()
	return err == nil
}

// key returns the bytes of the secret.
func (w Webhook) key() ([]byte, error) {
	coded, ok := strings.CutPrefix(w.Secret, secretPrefix)
	if !ok {
		return []byte(w.Secret), nil
	}
	key, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		return nil, fmt.Errorf("sms: the secret after %s is no base64", secretPrefix)
	}
	return key, nil
}

func sign(key []byte, id, at string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
