package archtest_test

import (
	"fmt"
	"slices"
	"strings"
)

const module = "mashang"

// ground lists the packages of pure rules with their height: each may import
// only what is lower. access and calendar know no sibling but fault.
var ground = map[string]int{
	"fault": 0, "fold": 0,
	"access": 1, "calendar": 1, "topic": 1, "similar": 1, "phrases": 1,
	"station":  2,
	"casework": 3,
	"routing":  4, "duty": 4, "deliberation": 4, "notice": 4, "figures": 4, "finding": 4,
	"record": 5,
}

// lent are the tables of Unicode that the standard library has not, by the ground
// package that may use them.
var lent = map[string][]string{"fold": {"golang.org/x/text/unicode/norm"}}

// plugs are the packages with one technology each.
var plugs = []string{"store", "wechat", "qrcodes", "media", "sheets", "seal", "archive", "holidays", "sms", "signin"}

// clients embed built front ends and nothing else.
var clients = []string{"console", "miniprogram"}

// proofs exist for tests; nobody imports them.
var proofs = []string{"archtest", "bench", "e2e", "scripts", "store/storetest"}

// owners says which top folders alone speak a technology. An empty owner: nobody.
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
	"github.com/xuri/excelize":          "sheets",
	"golang.org/x/image":                "media qrcodes",
	"golang.org/x/text":                 "fold sheets qrcodes",
	"github.com/pquerna/otp":            "signin",
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
	known := isGround || isProof || slices.Contains(plugs, top) || slices.Contains(clients, top) ||
		top == "desk" || top == "handlers" || top == "cmd"
	if !known {
		return "no place in the house; give it one in archtest"
	}
	if e.std {
		switch {
		case isGround && within(e.to, impure):
			return "the ground is pure"
		case top == "desk" && within(e.to, []string{"net/http"}):
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
		if within(e.to, []string{tech}) && !slices.Contains(strings.Fields(owner), top) && !isProof {
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
	case isGround, top == toTop, toGround:
		return ""
	case top == "cmd":
		return ""
	case toTop == "cmd":
		return "cmd is the top"
	case top == "handlers" && (toTop == "desk" || slices.Contains(clients, toTop)):
		return ""
	case slices.Contains(plugs, top) && slices.Contains(plugs, toTop):
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
