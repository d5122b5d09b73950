package handlers

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

// clientBase is where the people's client for browsers lies.
const clientBase = "/m/"

// clientPolicy lets the client load its own files, show photos it fetched or
// took (blob:, data:), and talk to this server; nothing else.
const clientPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// addClient serves the built client. Its pages are addresses of the client's
// own, so every path that is no file answers its first page.
func (f *Face) addClient(r gin.IRoutes) {
	r.GET(clientBase+"*path", f.client)
	r.HEAD(clientBase+"*path", f.client)
}

// hasClient tells whether the client was built into the program.
func (f *Face) hasClient() bool {
	if f.o.Client == nil {
		return false
	}
	_, err := fs.Stat(f.o.Client, "index.html")
	return err == nil
}

func (f *Face) client(c *gin.Context) {
	if !f.hasClient() {
		f.show(c, http.StatusNotFound, "lost.html", pageData{Title: "网页版还没有安装", NoClient: true})
		return
	}
	name := strings.TrimPrefix(path.Clean(c.Param("path")), "/")
	if info, err := fs.Stat(f.o.Client, name); err != nil || info.IsDir() || strings.HasSuffix(name, ".gz") || strings.HasPrefix(name, ".") {
		if strings.HasPrefix(name, "assets/") {
			f.noRoute(c) // of an older build: the page that asks is to be loaded anew
			return
		}
		name = "index.html"
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", clientPolicy)
	h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)")
	h.Set("Vary", "Accept-Encoding")
	// Names in assets/ hold a digest of what is in them.
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		if data, err := fs.ReadFile(f.o.Client, name+".gz"); err == nil {
			h.Set("Content-Encoding", "gzip")
			c.Data(http.StatusOK, kind, data)
			return
		}
	}
	data, err := fs.ReadFile(f.o.Client, name)
	if err != nil {
		f.refuse(c, err)
		return
	}
	c.Data(http.StatusOK, kind, data)
}
