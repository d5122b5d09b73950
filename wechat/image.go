package wechat

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"

	"mashang/fault"
)

// The bounds of a code image's width in pixels, and the width for 0.
const (
	minCodeWidth     = 280
	maxCodeWidth     = 1280
	defaultCodeWidth = 430
)

// sceneShape is what the platform takes as a scene.
var sceneShape = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}$`)

type imageRequest struct {
	Scene     string `json:"scene"`
	Page      string `json:"page"`
	CheckPath bool   `json:"check_path"`
	Env       string `json:"env_version"`
	Width     int    `json:"width"`
}

// CodeImage fetches the round code that opens PageScan with the scene, as JPEG
// or PNG. width is in pixels, 280 to 1280; 0 means 430. The platform's limit is
// 5,000 a minute and images never expire: keep them.
//
// Faults: Invalid (field "scene" or "width") before any call, Internal when the
// page is not released, TooMany, Unavailable.
func (c *Client) CodeImage(ctx context.Context, scene string, width int) ([]byte, error) {
	const endpoint = "/wxa/getwxacodeunlimit"
	if width == 0 {
		width = defaultCodeWidth
	}
	var check fault.Check
	check.Require(sceneShape.MatchString(scene), "scene", "码的参数须为 1 至 32 位字母、数字或常用符号")
	check.Require(width >= minCodeWidth && width <= maxCodeWidth, "width", "码图宽度须在 %d 至 %d 之间", minCodeWidth, maxCodeWidth)
	if err := check.Err(); err != nil {
		return nil, err
	}
	in := imageRequest{
		Scene: scene, Page: PageScan, Env: c.cfg.EnvVersion, Width: width,
		// Before the first release the platform knows no page at all.
		CheckPath: c.cfg.EnvVersion == EnvRelease,
	}
	var image []byte
	err := c.withToken(ctx, endpoint, func(token string) error {
		body, err := c.do(ctx, http.MethodPost, endpoint, url.Values{"access_token": {token}}, in, maxImage)
		if err != nil {
			return err
		}
		// The header says image/jpeg for PNG bytes at times, so the bytes decide.
		switch http.DetectContentType(body) {
		case "image/jpeg", "image/png":
			image = body
			return nil
		}
		if err := c.decode(endpoint, body, &status{}); err != nil {
			return err
		}
		return c.newCallError(endpoint, errors.New("the answer is no image"))
	})
	switch codeOf(err) {
	case codePage, codeScene, codeSceneLength, codeArguments:
		c.alarm(ctx, "the platform refuses our code image", err)
		return nil, fault.Wrap(err, fault.Internal, "生成小程序码失败，请检查小程序是否已发布")
	}
	if err != nil {
		return nil, c.fault(ctx, err)
	}
	return image, nil
}
