package wechat

import (
	"context"
	"strings"

	"mashang/domain/fault"
)

// The verdicts of a text check, from good to bad.
const (
	// Pass: nothing found.
	Pass = "pass"
	// Inactive: the platform checks texts only of people it saw in the last two hours. Nothing is known of the
	// text; this is not a pass.
	Inactive = "inactive"
	// Review: a human should look.
	Review = "review"
	// Risky: the platform regards the text as unlawful.
	Risky = "risky"
)

const (
	// checkLength is how many characters one check takes at most.
	checkLength = 2500
	// checkOverlap is how many characters two pieces share, so that a word at the boundary is whole in one of
	// them.
	checkOverlap = 50
	// sceneComment is the platform's scene for what people write to others.
	sceneComment = 2
)

type checkRequest struct {
	Version int    `json:"version"`
	OpenID  string `json:"openid"`
	Scene   int    `json:"scene"`
	Content string `json:"content"`
}

type checkAnswer struct {
	Result struct {
		Suggest string `json:"suggest"`
	} `json:"result"`
}

// CheckText asks the platform about a text that the person wrote and returns Pass, Review, Risky or Inactive. A
// longer text is checked in pieces of 2,500 characters and the worst verdict counts. An unknown verdict counts
// as Review.
// ones counts as Review.
// Faults: TooMany, Unavailable. Nothing is then known of the text, and the caller must not treat it as passed.
// caller must not take it for passed.
func (c *Client) CheckText(ctx context.Context, openid, text string) (string, error) {
	worst := Pass
	for _, piece := range pieces(text) {
		verdict, err := c.checkPiece(ctx, openid, piece)
		if err != nil {
			return "", err
		}
		if severity(verdict) > severity(worst) {
			worst = verdict
		}
		if worst == Risky {
			break
		}
	}
	return worst, nil
}

func (c *Client) checkPiece(ctx context.Context, openid, text string) (string, error) {
	var out checkAnswer
	err := c.postJSON(ctx, epText,
		checkRequest{Version: 2, OpenID: openid, Scene: sceneComment, Content: text}, &out)
	switch epText.errcode(err) {
	case codeInactive:
		return Inactive, nil
	case codeRiskyText:
		return Risky, nil
	case codeForeignOpenID, codeOpenID:
		return "", fault.Wrap(err, fault.Unauthenticated, "登录已失效，请重新进入小程序")
	}
	if err != nil {
		return "", c.fault(err)
	}
	return verdictOf(out.Result.Suggest), nil
}

// verdictOf maps the platform's suggestion to a verdict. An unknown one asks for a human.
func verdictOf(suggest string) string {
	switch suggest {
	case Pass, Risky:
		return suggest
	default:
		return Review
	}
}

func severity(verdict string) int {
	switch verdict {
	case Pass:
		return 0
	case Inactive:
		return 1
	case Review:
		return 2
	default:
		return 3
	}
}

// pieces splits a text into what one check takes. A blank text gives none.
func pieces(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if len(text) <= checkLength { // a character has at least one byte
		return []string{text}
	}
	runes := []rune(text)
	var out []string
	for start := 0; ; start += checkLength - checkOverlap {
		end := min(start+checkLength, len(runes))
		out = append(out, string(runes[start:end]))
		if end == len(runes) {
			return out
		}
	}
}
