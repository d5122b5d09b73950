package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/handlers/wire"
)

// APIVersion is the version of the contract, not of the program: it changes when clients have to.
const APIVersion = "1.0.0"

// bodyReadTimeout is the limit for receiving a body: enough for a slow village network.
const bodyReadTimeout = 15 * time.Second

func apiConfig() huma.Config {
	cfg := huma.DefaultConfig("码上 Mashang", APIVersion)
	cfg.Info.Description = "From a scanned code to the member's answer. docs/api.md says it in words."
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.Servers = []*huma.Server{{URL: "/", Description: "The installation this description came from."}}
	cfg.CreateHooks = nil // no $schema link in each answer
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.Formats = strictJSON()
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "http", Scheme: "bearer", Description: "The token of POST " + wire.Base + "/sessions."},
	}
	return cfg
}

// OpenAPI returns the description of the API (OpenAPI 3.1, indented JSON). It is the same for every
// installation. The caller must not change it.
func (api *API) OpenAPI() []byte { return api.Description }

// write encodes the description once: that takes some twenty milliseconds, and anyone may request it.
func (api *API) write() ([]byte, error) {
	plain, err := json.Marshal(api.Huma.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("handlers: describe the API: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, plain, "", "  "); err != nil {
		return nil, fmt.Errorf("handlers: indent the description: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// described is a route outside the API with its description.
type described struct {
	method, path, id, summary string
	responses                 map[string]string // media type by status
}

var outside = []described{
	{http.MethodGet, "/q/{key}", "page", "The page behind a printed code, for a phone that opened no mini-program. Also serves the platform's verification files by name.", map[string]string{"200": "text/html", "404": "text/html", "410": "text/html"}},
	{http.MethodGet, "/q/{key}/open", "openPage", "Leads a browser outside WeChat into the mini program; without a link, the page again.", map[string]string{"200": "text/html", "302": "text/html", "404": "text/html", "410": "text/html"}},
	{http.MethodGet, "/check/{token}", "peek", "One photo for the platform that is asked about it, until it has answered.", map[string]string{"200": "image/jpeg", "404": problemType}},
	{http.MethodGet, "/calendar/{station}/{token}.ics", "readCalendar", "A calendar for programs that subscribe to it. Whoever has the link reads it; `If-None-Match` is answered by 304.", map[string]string{"200": "text/calendar", "404": problemType, "429": problemType}},
	{http.MethodGet, "/wechat/push", "pushCheck", "The platform's check of the push URL.", map[string]string{"200": "text/plain", "403": problemType}},
	{http.MethodPost, "/wechat/push", "push", "What the platform pushes, signed and sealed.", map[string]string{"200": "text/plain", "400": problemType, "403": problemType, "413": problemType, "422": problemType, "503": problemType}},
	{http.MethodGet, "/openapi.json", "openapi", "This description.", map[string]string{"200": "application/json"}},
	{http.MethodGet, "/healthz", "alive", "The process runs.", map[string]string{"200": "application/json"}},
	{http.MethodGet, "/readyz", "ready", "Everything needed is there, seeding included.", map[string]string{"200": "application/json", "503": problemType}},
}

// Liveness is the answer about the process.
type Liveness struct {
	Status string `json:"status" enum:"ok"`
}

// Readiness is the answer about all that the server needs.
type Readiness struct {
	Status string `json:"status" enum:"ready"`
	Disk   string `json:"disk,omitempty" enum:"low,full" doc:"There is little room left on the server's disk, or none; absent while there is."`
}

// schemaOf is the schema of an answer outside the API: an object for JSON, text for anything else.
func schemaOf(reg huma.Registry, d described, media string) *huma.Schema {
	switch {
	case media == problemType:
		return reg.Schema(reflect.TypeFor[Problem](), true, "")
	case media != "application/json":
		return &huma.Schema{Type: huma.TypeString}
	case d.id == "alive":
		return reg.Schema(reflect.TypeFor[Liveness](), true, "")
	case d.id == "ready":
		return reg.Schema(reflect.TypeFor[Readiness](), true, "")
	default: // the description itself, whose shape is the standard's
		return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
	}
}

// noSession explicitly states that an operation needs no session.
var noSession = []map[string][]string{}

func parameters(o *huma.Operation) []*huma.Param {
	if o == nil {
		return nil
	}
	return o.Parameters
}

// Describe adds what is not an operation of the API to the description, and stores the result.
func (api *API) Describe() error {
	doc := api.Huma.OpenAPI()
	for _, d := range outside {
		o := &huma.Operation{
			Method: d.method, Path: d.path, OperationID: d.id, Summary: d.summary, Responses: map[string]*huma.Response{},
			Security: noSession,
		}
		for status, media := range d.responses {
			o.Responses[status] = &huma.Response{
				Description: media,
				Content:     map[string]*huma.MediaType{media: {Schema: schemaOf(doc.Components.Schemas, d, media)}},
			}
		}
		for _, part := range strings.Split(d.path, "{")[1:] {
			name, _, _ := strings.Cut(part, "}")
			o.Parameters = append(o.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
		}
		doc.AddOperation(o)
	}
	for _, path := range []string{"/uploads", "/station/roster/import"} {
		doc.Paths[wire.Base+path].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"multipart/form-data": {Schema: &huma.Schema{
				Type:       huma.TypeObject,
				Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
				Required:   []string{"file"},
			}},
		}}
	}
	for _, item := range doc.Paths {
		for _, o := range []*huma.Operation{item.Get, item.Put, item.Post, item.Patch, item.Delete} {
			for _, p := range parameters(o) {
				p.Schema.PatternDescription = "" // huma's own keyword, which is not in the standard
			}
		}
	}
	var err error
	api.Description, err = api.write()
	return err
}
