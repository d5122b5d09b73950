package emulator

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
)

// MediaVerdict is the platform's verdict on a picture or recording.
type MediaVerdict string

// The verdicts.
const (
	VerdictPass   MediaVerdict = "pass"
	VerdictReview MediaVerdict = "review"
	VerdictRisky  MediaVerdict = "risky"
	VerdictFail   MediaVerdict = "fail"  // errcode -1008: the download failed
	VerdictNever  MediaVerdict = "never" // no event is pushed
)

var mediaVerdicts = []MediaVerdict{VerdictPass, VerdictReview, VerdictRisky, VerdictFail, VerdictNever}

// maxMedia is the maximum size of checked media, in bytes.
const maxMedia = 10 << 20

// errcodeDownload is the event's errcode after a failed download.
const errcodeDownload = -1008

type mediaRequest struct {
	Version int    `json:"version"`
	OpenID  string `json:"openid"`
	Scene   int    `json:"scene"`
	URL     string `json:"media_url"`
	Type    int    `json:"media_type"`
}

type mediaAnswer struct {
	plainAnswer
	TraceID string `json:"trace_id"`
}

// SetMediaVerdicts sets the verdicts of the person's next checks, one each. Without a verdict, all media that
// can be fetched passes. It panics on an invalid openid, as LoginCode does, and on an unknown verdict.
func (e *Emulator) SetMediaVerdicts(openid string, verdicts ...MediaVerdict) {
	mustOpenID(openid)
	for _, v := range verdicts {
		if !slices.Contains(mediaVerdicts, v) {
			panic("emulator: unknown verdict")
		}
	}
	e.people.withNew(openid, func(p *person, _ bool) { p.verdicts = append(p.verdicts, verdicts...) })
}

func (e *Emulator) checkMedia(ctx context.Context, c call) (any, *refusal) {
	var in mediaRequest
	if no := parse(c.body, &in); no != nil {
		return nil, no
	}
	address, err := url.Parse(in.URL)
	switch {
	case in.Version != 2:
		return nil, refuse(40097, "invalid args")
	case in.Scene < 1 || in.Scene > 4:
		return nil, refuse(40129, "invalid scene")
	case in.Type != 1 && in.Type != 2:
		return nil, refuse(40004, "invalid media_type")
	case err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https":
		return nil, refuse(44002, "invalid media_url")
	case !openidShape.MatchString(in.OpenID):
		return nil, refuse(40003, "invalid openid")
	}
	verdict := VerdictPass
	no := e.withCheckable(in.OpenID, func(p *person) {
		if len(p.verdicts) > 0 {
			verdict, p.verdicts = p.verdicts[0], p.verdicts[1:]
		}
	})
	if no != nil {
		return nil, no
	}
	trace := e.random.rid(e.opts.Clock())
	e.background.Go(func() { e.runMediaCheck(context.WithoutCancel(ctx), in, trace, verdict) })
	return mediaAnswer{okAnswer, trace}, nil
}

// runMediaCheck fetches the media and pushes the verdict.
func (e *Emulator) runMediaCheck(ctx context.Context, in mediaRequest, trace string, verdict MediaVerdict) {
	if !e.canFetch(ctx, in.URL) {
		verdict = VerdictFail
	}
	if verdict == VerdictNever {
		return
	}
	if err := e.pushMedia(ctx, in.OpenID, trace, verdict); err != nil {
		e.log.LogAttrs(ctx, slog.LevelWarn, "emulator: media verdict not taken", slog.Any("error", err))
	}
}

func (e *Emulator) canFetch(ctx context.Context, address string) bool {
	if e.opts.Fetch == nil {
		return false
	}
	status, _, data, err := e.opts.Fetch(ctx, address)
	return err == nil && status == http.StatusOK && len(data) > 0 && len(data) <= maxMedia
}

func (e *Emulator) pushMedia(ctx context.Context, openid, trace string, verdict MediaVerdict) error {
	d, _ := e.header(openid, "event")
	errcode, errmsg, result := int64(0), "ok", doc{{"suggest", string(verdict)}, {"label", int64(labelNormal)}}
	switch verdict {
	case VerdictFail:
		errcode, errmsg = errcodeDownload, "download media fail"
		result = doc{{"suggest", "pass"}, {"label", int64(labelNormal)}}
	case VerdictRisky:
		result[1].value = int64(labelCrime)
	case VerdictReview:
		result[1].value = int64(labelOther)
	}
	detail := append(doc{{"strategy", "content_model"}, {"errcode", errcode}}, append(result, pair{"prob", int64(90)})...)
	d = append(d, pair{"Event", "wxa_media_check"}, pair{"appid", e.opts.AppID}, pair{"trace_id", trace}, pair{"version", int64(2)},
		pair{"errcode", errcode}, pair{"errmsg", errmsg}, pair{"result", result}, pair{"detail", []doc{detail}})
	return e.push(ctx, openid, d)
}

// WaitIdle waits until all media checks have been pushed.
func (e *Emulator) WaitIdle(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		e.background.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
