package pages

import (
	"bytes"
	"cmp"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/handlers/web"
)

// clientBase is the base path of the people's client for browsers.
const clientBase = "/m/"

// addClient serves the built client.
func (rt *routes) addClient(r gin.IRoutes) {
	r.GET(clientBase+"*path", rt.client)
	r.HEAD(clientBase+"*path", rt.client)
}

// hasClient reports whether the client was built into the program.
func (rt *routes) hasClient() bool { return isBuilt(rt.api.Options.Client) }

func isBuilt(files fs.FS) bool {
	if files == nil {
		return false
	}
	_, err := fs.Stat(files, "index.html")
	return err == nil
}

func (rt *routes) client(c *gin.Context) {
	if !rt.hasClient() {
		rt.show(c, http.StatusNotFound, "lost.html", pageData{Title: "网页版还没有安装", NoClient: true})
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", rt.pages.client)
	if rt.api.Options.Emulator != nil {
		h.Set("X-Frame-Options", "SAMEORIGIN") // the emulated phones show it in a frame
	}
	h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)")
	if page, ok := rt.renderFirstPage(c); ok {
		h.Set("Vary", "Accept-Encoding, Accept-Language")
		h.Set("Cache-Control", "no-cache")
		c.Data(http.StatusOK, "text/html; charset=utf-8", page)
		return
	}
	rt.serveBuilt(c, rt.api.Options.Client)
}

// serveBuilt serves a file of a built client. Its pages are paths of the client, so every path that is not a file
// gets the page's own first page, which names all that it loads, or the first page of all.
func (rt *routes) serveBuilt(c *gin.Context, files fs.FS) {
	name := strings.TrimPrefix(path.Clean(c.Param("path")), "/")
	if info, err := fs.Stat(files, name); err != nil || info.IsDir() || isPacked(name) || strings.HasPrefix(name, ".") {
		if strings.HasPrefix(name, "assets/") {
			rt.api.NoRoute(c) // of an older build: the page has to be reloaded
			return
		}
		name = firstPageOf(files, name)
	}
	h := c.Writer.Header()
	h.Set("Vary", "Accept-Encoding")
	// Names in assets/ contain a digest of their content.
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	kind := mime.TypeByExtension(path.Ext(name))
	for _, p := range packings {
		if !web.Accepts(c.GetHeader("Accept-Encoding"), p.coding) {
			continue
		}
		if data, err := fs.ReadFile(files, name+p.suffix); err == nil {
			h.Set("Content-Encoding", p.coding)
			c.Data(http.StatusOK, kind, data)
			return
		}
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		rt.api.Refuse(c, err)
		return
	}
	c.Data(http.StatusOK, kind, data)
}

// packings are the forms in which a built file may lie beside itself, the smallest first.
var packings = []struct{ coding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// isPacked reports whether a name is of such a form, which is no file of its own.
func isPacked(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

// firstPageOf returns the file with the first page of a path.
func firstPageOf(files fs.FS, name string) string {
	if own := name + ".html"; fs.ValidPath(own) {
		if _, err := fs.Stat(files, own); err == nil {
			return own
		}
	}
	return "index.html"
}

// earlyMark is the place in the client's first page for content before the client has loaded.
const earlyMark = "<!--app-html-->"

// The client's pages that say something before the client has loaded: what a code leads to, and the form behind it.
const (
	scanPage = "pages/scan/index"
	filePage = "pages/file/index"
)

// renderFirstPage returns the client's first page with the content of a scanned code, or of the form behind it, so that
// it is readable long before the client has loaded on a slow line. ok is false without a scanned code, or if it is
// invalid; the client then says so.
func (rt *routes) renderFirstPage(c *gin.Context) (page []byte, ok bool) {
	at := strings.TrimPrefix(c.Param("path"), "/")
	if at != scanPage && at != filePage {
		return nil, false
	}
	scene := cmp.Or(c.Query("key"), c.Query("scene"), c.Query("q"))
	if scene == "" {
		return nil, false
	}
	s, err := rt.desk.codes.Sign(c.Request.Context(), scene)
	if err != nil || s.Revoked {
		return nil, false
	}
	if at == scanPage {
		rt.api.Scanned(c.Request.Context(), &s)
	}
	first, err := fs.ReadFile(rt.api.Options.Client, firstPageOf(rt.api.Options.Client, at))
	if err != nil {
		return nil, false
	}
	var b bytes.Buffer
	d := pageData{Sign: s, Style: rt.pages.early, Form: at == filePage}
	d.Lang, d.Asked = langOf(c)
	if err := rt.pages.templates.ExecuteTemplate(&b, "early.html", d); err != nil {
		web.VisitOf(c.Request.Context()).Cause = err // the client shows the same a moment later
		return nil, false
	}
	return bytes.Replace(first, []byte(earlyMark), b.Bytes(), 1), true
}
