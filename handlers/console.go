package handlers

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// consoleBase is where the staff's console lies.
const consoleBase = "/console/"

func (f *Face) addConsole(r gin.IRoutes) {
	r.GET(consoleBase+"*path", f.console)
	r.HEAD(consoleBase+"*path", f.console)
}

func (f *Face) console(c *gin.Context) {
	if !isBuilt(f.o.Console) {
		f.show(c, http.StatusNotFound, "lost.html", pageData{Title: "工作台还没有安装", NoClient: true})
		return
	}
	c.Writer.Header().Set("Content-Security-Policy", f.pages.console)
	f.built(c, f.o.Console)
}

// The cookies of the console. A browser takes a name with the prefix from us
// alone, over https, and for every path (RFC 6265bis, 4.1.3.2); without https,
// as in a demonstration, there is no such promise to make.
const (
	securePrefix = "__Host-"
	cookieSeat   = "mashang-console"
	cookieScreen = "mashang-login"
)

func (f *Face) https() bool { return strings.HasPrefix(f.o.PublicURL, "https://") }

func (f *Face) cookieName(name string) string {
	if f.https() {
		return securePrefix + name
	}
	return name
}

// cookie is what sets a cookie for so many seconds; less than one takes it back.
func (f *Face) cookie(name, value string, seconds int) string {
	c := http.Cookie{ //nolint:gosec // Secure wherever there is https
		Name: f.cookieName(name), Value: value, Path: "/", MaxAge: seconds, HttpOnly: true,
		Secure: f.https(), SameSite: http.SameSiteStrictMode,
	}
	return c.String()
}

// cookieOf returns a cookie of ours, "" without one.
func (f *Face) cookieOf(c *gin.Context, name string) string {
	v, err := c.Cookie(f.cookieName(name))
	const longest = 128
	if err != nil || len(v) > longest {
		return ""
	}
	return v
}

// headerUnattended is set by the console on what it asks by itself while nobody
// touches it. That is no use of the session, which ends an hour after the last.
const headerUnattended = "X-Unattended"

// identify finds out who asks: by the header that programs send, or by the
// console's cookie, which browsers send for whatever page has them do so; what
// changes something must then come from our own. What is quiet is no use of a
// session at a computer.
func (f *Face) identify(ctx context.Context, c *gin.Context, v *visit, quiet bool) (err error) {
	if v.token = bearer(c.GetHeader("Authorization")); v.token != "" {
		v.caller, err = f.desk.Identity.Caller(ctx, v.token)
		return err
	}
	v.token = f.cookieOf(c, cookieSeat)
	if v.token == "" {
		return access.NoSession()
	}
	if err := f.origin.Check(c.Request); err != nil {
		return fault.New(fault.Denied, "这个请求来自别的网页，没有执行；请在工作台里操作")
	}
	if quiet || c.GetHeader(headerUnattended) != "" {
		v.caller, err = f.desk.Identity.Caller(ctx, v.token)
	} else {
		v.caller, err = f.desk.Login.Seated(ctx, v.token)
	}
	return err
}
