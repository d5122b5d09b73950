package emulator

import (
	"context"
	"strings"
	"unicode/utf8"
)

// The words that decide the result of the text check. Everything else passes.
const (
	WordRisky    = "测试违规"
	WordReview   = "测试复审"
	WordInactive = "测试未活跃"
)

// The platform's labels for texts.
const (
	labelNormal = 100
	labelCrime  = 20006
	labelOther  = 21000
)

type checkRequest struct {
	Version   int    `json:"version"`
	OpenID    string `json:"openid"`
	Scene     int    `json:"scene"`
	Content   string `json:"content"`
	Title     string `json:"title"`
	Nickname  string `json:"nickname"`
	Signature string `json:"signature"`
}

type checkAnswer struct {
	plainAnswer
	TraceID string        `json:"trace_id"`
	Result  checkResult   `json:"result"`
	Detail  []checkDetail `json:"detail"`
}

type checkResult struct {
	Suggest string `json:"suggest"`
	Label   int    `json:"label"`
}

type checkDetail struct {
	Strategy string `json:"strategy"`
	ErrCode  int64  `json:"errcode"`
	Suggest  string `json:"suggest"`
	Label    int    `json:"label"`
	Prob     int    `json:"prob"`
}

func (e *Emulator) checkText(_ context.Context, c call) (any, *refusal) {
	var in checkRequest
	if no := parse(c.body, &in); no != nil {
		return nil, no
	}
	switch {
	case in.Version != 2:
		return nil, refuse(40097, "invalid args")
	case in.Scene < 1 || in.Scene > 4:
		return nil, refuse(40129, "invalid scene")
	case in.Content == "":
		return nil, refuse(44002, "empty post data")
	case utf8.RuneCountInString(in.Content) > 2500:
		return nil, refuse(45002, "content size out of limit")
	case !openidShape.MatchString(in.OpenID):
		return nil, refuse(40003, "invalid openid")
	}
	if no := e.withCheckable(in.OpenID, func(*person) {}); no != nil {
		return nil, no
	}
	text := in.Content + "\n" + in.Title + "\n" + in.Nickname + "\n" + in.Signature
	verdict := checkResult{"pass", labelNormal}
	switch {
	case strings.Contains(text, WordInactive):
		return nil, inactive
	case strings.Contains(text, WordRisky):
		verdict = checkResult{"risky", labelCrime}
	case strings.Contains(text, WordReview):
		verdict = checkResult{"review", labelOther}
	}
	return checkAnswer{
		plainAnswer: okAnswer, TraceID: e.random.rid(e.opts.Clock()), Result: verdict,
		Detail: []checkDetail{{"content_model", 0, verdict.Suggest, verdict.Label, 90}},
	}, nil
}
