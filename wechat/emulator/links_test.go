package emulator_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"mashang/wechat/emulator"
)

const (
	linkPath   = "/wxa/generate_urllink"
	schemePath = "/wxa/generatescheme"
)

// address is the link in an answer.
func (a answer) address(t *testing.T) string {
	t.Helper()
	var out struct {
		URL    string `json:"url_link"`
		Scheme string `json:"openlink"`
	}
	if err := json.Unmarshal(a.raw, &out); err != nil {
		t.Fatal(err)
	}
	return out.URL + out.Scheme
}

func TestLinks(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) { o.LinkBase = "https://links.example/" })
	target := `"path":"pages/index/index","query":"a=1&b=2","env_version":"release"`
	for path, tc := range map[string]struct{ body, prefix string }{
		linkPath:   {`{` + target + `,"expire_type":1,"expire_interval":2}`, "https://links.example/"},
		schemePath: {`{"jump_wxa":{` + target + `},"expire_type":1,"expire_interval":2}`, "weixin://dl/business/?t="},
	} {
		first, second := b.post(path, tc.body).address(t), b.post(path, tc.body).address(t)
		if first == second || !strings.HasPrefix(first, tc.prefix) || len(first) == len(tc.prefix) {
			t.Fatalf("%s: %q and %q", path, first, second)
		}
		want := emulator.Link{Path: "pages/index/index", Query: "a=1&b=2", Until: b.clock.Now().Add(48 * time.Hour)}
		if got, ok := b.Link(first); !ok || got.Path != want.Path || got.Query != want.Query || !got.Until.Equal(want.Until) {
			t.Errorf("%s leads to %+v, %v, want %+v", path, got, ok, want)
		}
		b.clock.Advance(48*time.Hour - time.Second)
		if _, ok := b.Link(first); !ok {
			t.Errorf("%s: dead before its time", path)
		}
		b.clock.Advance(time.Second)
		if _, ok := b.Link(first); ok {
			t.Errorf("%s: alive after its time", path)
		}
	}
	if _, ok := b.Link("https://links.example/unknown"); ok {
		t.Error("an unknown link leads somewhere")
	}
}

func TestLinkRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	good := func() map[string]any {
		return map[string]any{"path": "pages/index/index", "query": "a=1", "expire_type": 1, "expire_interval": 30}
	}
	b.want(b.post(linkPath, good()), 0)
	at := func(d time.Duration) map[string]any {
		return map[string]any{"expire_type": 0, "expire_time": b.clock.Now().Add(d).Unix()}
	}
	for name, tc := range map[string]struct {
		change map[string]any
		code   int
	}{
		"slash":            {map[string]any{"path": "/pages/index/index"}, 0},
		"two slashes":      {map[string]any{"path": "//pages/index/index"}, 40165},
		"page":             {map[string]any{"path": "pages/other/index"}, 40165},
		"query in path":    {map[string]any{"path": "pages/index/index?a=1"}, 40165},
		"longest query":    {map[string]any{"query": strings.Repeat("a", 1024)}, 0},
		"long query":       {map[string]any{"query": strings.Repeat("a", 1025)}, 40212},
		"line break":       {map[string]any{"query": "a=1\nb=2"}, 40212},
		"env":              {map[string]any{"env_version": "beta"}, 85402},
		"31 days":          {map[string]any{"expire_interval": 31}, 85401},
		"0 days":           {map[string]any{"expire_interval": 0}, 85401},
		"endless":          {map[string]any{"expire_interval": 1 << 40}, 85401},
		"expire type":      {map[string]any{"expire_type": 2}, 85401},
		"at a time":        {at(time.Minute), 0},
		"at the last time": {at(30 * 24 * time.Hour), 0},
		"too soon":         {at(59 * time.Second), 85401},
		"too late":         {at(31 * 24 * time.Hour), 85401},
		"days as a string": {map[string]any{"expire_interval": "1"}, 47001},
	} {
		body := good()
		maps.Copy(body, tc.change)
		if a := b.post(linkPath, body); a.ErrCode != tc.code {
			t.Errorf("%s: errcode %d (%s), want %d", name, a.ErrCode, a.ErrMsg, tc.code)
		}
	}
}
