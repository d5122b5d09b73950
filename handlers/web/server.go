package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/fault"
)

// MayEnd documents that the change may be the last one that its caller can see.
func (o Operation) MayEnd() Operation {
	o.Responses = map[string]*huma.Response{"204": {Description: "It is done, and not the caller's to see any more."}}
	return o
}

// CacheBriefly is the Cache-Control of what everyone may see of a code: as long as a revoked one may still be
// shown.
const CacheBriefly = "public, max-age=300"

// Scanned counts a scan of a code. Phones are distinguished by address and user agent.
func (api *API) Scanned(ctx context.Context, s *codes.Sign) {
	if c := VisitOf(ctx).Gin; c != nil && c.Request.Method != http.MethodHead {
		api.desk.Scanned(s, c.ClientIP()+"\n"+c.Request.UserAgent())
	}
}

// quietGin disables gin's writing to standard output; there is no other switch.
func quietGin() {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultWriter, gin.DefaultErrorWriter = io.Discard, io.Discard
}

// trace returns an id that connects an answer with a line of the log. It is unique, not secret.
func (api *API) trace() string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	n := api.traces.Add(1)
	var b [40]byte
	i := len(b)
	for {
		i--
		b[i] = digits[n%36]
		if n /= 36; n == 0 {
			break
		}
	}
	return api.start + "-" + string(b[i:])
}

// Now returns the time of the server's clock.
func (api *API) Now() time.Time { return api.Options.Now() }

// Guessed runs try, which redeems a secret code, unless the caller has been wrong too often.
func Guessed[T any](api *API, c access.Caller, try func() (T, error)) (out T, err error) {
	if !api.Limits.guesses.left(c.Person) {
		_, err := api.Limits.guesses.Take(c.Person, enoughGuesses)
		return out, err
	}
	if out, err = try(); fault.Is(err, fault.Invalid) {
		if _, limit := api.Limits.guesses.Take(c.Person, enoughGuesses); limit != nil {
			return out, limit
		}
	}
	return out, err
}
