package wechat

import (
	"context"
	"net/http"
	"regexp"
	"slices"

	"mashang/domain/fault"
)

// The bounds of a code image's width in pixels, and the default for 0.
const (
	minCodeWidth     = 280
	maxCodeWidth     = 1280
	defaultCodeWidth = 430
)

// sceneShape matches the scenes that the platform accepts.
var sceneShape = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}$`)

// RGB is a colour.
type RGB struct{ R, G, B uint8 }

// Code describes a round code image. The zero value of each field but Scene is usable.
type Code struct {
	// Scene is what the page receives, 1 to 32 characters.
	Scene string
	// Page is one of Pages; "" is PageScan.
	Page string
	// Width is in pixels, 280 to 1280; 0 means 430.
	Width int
	// Colour is the colour of the lines; nil is black. AutoColour lets the platform choose and overrides
	// Colour.
	Colour     *RGB
	AutoColour bool
	// Transparent omits the white background; the image is then PNG.
	Transparent bool
}

type imageRequest struct {
	Scene      string `json:"scene"`
	Page       string `json:"page"`
	CheckPath  bool   `json:"check_path"`
	Env        string `json:"env_version"`
	Width      int    `json:"width"`
	AutoColour bool   `json:"auto_color,omitempty"`
	Colour     *rgb   `json:"line_color,omitempty"`
	Hyaline    bool   `json:"is_hyaline,omitempty"`
}

type rgb struct {
	R uint8 `json:"r"`
	G uint8 `json:"g"`
	B uint8 `json:"b"`
}

// CodeImage fetches the code that opens PageScan with the scene, width pixels wide. See DrawCode.
func (c *Client) CodeImage(ctx context.Context, scene string, width int) ([]byte, error) {
	return c.DrawCode(ctx, Code{Scene: scene, Width: width})
}

// DrawCode fetches a round code, as JPEG or PNG. The platform allows 5,000 a minute. Images never expire: keep
// them.
//
// Faults: Invalid (field "scene", "page" or "width") before any call, WrongState when the page is not released,
// which waiting does not cure, TooMany, Unavailable.
func (c *Client) DrawCode(ctx context.Context, code Code) ([]byte, error) {
	in, err := c.imageRequest(code)
	if err != nil {
		return nil, err
	}
	var image []byte
	err = c.call(ctx, epCode, func(ctx context.Context, token string) error {
		got, err := c.do(ctx, c.post(epCode, token, in), maxMedia)
		if err != nil {
			return err
		}
		// The header sometimes says image/jpeg for PNG, so the bytes decide.
		switch http.DetectContentType(got.data) {
		case "image/jpeg", "image/png":
			image = got.data
			return nil
		}
		if err := c.decode(epCode, got.data, &status{}); err != nil {
			return err
		}
		return c.newCallError(epCode.path, malformed("the answer is no image"))
	})
	switch epCode.errcode(err) {
	case codePage:
		return nil, fault.Wrap(err, fault.WrongState, "微信里还没有发布这个页面，生成不了小程序码，等待也不会好："+
			"请管理员在公众平台“版本管理”发布小程序；发布以前先用普通二维码（方码）")
	case codeScene, codeSceneLength, codeArguments:
		return nil, fault.Wrap(err, fault.Internal, "生成小程序码失败，请检查小程序是否已发布")
	}
	if err != nil {
		return nil, c.fault(err)
	}
	return image, nil
}

// imageRequest checks a code and fills in the defaults.
func (c *Client) imageRequest(code Code) (*imageRequest, error) {
	if code.Width == 0 {
		code.Width = defaultCodeWidth
	}
	if code.Page == "" {
		code.Page = PageScan
	}
	var check fault.Check
	check.Require(sceneShape.MatchString(code.Scene), "scene", "码的参数须为 1 至 32 位字母、数字或常用符号")
	check.Require(slices.Contains(Pages, code.Page), "page", "小程序里没有这个页面")
	check.Require(code.Width >= minCodeWidth && code.Width <= maxCodeWidth, "width", "码图宽度须在 %d 至 %d 之间", minCodeWidth, maxCodeWidth)
	if err := check.Err(); err != nil {
		return nil, err
	}
	in := &imageRequest{
		Scene: code.Scene, Page: code.Page, Env: c.cfg.EnvVersion, Width: code.Width,
		AutoColour: code.AutoColour, Hyaline: code.Transparent,
		// Before the first release the platform knows no page.
		CheckPath: c.cfg.EnvVersion == EnvRelease,
	}
	if code.Colour != nil {
		in.Colour = &rgb{code.Colour.R, code.Colour.G, code.Colour.B}
	}
	return in, nil
}
