package web

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

// minCompressed is the size in bytes from which an answer is worth compressing.
const minCompressed = 1400

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails only for an unknown level
	return z
}}

// compressing is a ResponseWriter that compresses from the first write on, if that is large enough.
type compressing struct {
	gin.ResponseWriter

	zip   *gzip.Writer
	begun bool
}

// compress replaces the request's writer if the client accepts gzip. The caller calls done after the answer.
func compress(c *gin.Context) (done func()) {
	c.Writer.Header().Add("Vary", "Accept-Encoding")
	if !AcceptsGzip(c.GetHeader("Accept-Encoding")) {
		return func() {}
	}
	plain := c.Writer
	w := &compressing{ResponseWriter: plain}
	c.Writer = w
	return func() {
		c.Writer = plain
		if w.zip != nil {
			_ = w.zip.Close() // fails only if the caller has gone
			zippers.Put(w.zip)
		}
	}
}

// AcceptsGzip reads Accept-Encoding for gzip.
func AcceptsGzip(header string) bool { return Accepts(header, "gzip") }

// Accepts reads Accept-Encoding for a coding (RFC 9110, 12.5.3). A weight of zero refuses it; what is unreadable is
// no acceptance.
func Accepts(header, wanted string) bool {
	for item := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(item), ";")
		if strings.TrimSpace(coding) != wanted {
			continue
		}
		value, ok := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		q, err := strconv.ParseFloat(value, 64)
		return !ok && weight == "" || ok && err == nil && q > 0
	}
	return false
}

// Write implements io.Writer.
func (w *compressing) Write(p []byte) (int, error) {
	if !w.begun {
		w.begun = true
		if len(p) >= minCompressed && w.Status() == http.StatusOK {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Del("Content-Length")
			w.zip = zippers.Get().(*gzip.Writer) //nolint:forcetypeassert // the pool makes no other
			w.zip.Reset(w.ResponseWriter)
		}
	}
	if w.zip == nil {
		return w.ResponseWriter.Write(p)
	}
	return w.zip.Write(p)
}

// WriteString implements io.StringWriter.
func (w *compressing) WriteString(s string) (int, error) { return w.Write([]byte(s)) }
