package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/handlers/wire"
)

type (
	// ByKey is the input of operations that need only a key.
	ByKey struct {
		Key string `path:"key" doc:"The key as printed."`
	}
	// Picture is an image answer.
	Picture struct{ Body func(huma.Context) }
)

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

// StartsJob marks an operation that answers with a job.
func (o Operation) StartsJob() Operation { o.DefaultStatus = http.StatusAccepted; return o }

// JobStarted answers with a job that was started.
func JobStarted(j record.Job, err error) (*wire.Output[wire.Job], error) {
	return &wire.Output[wire.Job]{Body: wire.JobOf(j)}, err
}

// MemberOnly admits members.
func MemberOnly(c access.Caller) error {
	if err := anyone(c); err != nil {
		return err
	}
	return access.Can(c, access.Accept)
}

// Nothing is the input of operations without input.
type Nothing struct{}

// Missing gives the same answer for what does not exist and what is not the caller's, wherever it was detected.
func Missing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return access.Missing()
	}
	return err
}
