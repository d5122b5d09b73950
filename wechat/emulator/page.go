package emulator

import (
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
)

// assets are the pages of the emulated phones.
//
//go:embed assets
var assets embed.FS

var pages = template.Must(template.ParseFS(assets, "assets/*.html"))

// pagePolicy allows our own files, and what the page loads from the program's API.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// assetTypes are the files that a page may request. The machine's table of media types is not used, as it
// differs between machines.
var assetTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

// programAsset is the part of a phone's page that shows the program.
const programAsset = "program.js"

// routePages adds what a browser shows: the choice of a phone, and each phone.
func (e *Emulator) routePages(mux *http.ServeMux) {
	mux.HandleFunc("GET /_emulator/{$}", e.chooserPage)
	mux.HandleFunc("GET /_emulator/phone/{openid}", e.phonePage)
	mux.HandleFunc("GET /_emulator/assets/{name}", e.asset)
}

// castMember is a member of the cast whose phone can be opened.
type castMember struct {
	OpenID  string `json:"openid"`
	Name    string `json:"name"`
	Sector  string `json:"sector"`
	Village string `json:"village"`
}

// cast is the part of a cast that the page shows. The rest is for the program.
type cast struct {
	Members     []castMember `json:"members"`
	Liaisons    []castMember `json:"liaisons"`
	Departments []castMember `json:"departments"`
}

// extraPeople are people that every cast has. They are made up.
var extraPeople = []castMember{
	{OpenID: "cun-min-zhang", Name: "村民小张"},
	{OpenID: "you-ke-li", Name: "游客小李"},
	{OpenID: "dian-zhu-wang", Name: "店主小王"},
}

// loadCast asks for the cast. Without one, or with one of another form, only strangers can be played.
func (e *Emulator) loadCast(ctx context.Context) (c cast) {
	if e.opts.Cast == nil {
		return c
	}
	cast, err := e.opts.Cast(ctx)
	if err != nil {
		return c
	}
	if data, err := json.Marshal(cast); err == nil {
		_ = json.Unmarshal(data, &c) // what does not fit stays empty
	}
	unusable := func(r castMember) bool { return !openidShape.MatchString(r.OpenID) }
	for _, list := range []*[]castMember{&c.Members, &c.Liaisons, &c.Departments} {
		*list = slices.DeleteFunc(*list, unusable)
	}
	return c
}

func (e *Emulator) chooserPage(w http.ResponseWriter, r *http.Request) {
	e.render(w, "chooser.html", map[string]any{
		"Strangers": extraPeople, "Company": e.loadCast(r.Context()), "Paths": e.Paths(),
		// The target of a URL link, to be opened on one of the phones.
		"Page": r.URL.Query().Get("page"), "Query": r.URL.Query().Get("query"),
	})
}

func (e *Emulator) phonePage(w http.ResponseWriter, r *http.Request) {
	openid := r.PathValue("openid")
	if !openidShape.MatchString(openid) {
		writeNotFound(w, errOpenID)
		return
	}
	name := openid
	c := e.loadCast(r.Context())
	for _, known := range slices.Concat(extraPeople, c.Members, c.Liaisons, c.Departments) {
		if known.OpenID == openid {
			name = known.Name
		}
	}
	e.render(w, "phone.html", map[string]any{"OpenID": openid, "Name": name, "Program": e.opts.Program})
}

func (e *Emulator) render(w http.ResponseWriter, name string, data any) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", "no-store")
	_ = pages.ExecuteTemplate(w, name, data) // fails only if the reader has gone
}

func (e *Emulator) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	kind, ok := assetTypes[path.Ext(name)]
	if !ok || name == programAsset && e.opts.Program == "" {
		writeNotFound(w, "no such asset")
		return
	}
	data, err := fs.ReadFile(assets, "assets/"+name)
	if err != nil {
		writeNotFound(w, "no such asset")
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(data) //nolint:gosec // our own file
}
