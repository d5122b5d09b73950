package wechat

import (
	"regexp"
	"strings"
)

var (
	secretPair  = regexp.MustCompile(`(?i)\b(access_token|appid|secret|js_code|code|openid|touser|session_key)(=|"\s*:\s*")[^&\s"]*`)
	secretURL   = regexp.MustCompile(`https?://[^\s"]+`)
	secretShape = regexp.MustCompile(`\b(o[A-Za-z0-9_-]{27}|[A-Za-z0-9_-]{60,}|1[3-9][0-9]{9})\b|[A-Za-z0-9+/]{22}==`)
)

// scrub removes from a text what must not be logged: the secret, the current token, URLs, values of sensitive
// parameters, and anything that looks like an openid, a token, a session key or a phone number.
func (c *Client) scrub(s string) string {
	s = strings.ReplaceAll(s, c.cfg.AppSecret, "***")
	if token := c.tokens.current(); token != "" {
		s = strings.ReplaceAll(s, token, "***")
	}
	s = secretURL.ReplaceAllString(s, "***")
	s = secretPair.ReplaceAllString(s, "$1$2***")
	s = secretShape.ReplaceAllString(s, "***")
	const maxLen = 300
	if len(s) > maxLen {
		s = strings.ToValidUTF8(s[:maxLen], "")
	}
	return s
}
