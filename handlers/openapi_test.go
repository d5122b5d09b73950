package handlers_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/handlers"
	"mashang/handlers/web"
)

// description returns the face's own description, decoded.
func description(t *testing.T) (map[string]any, []byte) {
	t.Helper()
	f, err := handlers.New(nil, web.Options{Now: (&clock{now: monday}).Now})
	if err != nil {
		t.Fatal(err)
	}
	data := f.OpenAPI()
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m, data
}

func TestOpenAPIIsStable(t *testing.T) {
	t.Parallel()
	_, first := description(t)
	for range 5 {
		if _, again := description(t); !bytes.Equal(first, again) {
			t.Fatal("two descriptions differ")
		}
	}
	b := setup(t, func(o *web.Options) { o.Demo, o.MaxBody, o.Version = true, 9999, "other" })
	r := b.send("GET", "/openapi.json", "", nil)
	b.want(r, 200)
	if !bytes.Equal(r.Body, first) || r.Header.Get("Content-Type") != "application/json" {
		t.Error("an installation's description is its own")
	}
	// Anybody may ask for it, so it is made once and not for each request.
	f, err := handlers.New(nil, web.Options{Now: (&clock{now: monday}).Now})
	if err != nil {
		t.Fatal(err)
	}
	if one, two := f.OpenAPI(), f.OpenAPI(); &one[0] != &two[0] {
		t.Error("the description is made anew each time")
	}
}

// Each path of the contract is described, and nothing described is missing from
// docs/api.md.
func TestOpenAPIAndContractAgree(t *testing.T) {
	t.Parallel()
	doc, _ := description(t)
	page, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	var written []string
	for _, m := range regexp.MustCompile("`(GET|POST|PUT|PATCH|DELETE) (/[^` ?]*)`").FindAllStringSubmatch(string(page), -1) {
		path := m[2]
		if !strings.HasPrefix(path, "/q/") && !slices.Contains([]string{"/wechat/push", "/openapi.json", "/check/{token}", "/calendar/{station}/{token}.ics", "/healthz", "/readyz"}, path) {
			path = "/api/v1" + path
		}
		if !strings.Contains(path, "_emulator") {
			written = append(written, m[1]+" "+path)
		}
	}
	var described []string
	for path, item := range at[map[string]any](doc, "paths") {
		for method := range obj(item) {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	for _, w := range written {
		if !slices.Contains(described, w) && w != "GET /q/<name>.txt" {
			t.Errorf("%s is in docs/api.md and not in the description", w)
		}
	}
	for _, d := range described {
		if !slices.Contains(written, d) {
			t.Errorf("%s is described and not in docs/api.md", d)
		}
	}
}

// The description is sound: 3.1, each reference leads somewhere, each operation
// has a name of its own, says what may go wrong, and every object of a request
// refuses what it does not know.
func TestOpenAPIIsSound(t *testing.T) {
	t.Parallel()
	doc, data := description(t)
	if !strings.HasPrefix(at[string](doc, "openapi"), "3.1.") || at[map[string]any](doc, "info")["version"] != web.APIVersion {
		t.Errorf("openapi %v, info %v", doc["openapi"], doc["info"])
	}
	schemas := at[map[string]any](at[map[string]any](doc, "components"), "schemas")
	for _, m := range regexp.MustCompile(`"\$ref": "#/components/schemas/(\w+)"`).FindAllStringSubmatch(string(data), -1) {
		if schemas[m[1]] == nil {
			t.Errorf("a reference leads to %s, which is not there", m[1])
		}
	}
	for name, s := range schemas {
		if s := obj(s); s["type"] == "object" && s["additionalProperties"] != false {
			t.Errorf("%s takes unknown fields", name)
		}
	}
	if schemas["ErrorModel"] != nil || schemas["Problem"] == nil {
		t.Error("errors are not described as ours")
	}
	seen := map[string]bool{}
	for path, item := range at[map[string]any](doc, "paths") {
		for method, o := range obj(item) {
			o := obj(o)
			id := at[string](o, "operationId")
			if seen[id] || id == "" {
				t.Errorf("operation %q is described twice", id)
			}
			seen[id] = true
			if o["summary"] == "" {
				t.Errorf("%s says nothing of itself", id)
			}
			responses := at[map[string]any](o, "responses")
			security, said := o["security"].([]any)
			if !said {
				t.Errorf("%s %s: nothing is said of security", method, path)
			}
			for status, r := range responses {
				for media, c := range obj(obj(r)["content"]) {
					schema := obj(obj(c)["schema"])
					if strings.HasSuffix(media, "json") && schema["$ref"] == nil && schema["type"] != "object" {
						t.Errorf("%s %s: %s answers JSON that is described as %v", method, path, status, schema["type"])
					}
				}
			}
			if !strings.HasPrefix(path, "/api/") {
				continue
			}
			for _, status := range []string{"429", "503"} {
				if responses[status] == nil {
					t.Errorf("%s %s does not describe %s", method, path, status)
				}
			}
			if (len(security) > 0) != (responses["401"] != nil) {
				t.Errorf("%s %s: security and 401 do not go together", method, path)
			}
			for status, r := range responses {
				content := obj(obj(r)["content"])
				if status >= "400" && content["application/problem+json"] == nil {
					t.Errorf("%s %s: %s is no problem", method, path, status)
				}
			}
		}
	}
}
