package archtest_test

import (
	"fmt"
	"slices"
	"strings"
)

const module = "mashang"

// ground lists the packages of pure rules, below domain, with their height: each may
// import only what is lower. access and calendar know no sibling but fault.
var ground = map[string]int{
	"domain/fault": 0, "domain/fold": 0, "domain/language": 0,
	"domain/access": 1, "domain/reason": 1, "domain/calendar": 1, "domain/classify": 1, "domain/similar": 1, "domain/phrases": 1, "domain/numbers": 1, "domain/rating": 1, "domain/intake": 1,
	"domain/recurrence": 2, "domain/danger": 2,
	"domain/station":  3,
	"domain/casework": 4,
	"domain/routing":  5, "domain/figures": 5, "domain/annotation": 5, "domain/handover": 5, "domain/followup": 5,
	"domain/reception": 5, "domain/journal": 5,
	"domain/notice": 6,
	"domain/record": 7, "domain/listindex": 7,
}

// areas lists the parts of the desk with their height: each may import only what is
// lower. Those of one height know nothing of one another. The desk itself joins them.
var areas = map[string]int{
	"desk/kit": 0, "desk/audit": 1, "desk/jobs": 2, "desk/codes": 3, "desk/uploads": 3, "desk/delivery": 3,
	"desk/identity": 4, "desk/login": 5, "desk/listing": 5, "desk/results": 5, "desk/roster": 6, "desk/notes": 6, "desk/matters": 7,
	"desk/filing": 8, "desk/deadlines": 8, "desk/inbound": 8, "desk/overview": 8, "desk/privacy": 8,
	"desk/handover": 9, "desk/reception": 7,
	"desk": 10,
}

// lent are the tables of Unicode that the standard library has not, by the ground
// package that may use them.
var lent = map[string][]string{"domain/fold": {"golang.org/x/text/unicode/norm"}}

// plugs are the packages with one technology each: these, and every folder below
// adapters.
var plugs = []string{"store", "wechat", "qrcodes"}

// plugOf returns the plug that a package is or belongs to, "" for none.
func plugOf(path string) string {
	top, rest, _ := strings.Cut(path, "/")
	if top == "adapters" {
		name, _, _ := strings.Cut(rest, "/")
		return top + "/" + name
	}
	if slices.Contains(plugs, top) {
		return top
	}
	return ""
}

// clients embed built front ends and nothing else.
var clients = []string{"console", "miniprogram"}

// proofs exist for tests; nobody imports them.
var proofs = []string{"test", "scripts", "store/storetest", "desk/desktest"}

// owners says which folders alone speak a technology. An empty owner: nobody.
var owners = map[string]string{
	"github.com/gin-gonic/gin":          "handlers",
	"github.com/danielgtaylor/huma":     "handlers",
	"github.com/redis/go-redis":         "store",
	"github.com/go-redis/redis":         "",
	"github.com/silenceper/wechat":      "wechat",
	"github.com/skip2/go-qrcode":        "qrcodes",
	"github.com/signintech/gopdf":       "qrcodes",
	"github.com/makiuchi-d/gozxing":     "qrcodes",
	"github.com/go-text/typesetting":    "qrcodes",
	"github.com/xuri/excelize":          "adapters/sheets",
	"github.com/arran4/golang-ical":     "adapters/ical",
	"golang.org/x/image":                "adapters/media qrcodes",
	"golang.org/x/text":                 "domain/fold adapters/sheets qrcodes",
	"github.com/pquerna/otp":            "adapters/signin",
	"github.com/goccy/go-yaml":          "cmd",
	"github.com/caarlos0/env":           "cmd",
	"github.com/go-playground":          "cmd",
	"github.com/alecthomas/kong":        "cmd",
	"github.com/google/go-cmp":          "",
	"pgregory.net/rapid":                "",
	"go.uber.org/goleak":                "",
	"github.com/stretchr/testify":       "",
	"github.com/alicebob/miniredis":     "",
	"github.com/Shopify/toxiproxy":      "",
	"github.com/anishathalye/porcupine": "",
}

// impure are parts of the standard library the ground does without: transport,
// machine, storage, randomness.
var impure = []string{"net/http", "net", "os", "database/sql", "math/rand", "crypto/rand", "log", "log/slog", "syscall", "unsafe"}

// edge is one import of a package that is not a test.
type edge struct {
	from, to string
	// std: to belongs to the standard library.
	std bool
}

// violations returns a sentence for each edge that breaks the rule.
func violations(edges []edge) []string {
	var out []string
	for _, e := range edges {
		if why := forbidden(e); why != "" {
			out = append(out, fmt.Sprintf("%s imports %s: %s", e.from, e.to, why))
		}
	}
	slices.Sort(out)
	return out
}

// forbidden says why an edge may not be, or "".
func forbidden(e edge) string {
	from := inside(e.from)
	top, _, _ := strings.Cut(from, "/")
	isProof := within(from, proofs)
	_, isGround := ground[from]
	known := isGround || isProof || plugOf(from) != "" || slices.Contains(clients, top) ||
		top == "desk" || top == "handlers" || top == "cmd"
	if !known {
		return "no place in the house; give it one in archtest"
	}
	if e.std {
		switch {
		case isGround && within(e.to, impure):
			return "the ground is pure"
		case top == "desk" && !isProof && within(e.to, []string{"net/http"}):
			return "transport belongs to handlers"
		}
		return ""
	}
	if to := inside(e.to); to != "" {
		if isProof {
			return ""
		}
		return between(from, top, to)
	}
	if isGround && !slices.Contains(lent[from], e.to) || slices.Contains(clients, top) {
		return "the standard library only"
	}
	for tech, owner := range owners {
		if within(e.to, []string{tech}) && !within(from, strings.Fields(owner)) && !isProof {
			if owner == "" {
				return "not in the product"
			}
			return "only " + owner + " speaks it"
		}
	}
	return ""
}

// between judges an import inside the module.
func between(from, top, to string) string {
	toTop, _, _ := strings.Cut(to, "/")
	toHeight, toGround := ground[to]
	height, isGround := ground[from]
	switch {
	case within(to, proofs):
		return "test support only"
	case isGround && !toGround:
		return "the ground stands on nothing"
	case isGround && toHeight >= height:
		return "only what is lower"
	case toTop == "desk" && top == "desk":
		height, isArea := areas[from]
		toHeight, toArea := areas[to]
		switch {
		case !isArea || !toArea:
			return "no area of the desk; give it a height in archtest"
		case toHeight >= height:
			return "only lower areas"
		}
		return ""
	case toTop == "handlers" && top == "handlers":
		switch {
		case from == "handlers", to == "handlers/wire", to == "handlers/web" && from != "handlers/wire":
			return ""
		}
		return "areas of handlers know web and wire only"
	case isGround, top == toTop && top != "adapters", toGround:
		return ""
	case top == "cmd":
		return ""
	case toTop == "cmd":
		return "cmd is the top"
	case top == "handlers" && (toTop == "desk" || slices.Contains(clients, toTop)):
		return ""
	case plugOf(from) != "" && plugOf(from) == plugOf(to):
		return ""
	case plugOf(from) != "" && plugOf(to) != "":
		return "plugs do not know each other"
	default:
		return "cmd wires them"
	}
}

// inside returns a package's path in the module, "" for others and "." for the
// root.
func inside(path string) string {
	if path == module {
		return "."
	}
	rest, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	return rest
}

// within reports whether path is one of roots or below one.
func within(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		return path == root || strings.HasPrefix(path, root+"/")
	})
}
