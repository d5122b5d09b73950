package web

import (
	"strings"
)

// The cookies of the console. A browser takes a name with the prefix from us
// alone, over https, and for every path (RFC 6265bis, 4.1.3.2); without https,
// as in a demonstration, there is no such promise to make.
const (
	securePrefix = "__Host-"
	CookieSeat   = "mashang-console"
	CookieScreen = "mashang-login"
)

func (api *API) https() bool { return strings.HasPrefix(api.Options.PublicURL, "https://") }

func (api *API) cookieName(name string) string {
	if api.https() {
		return securePrefix + name
	}
	return name
}

// headerUnattended is set by the console on what it asks by itself while nobody
// touches it. That is no use of the session, which ends an hour after the last.
const headerUnattended = "X-Unattended"
