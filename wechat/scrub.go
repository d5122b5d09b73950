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

// scrub removes from a text what must not be in a log: the secret and the token
// in use, URLs, values of telling parameters, and whatever looks like an openid,
// a token, a session key or a phone number.
func (c *Client) scrub(s string) string {
	s = strings.ReplaceAll(s, c.cfg.AppSecret, "***")
	if token := c.tokens.held(); token != "" {
		s = strings.ReplaceAll(s, token, "***")
	}
	s = secretURL.ReplaceAllString(s, "***")
	s = secretPair.ReplaceAllString(s, "$1$2***")
	s = secretShape.ReplaceAllString(s, "***")
	const most = 300
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}
