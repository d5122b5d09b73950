package wechat

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"mashang/domain/fault"
)

// The platform's bounds of a link.
const (
	minLinkLife  = time.Minute
	maxLinkLife  = 30 * 24 * time.Hour
	maxLinkQuery = 1024
	// linkSlack keeps a life at its bound valid when our clock differs from the platform's.
	linkSlack = 30 * time.Second
)

type linkRequest struct {
	Path   string `json:"path"`
	Query  string `json:"query"`
	Env    string `json:"env_version"`
	Type   int    `json:"expire_type"` // 0: at expire_time
	Expire int64  `json:"expire_time"`
}

type schemeRequest struct {
	Jump struct {
		Path  string `json:"path"`
		Query string `json:"query"`
		Env   string `json:"env_version"`
	} `json:"jump_wxa"`
	Expires bool  `json:"is_expire"`
	Type    int   `json:"expire_type"`
	Expire  int64 `json:"expire_time"`
}

type linkAnswer struct {
	Link   string `json:"url_link"`
	Scheme string `json:"openlink"`
}

// URLLink makes an https link that opens a page of the mini program from a text message or a browser. page is
// one of Pages without a query, query at most 1,024 characters, life from a minute to 30 days. The platform
// allows 500,000 links and schemes a day together.
//
// Faults: Invalid (field "page", "query" or "life") before any call, TooMany,
// Unavailable.
func (c *Client) URLLink(ctx context.Context, page, query string, life time.Duration) (string, error) {
	end, err := c.linkExpiry(page, query, life)
	if err != nil {
		return "", err
	}
	var out linkAnswer
	err = c.postJSON(ctx, epLink, linkRequest{Path: page, Query: query, Env: c.cfg.EnvVersion, Expire: end}, &out)
	return c.linkResult(epLink, out.Link, err)
}

// Scheme makes a weixin:// address that opens a page of the mini program from a phone's browser. The rest is as
// for URLLink.
func (c *Client) Scheme(ctx context.Context, page, query string, life time.Duration) (string, error) {
	end, err := c.linkExpiry(page, query, life)
	if err != nil {
		return "", err
	}
	in := schemeRequest{Expires: true, Expire: end}
	in.Jump.Path, in.Jump.Query, in.Jump.Env = page, query, c.cfg.EnvVersion
	var out linkAnswer
	err = c.postJSON(ctx, epScheme, in, &out)
	return c.linkResult(epScheme, out.Scheme, err)
}

// linkExpiry checks the parts of a link and returns when it expires, in unix seconds.
func (c *Client) linkExpiry(page, query string, life time.Duration) (int64, error) {
	var check fault.Check
	check.Require(slices.Contains(Pages, page), "page", "小程序里没有这个页面")
	check.Require(utf8.RuneCountInString(query) <= maxLinkQuery, "query", "参数不能超过 %d 个字符", maxLinkQuery)
	check.Require(life >= minLinkLife && life <= maxLinkLife, "life", "链接有效期须在 1 分钟至 30 天之间")
	if err := check.Err(); err != nil {
		return 0, err
	}
	return c.now().Add(min(max(life, minLinkLife+linkSlack), maxLinkLife-linkSlack)).Unix(), nil
}

func (c *Client) linkResult(ep *endpoint, link string, err error) (string, error) {
	if err == nil && link == "" {
		err = c.newCallError(ep.path, malformed("no link in the answer"))
	}
	if err != nil {
		return "", c.fault(err)
	}
	return link, nil
}
