package emulator

import (
	"context"
	"encoding/json"
	"image/color"
	"regexp"
	"strconv"
	"strings"
)

// sceneShape matches the characters of a scene, at any length.
var sceneShape = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]*$`)

const (
	maxScene     = 32
	minWidth     = 280
	maxWidth     = 1280
	defaultWidth = 430
)

type imageRequest struct {
	Scene     string          `json:"scene"`
	Page      string          `json:"page"`
	CheckPath *bool           `json:"check_path"`
	Env       string          `json:"env_version"`
	Width     int             `json:"width"`
	Auto      bool            `json:"auto_color"`
	Colour    *lineColour     `json:"line_color"`
	Hyaline   bool            `json:"is_hyaline"`
	Scanned   json.RawMessage `json:"scancode_time"`
}

// lineColour is a colour whose parts are numbers or, from older callers, strings.
type lineColour struct {
	R json.Number `json:"r"`
	G json.Number `json:"g"`
	B json.Number `json:"b"`
}

// autoColour is the colour that the platform chooses for auto_color.
var autoColour = color.NRGBA{R: 0x1a, G: 0x7f, B: 0x4b, A: 0xff}

// lines returns the colour of the lines, nil for the default; ok is false if it is invalid.
func (in *imageRequest) lines() (c *color.NRGBA, ok bool) {
	switch {
	case in.Auto:
		return &autoColour, true
	case in.Colour == nil:
		return nil, true
	}
	c = &color.NRGBA{A: 0xff}
	for _, part := range []struct {
		text json.Number
		into *uint8
	}{{in.Colour.R, &c.R}, {in.Colour.G, &c.G}, {in.Colour.B, &c.B}} {
		n, err := strconv.ParseUint(part.text.String(), 10, 8)
		if err != nil {
			return nil, false
		}
		*part.into = uint8(n)
	}
	return c, true
}

// codeImage answers with a JPEG, or a PNG if it is transparent. The header says image/jpeg for both, as the
// platform's sometimes does.
func (e *Emulator) codeImage(ctx context.Context, c call) (any, *refusal) {
	in := imageRequest{Env: "release", Width: defaultWidth}
	if parse(c.body, &in) != nil || in.Scene == "" || len(in.Scene) > maxScene {
		return nil, refuse(40169, "invalid length for scene, or the data is not json string")
	}
	mustExist := in.CheckPath == nil || *in.CheckPath
	lines, known := in.lines()
	switch {
	case !sceneShape.MatchString(in.Scene):
		return nil, refuse(40129, "invalid scene")
	case in.Env != "release" && in.Env != "trial" && in.Env != "develop":
		return nil, refuse(40097, "invalid args: env_version")
	case in.Width < minWidth || in.Width > maxWidth:
		return nil, refuse(40097, "invalid args: width")
	case !known:
		return nil, refuse(40097, "invalid args: line_color")
	case in.Scanned != nil:
		return nil, refuse(85096, "not allow include scancode_time field")
	case strings.HasPrefix(in.Page, "/") || strings.Contains(in.Page, "?"):
		return nil, refuse(41030, "invalid page")
	case mustExist && in.Page != "" && !e.released(in.Page):
		return nil, refuse(41030, "invalid page")
	}
	image, err := drawCode(codeStyle{scene: in.Scene, label: in.Scene, width: in.Width, lines: lines, transparent: in.Hyaline})
	if err != nil {
		return nil, e.internalRefusal(ctx, err)
	}
	return raw{contentType: "image/jpeg", data: image}, nil
}
