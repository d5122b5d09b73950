package archtest_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// graph asks the go command for every import of the module's own packages.
func graph(t *testing.T) []edge {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-buildvcs=false", "-deps", "-json=ImportPath,Imports,Standard", "./...")
	cmd.Dir = root
	var failure strings.Builder
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, failure.String())
	}
	type listed struct {
		ImportPath string
		Imports    []string
		Standard   bool
	}
	var ours []listed
	standard := map[string]bool{"C": true, "unsafe": true}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		standard[p.ImportPath] = p.Standard
		if inside(p.ImportPath) != "" && !p.Standard {
			ours = append(ours, p)
		}
	}
	var edges []edge
	for _, p := range ours {
		for _, to := range p.Imports {
			edges = append(edges, edge{from: p.ImportPath, to: to, std: standard[to]})
		}
	}
	return edges
}

func TestImportRule(t *testing.T) {
	t.Parallel()
	edges := graph(t)
	if len(edges) < 50 {
		t.Fatalf("only %d imports found: the graph was not read", len(edges))
	}
	for _, v := range violations(edges) {
		t.Error(v)
	}
}

func TestTheRuleCatches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to, why string
	}{
		{"domain/fault", "domain/access", "lower"},
		{"domain/access", "domain/calendar", "lower"},
		{"domain/station", "domain/casework", "lower"},
		{"domain/routing", "domain/notice", "lower"},
		{"domain/notice", "domain/record", "lower"},
		{"domain/casework", "desk", "ground"},
		{"domain/casework", "store", "ground"},
		{"domain/casework", "std:net/http", "pure"},
		{"domain/casework", "std:math/rand/v2", "pure"},
		{"domain/notice", "std:os/exec", "pure"},
		{"domain/notice", "ext:github.com/google/go-cmp/cmp", "standard library"},
		{"domain/calendar", "ext:golang.org/x/sync/errgroup", "standard library"},
		{"desk", "store", "cmd wires"},
		{"desk/matters", "store", "cmd wires"},
		{"desk/matters", "desk", "lower areas"},
		{"desk/matters", "desk/filing", "lower areas"},
		{"desk/overview", "desk/inbound", "lower areas"},
		{"desk/kit", "desk/audit", "lower areas"},
		{"desk/strange", "desk/kit", "no area"},
		{"desk/matters", "desk/desktest", "test support"},
		{"desk", "wechat/emulator", "cmd wires"},
		{"desk", "handlers", "cmd wires"},
		{"desk", "std:net/http", "transport"},
		{"desk", "ext:github.com/gin-gonic/gin", "handlers"},
		{"handlers", "store", "cmd wires"},
		{"handlers/matters", "handlers/overview", "web and wire only"},
		{"handlers/web", "handlers/matters", "web and wire only"},
		{"handlers/wire", "handlers/web", "web and wire only"},
		{"handlers/matters", "handlers", "web and wire only"},
		{"handlers/console", "qrcodes", "cmd wires"},
		{"handlers", "ext:github.com/redis/go-redis/v9", "only store"},
		{"store", "desk", "cmd wires"},
		{"store", "handlers", "cmd wires"},
		{"store", "wechat", "each other"},
		{"store/redisd", "adapters/seal", "each other"},
		{"adapters/backup", "store", "each other"},
		{"adapters/backup", "adapters/seal", "each other"},
		{"adapters/media/photo", "adapters/sheets", "each other"},
		{"adapters/util", "handlers", "cmd wires"},
		{"store", "ext:github.com/go-redis/redis/v8", "not in the product"},
		{"wechat", "ext:github.com/redis/go-redis/v9", "only store"},
		{"store", "ext:github.com/silenceper/wechat/v2/util", "only wechat"},
		{"adapters/media", "ext:github.com/skip2/go-qrcode", "only qrcodes"},
		{"adapters/sheets", "ext:github.com/signintech/gopdf", "only qrcodes"},
		{"wechat/emulator", "ext:golang.org/x/image/font", "only adapters/media"},
		{"cmd/mashang", "ext:github.com/xuri/excelize/v2", "only adapters/sheets"},
		{"cmd/mashang", "ext:github.com/danielgtaylor/huma/v2", "only handlers"},
		{"cmd/mashang", "store/storetest", "test support"},
		{"store", "store/storetest", "test support"},
		{"wechat", "test/e2e", "test support"},
		{"wechat", "cmd/mashang/internal/config", "top"},
		{"console", "desk", "cmd wires"},
		{"console", "ext:github.com/gin-gonic/gin", "standard library"},
		{"store", "ext:pgregory.net/rapid", "not in the product"},
		{"util", "std:fmt", "no place"},
		{".", "std:fmt", "no place"},
		{"domain/casework/internal/x", "std:fmt", "no place"},
	} {
		got := violations([]edge{planted(tt.from, tt.to)})
		if len(got) != 1 || !strings.Contains(got[0], tt.why) {
			t.Errorf("%s -> %s: %v, want %q", tt.from, tt.to, got, tt.why)
		}
	}
}

func TestTheRuleAllows(t *testing.T) {
	t.Parallel()
	for _, tt := range [][2]string{
		{"domain/access", "domain/fault"},
		{"domain/casework", "domain/station"},
		{"domain/notice", "domain/casework"},
		{"domain/casework", "std:time"},
		{"desk", "domain/routing"},
		{"domain/record", "domain/notice"},
		{"store", "domain/record"},
		{"desk", "desk/matters"},
		{"desk/filing", "desk/matters"},
		{"desk/desktest", "desk"},
		{"desk/desktest", "std:net/http"},
		{"desk", "std:log/slog"},
		{"handlers", "desk"},
		{"handlers", "handlers/matters"},
		{"handlers/matters", "handlers/wire"},
		{"handlers/web", "handlers/wire"},
		{"handlers/matters", "desk/matters"},
		{"handlers", "console"},
		{"handlers", "ext:github.com/danielgtaylor/huma/v2/adapters/humagin"},
		{"handlers", "ext:github.com/prometheus/client_golang/prometheus"},
		{"store", "domain/casework"},
		{"store/redisd", "store"},
		{"store", "ext:github.com/redis/go-redis/v9"},
		{"store/storetest", "store"},
		{"store/storetest", "ext:pgregory.net/rapid"},
		{"adapters/media", "ext:golang.org/x/image/webp"},
		{"adapters/media", "adapters/media/photo"},
		{"wechat/emulator", "std:net/http"},
		{"console", "std:embed"},
		{"cmd/mashang", "wechat/emulator"},
		{"cmd/mashang/internal/config", "domain/notice"},
		{"cmd/mashang/internal/config", "ext:github.com/goccy/go-yaml/ast"},
		{"test/bench", "ext:github.com/gin-gonic/gin"},
		{"test/e2e", "store"},
	} {
		if got := violations([]edge{planted(tt[0], tt[1])}); len(got) != 0 {
			t.Errorf("%s -> %s: %v", tt[0], tt[1], got)
		}
	}
}

// A rule for a package that is gone, or misspelt, guards nothing.
func TestPackagesOfTheRuleAreSpeltAsTheFolders(t *testing.T) {
	t.Parallel()
	var packages []string
	for _, e := range graph(t) {
		packages = append(packages, inside(e.from))
	}
	named := append([]string{"cmd/mashang", "desk", "handlers", "store/storetest"}, plugs...)
	named = append(named, slices.Collect(maps.Keys(ground))...)
	for _, folders := range owners {
		named = append(named, strings.Fields(folders)...)
	}
	for _, want := range named {
		if want != "cmd" && !slices.Contains(packages, want) {
			t.Errorf("no package %s in the module", want)
		}
	}
}

// planted makes an edge from short names: "std:" and "ext:" mark what lies
// outside the module.
func planted(from, to string) edge {
	path := func(short string) string {
		if short == "." {
			return module
		}
		return module + "/" + short
	}
	if std, ok := strings.CutPrefix(to, "std:"); ok {
		return edge{from: path(from), to: std, std: true}
	}
	if ext, ok := strings.CutPrefix(to, "ext:"); ok {
		return edge{from: path(from), to: ext}
	}
	return edge{from: path(from), to: path(to)}
}
