package app

import (
	"context"
	"errors"
	"log/slog"

	"mashang/cmd/mashang/adapt"
	"mashang/cmd/mashang/internal/doctor"
	"mashang/desk/overview"
	"mashang/domain/fault"
	"mashang/wechat"
)

// account adapts the WeChat client to the doctor.
type account struct {
	adapt.Platform
	*wechat.Receiver
}

// wechat checks the platform's set-up step by step.
func (d *Doctor) wechat(ctx context.Context, back *managedStore) {
	if d.Config.WeChat.Emulated() {
		return
	}
	stage, err := newPlatformHost(ctx, d.Config, &adapt.TokenCache{}, nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		d.Fail("微信配置：%s", fault.Message(err))
		if e, ok := errors.AsType[*fault.Error](err); ok {
			for _, f := range e.Fields {
				d.Also("%s：%s", f.Field, f.Message)
			}
		}
		return
	}
	defer func() { _ = stage.Close(ctx) }() // nothing of it is stored
	doctor.New(&d.Findings, d.Config, accountOf(stage.Client), anyKey(ctx, back)).Run(ctx)
}

// anyKey returns the key of a valid code, "" without one.
func anyKey(ctx context.Context, back *managedStore) string {
	if back == nil {
		return ""
	}
	ids, err := back.StationIDs(ctx)
	if err != nil {
		return "" // already reported with the store
	}
	for _, id := range ids {
		st, err := back.Station(ctx, id)
		if err != nil {
			return ""
		}
		codes, err := Print{}.chosen(ctx, back, st)
		if err == nil {
			return codes[0].Key
		}
	}
	return ""
}

// examine examines the platform for the console; nil where it is emulated.
func (p *product) examine() overview.Examine {
	if p.host.Emulator != nil {
		return nil
	}
	return func(ctx context.Context) []overview.Finding {
		var f doctor.Findings
		doctor.New(&f, p.cfg, accountOf(p.host.Client), anyKey(ctx, p.back)).Run(ctx)
		return f.List
	}
}

func accountOf(c *wechat.Client) account { return account{adapt.Platform{Client: c}, c.Receiver()} }

// maxUnreadShown is the maximum number of unread pushes that are listed.
const maxUnreadShown = 3

// unread reports pushes that had no effect: a wrong setting loses all of them, and the platform reports it to
// nobody.
func (d *Doctor) unread(ctx context.Context, back *managedStore) {
	if back == nil {
		return
	}
	list, err := back.Unread(ctx)
	switch {
	case err != nil:
		d.Fail("没有读出的推送查不了：%s", fault.Message(err))
		return
	case len(list) == 0:
		d.Pass("消息推送：最近 30 天没有读不出的推送")
		return
	}
	d.Warn("消息推送：最近 30 天有 %d 条没有读出，其中可能有群众或委员的话；联络员在“现在”页能看到", len(list))
	for _, u := range list[:min(len(list), maxUnreadShown)] {
		said := overview.DescribeUnread(u)
		d.Also("%s %s，%d 字节：%s", said.At.Format("2006-01-02 15:04"), said.Kind, said.Size, said.Why)
	}
}
