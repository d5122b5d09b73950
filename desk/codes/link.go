package codes

import (
	"context"
	"time"

	"mashang/domain/access"
)

const (
	// linkTTL is the longest life that the platform allows a link (generateUrlLink).
	linkTTL = 30 * 24 * time.Hour
	// linkReuse is how long one link is handed out. The platform counts links by the day, and a reused link
	// still lives four weeks.
	linkReuse = 24 * time.Hour
)

// Link opens a code's page in the mini program from outside WeChat.
type Link struct {
	// URL is for browsers and text messages, App for other apps.
	URL, App string
	Until    time.Time
}

// OpenLink returns the link of an unrevoked code, for a browser other than WeChat's.
func (svc *Service) OpenLink(ctx context.Context, key string) (Link, error) {
	key, err := svc.usable(ctx, key)
	if err != nil {
		return Link{}, err
	}
	return svc.links.Get(ctx, key, func(ctx context.Context, _ Link) (Link, error) {
		until := svc.kit.Now().Add(linkTTL)
		address, err := svc.platform.Link(ctx, key, linkTTL)
		return Link{URL: address, Until: until}, err
	})
}

// CodeLink returns both links of one of the station's codes, for staff to send.
func (svc *Service) CodeLink(ctx context.Context, c access.Caller, key string) (Link, error) {
	code, err := svc.ownCode(ctx, c, key)
	if err != nil {
		return Link{}, err
	}
	l, err := svc.OpenLink(ctx, code.Key)
	if err != nil {
		return Link{}, err
	}
	l.App, err = svc.platform.AppLink(ctx, code.Key, l.Until.Sub(svc.kit.Now()))
	return l, err
}
