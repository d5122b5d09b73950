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
	// ByKey is the input of what needs a key only.
	ByKey struct {
		Key string `path:"key" doc:"The key as printed."`
	}
	// Picture is an image answer.
	Picture struct{ Body func(huma.Context) }
)

// Cookie is what sets a cookie for so many seconds; less than one takes it back.
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

// identify finds out who asks: by the header that programs send, or by the
// console's cookie, which browsers send for whatever page has them do so; what
// changes something must then come from our own. What is quiet is no use of a
// session at a computer.
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

// Begins marks an operation that answers a job.
func (o Operation) Begins() Operation { o.DefaultStatus = http.StatusAccepted; return o }

// Begun answers with a job that was begun.
func Begun(j record.Job, err error) (*wire.Output[wire.Job], error) {
	return &wire.Output[wire.Job]{Body: wire.JobOf(j)}, err
}

// MemberOnly lets members in.
func MemberOnly(c access.Caller) error {
	if err := anyone(c); err != nil {
		return err
	}
	return access.Can(c, access.Accept)
}

// Nothing is the input of what takes none.
type Nothing struct{}

// Missing gives what is not there and what is not the caller's the same words,
// whoever noticed.
func Missing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return access.Missing()
	}
	return err
}
