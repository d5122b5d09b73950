package codes

import (
	"context"
	"time"

	"mashang/domain/access"
)

const (
	// linkLife is the longest the platform lets a link live (generateUrlLink).
	linkLife = 30 * 24 * time.Hour
	// linkReuse is how long one link is handed out: the platform counts them by
	// the day, and whoever gets one has four weeks left.
	linkReuse = 24 * time.Hour
)

// Link opens a code's page in the mini program from outside WeChat.
type Link struct {
	// URL is for browsers and text messages, App for other apps.
	URL, App string
	Until    time.Time
}

// OpenLink returns the link of a key that is in use, for a browser that is not
// WeChat's.
func (svc *Service) OpenLink(ctx context.Context, key string) (Link, error) {
	key, err := svc.usable(ctx, key)
	if err != nil {
		return Link{}, err
	}
	return svc.links.Get(ctx, key, func(ctx context.Context, _ Link) (Link, error) {
		until := svc.kit.Now().Add(linkLife)
		address, err := svc.platform.Link(ctx, key, linkLife)
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
