package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// status is the part that all answers share. A success may omit it.
type status struct {
	ErrCode int64  `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

// postJSON makes one POST with a JSON body and decodes the JSON answer into out.
func (c *Client) postJSON(ctx context.Context, ep *endpoint, in any, out any) error {
	return c.call(ctx, ep, func(ctx context.Context, token string) error {
		body, err := c.do(ctx, c.post(ep, token, in), maxJSON)
		if err != nil {
			return err
		}
		return c.decode(ep, body.data, out)
	})
}

// getJSON makes one GET and decodes the JSON answer into out.
func (c *Client) getJSON(ctx context.Context, ep *endpoint, out any) error {
	return c.call(ctx, ep, func(ctx context.Context, token string) error {
		body, err := c.do(ctx, request{ep: ep, method: http.MethodGet, query: url.Values{"access_token": {token}}}, maxJSON)
		if err != nil {
			return err
		}
		return c.decode(ep, body.data, out)
	})
}

// decode reads a JSON answer. An errcode becomes an *APIError, invalid JSON a *CallError. An answer with an
// errcode leaves out untouched, since out may be used again for a retry.
func (c *Client) decode(ep *endpoint, body []byte, out any) error {
	var s status
	if err := json.Unmarshal(body, &s); err != nil {
		return c.newCallError(ep.path, malformed("the answer is not the expected JSON"))
	}
	if s.ErrCode != 0 {
		return c.newAPIError(ep.path, s.ErrCode, s.ErrMsg)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return c.newCallError(ep.path, malformed("the answer is not the expected JSON"))
	}
	return nil
}

// request is one HTTP request to the platform. body is called once for each try.
type request struct {
	ep          *endpoint
	method      string
	query       url.Values
	contentType string
	body        func() (io.Reader, error)
}

// post returns a POST request with in as its JSON body.
func (*Client) post(ep *endpoint, token string, in any) request {
	return request{
		ep: ep, method: http.MethodPost, query: url.Values{"access_token": {token}},
		contentType: "application/json; charset=utf-8",
		body: func() (io.Reader, error) {
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false) // the platform counts \u0026 as six characters
			return &b, enc.Encode(in)
		},
	}
}

// body is an answer with status 200.
type body struct {
	contentType string
	data        []byte
}

// do makes one request and returns the answer's body of at most limit bytes.
func (c *Client) do(ctx context.Context, r request, limit int64) (body, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	fail := func(err error) (body, error) { return body{}, c.newCallError(r.ep.path, err) }
	if ctx.Err() != nil {
		return fail(fmt.Errorf("%w: %w", errNoTimeLeft, ctx.Err()))
	}
	var content io.Reader = http.NoBody
	if r.body != nil {
		var err error
		if content, err = r.body(); err != nil {
			return fail(err)
		}
	}
	target := "https://" + platformHost + r.ep.path + "?" + r.query.Encode()
	req, err := http.NewRequestWithContext(ctx, r.method, target, content)
	if err != nil {
		return fail(err)
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fail(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(&limitedBody{body: resp.Body, left: limit})
	switch {
	case err != nil:
		return fail(err)
	case resp.StatusCode != http.StatusOK:
		return fail(statusError(resp.StatusCode))
	}
	return body{resp.Header.Get("Content-Type"), got}, nil
}
