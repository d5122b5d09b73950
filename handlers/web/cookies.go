package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// The cookies of the console. A browser accepts a name with the prefix only from us, over https, and for every
// path (RFC 6265bis, 4.1.3.2). Without https, as in a demonstration, there is no such guarantee.
const (
	securePrefix = "__Host-"
	CookieSeat   = "mashang-console"
	cookieScreen = "mashang-login-"
)

// CookieScreen names the cookie that ties a login to its browser. Each login has its own, so that a login that begins in
// another tab leaves those of this browser good.
func CookieScreen(login string) string { return cookieScreen + login }

func (api *API) https() bool { return strings.HasPrefix(api.Options.PublicURL, "https://") }

func (api *API) cookieName(name string) string {
	if api.https() {
		return securePrefix + name
	}
	return name
}

// Cookie returns the header that sets a cookie for so many seconds; less than one removes it.
func (api *API) Cookie(name, value string, seconds int) string {
	c := http.Cookie{ //nolint:gosec // Secure wherever there is https
		Name: api.cookieName(name), Value: value, Path: "/", MaxAge: seconds, HttpOnly: true,
		Secure: api.https(), SameSite: http.SameSiteStrictMode,
	}
	return c.String()
}

// CookieOf returns a cookie of ours, "" without one.
func (api *API) CookieOf(c *gin.Context, name string) string {
	v, err := c.Cookie(api.cookieName(name))
	const longest = 128
	if err != nil || len(v) > longest {
		return ""
	}
	return v
}

// headerUnattended marks the console's own requests while nobody uses it. They do not count as use of the
// session, which ends an hour after the last one.
const headerUnattended = "X-Unattended"

// identify identifies the caller by the header that programs send, or by the console's cookie. Browsers send
// the cookie for any page, so changes must then come from our own origin. A quiet request does not count as use
// of a console session.
func (api *API) identify(ctx context.Context, c *gin.Context, v *visit, quiet bool) (err error) {
	if v.Token = bearer(c.GetHeader("Authorization")); v.Token != "" {
		v.caller, err = api.desk.Caller(ctx, v.Token)
		return err
	}
	v.Token = api.CookieOf(c, CookieSeat)
	if v.Token == "" {
		return access.NoSession()
	}
	if err := api.Origin.Check(c.Request); err != nil {
		return fault.New(fault.Denied, "这个请求来自别的网页，没有执行；请在工作台里操作")
	}
	if quiet || c.GetHeader(headerUnattended) != "" {
		v.caller, err = api.desk.Caller(ctx, v.Token)
	} else {
		v.caller, err = api.desk.Seated(ctx, v.Token)
	}
	return err
}
