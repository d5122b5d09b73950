package emulator

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The platform's bounds for links.
const (
	maxLinkDays  = 30
	maxLinkLife  = maxLinkDays * 24 * time.Hour
	maxLinkQuery = 1024
)

// queryShape matches a link's query: a scene's characters, "%" and "`".
var queryShape = regexp.MustCompile("^[0-9A-Za-z!#$&'()*+,/:;=?@._~%`-]*$")

type linkRequest struct {
	// URL links have these at the top, schemes in jump_wxa.
	linkTarget
	Jump       *linkTarget `json:"jump_wxa"`
	ExpireType int         `json:"expire_type"`
	ExpireTime int64       `json:"expire_time"`
	Days       int         `json:"expire_interval"`
}

type linkTarget struct {
	Path  string `json:"path"`
	Query string `json:"query"`
	Env   string `json:"env_version"`
}

// Link is the target of an address.
type Link struct {
	Path, Query string
	Until       time.Time
}

// Link returns the target of an address that the platform made; ok is false for an unknown or expired one.
func (e *Emulator) Link(address string) (l Link, ok bool) {
	v, ok := e.links.Load(address)
	l, _ = v.(Link)
	return l, ok && e.opts.Clock().Before(l.Until)
}

func (e *Emulator) makeLink(body []byte, prefix string, nested bool) (string, *refusal) {
	var in linkRequest
	if no := parse(body, &in); no != nil {
		return "", no
	}
	to := in.linkTarget
	if nested && in.Jump != nil {
		to = *in.Jump
	}
	now := e.opts.Clock()
	path, until := strings.TrimPrefix(to.Path, "/"), time.Unix(in.ExpireTime, 0)
	if in.ExpireType == 1 {
		until = now.Add(time.Duration(max(0, min(in.Days, maxLinkDays+1))) * 24 * time.Hour)
	}
	switch {
	case to.Path != "" && !slices.Contains(e.opts.Pages, path): // an empty one is the home page
		return "", refuse(40165, "invalid weapp pagepath")
	case len(to.Query) > maxLinkQuery || !queryShape.MatchString(to.Query):
		return "", refuse(40212, "invalid query")
	case to.Env != "" && !slices.Contains([]string{"release", "trial", "develop"}, to.Env):
		return "", refuse(85402, "invalid env_version")
	case in.ExpireType != 0 && in.ExpireType != 1, until.Before(now.Add(time.Minute)), until.After(now.Add(maxLinkLife + time.Minute)):
		return "", refuse(85401, "invalid expire time")
	}
	address := prefix + e.random.text(9)
	e.links.Store(address, Link{Path: path, Query: to.Query, Until: until})
	return address, nil
}

func (e *Emulator) urlLink(_ context.Context, c call) (any, *refusal) {
	address, no := e.makeLink(c.body, e.opts.LinkBase, false)
	if no != nil {
		return nil, no
	}
	return struct {
		plainAnswer
		URL string `json:"url_link"`
	}{okAnswer, address}, nil
}

func (e *Emulator) scheme(_ context.Context, c call) (any, *refusal) {
	address, no := e.makeLink(c.body, "weixin://dl/business/?t=", true)
	if no != nil {
		return nil, no
	}
	return struct {
		plainAnswer
		Link string `json:"openlink"`
	}{okAnswer, address}, nil
}
