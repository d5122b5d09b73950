package emulator

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

// sceneShape is what a scene may hold, apart from its length.
var sceneShape = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]*$`)

const (
	maxScene     = 32
	minWidth     = 280
	maxWidth     = 1280
	defaultWidth = 430
)

type imageRequest struct {
	Scene     string `json:"scene"`
	Page      string `json:"page"`
	CheckPath *bool  `json:"check_path"`
	Env       string `json:"env_version"`
	Width     int    `json:"width"`
}

func (e *Emulator) codeImage(ctx context.Context, _ url.Values, body []byte) (any, *refusal) {
	in := imageRequest{Env: "release", Width: defaultWidth}
	if json.Unmarshal(body, &in) != nil || in.Scene == "" || len(in.Scene) > maxScene {
		return nil, refuse(40169, "invalid length for scene, or the data is not json string")
	}
	mustExist := in.CheckPath == nil || *in.CheckPath
	switch {
	case !sceneShape.MatchString(in.Scene):
		return nil, refuse(40129, "invalid scene")
	case in.Env != "release" && in.Env != "trial" && in.Env != "develop":
		return nil, refuse(40097, "invalid args: env_version")
	case in.Width < minWidth || in.Width > maxWidth:
		return nil, refuse(40097, "invalid args: width")
	case strings.HasPrefix(in.Page, "/") || strings.Contains(in.Page, "?"):
		return nil, refuse(41030, "invalid page")
	case mustExist && in.Page != "" && !e.released(in.Page):
		return nil, refuse(41030, "invalid page")
	}
	image, err := drawCode(in.Scene, in.Width)
	if err != nil {
		return nil, e.busy(ctx, err)
	}
	return jpegImage(image), nil
}
