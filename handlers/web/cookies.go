package web

import (
	"strings"
)

// The cookies of the console. A browser accepts a name with the prefix only from us, over https, and for every
// path (RFC 6265bis, 4.1.3.2). Without https, as in a demonstration, there is no such guarantee.
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

// headerUnattended marks the console's own requests while nobody uses it. They do not count as use of the
// session, which ends an hour after the last one.
const headerUnattended = "X-Unattended"
