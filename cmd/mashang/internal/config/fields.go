package config

import (
	"reflect"
	"strings"
)

// Prefix begins the name of every environment variable.
const Prefix = "MASHANG_"

// field is one setting: a leaf of Config.
type field struct {
	// path is its path in the file, "http.addr".
	path string
	// env is its variable, "MASHANG_HTTP_ADDR".
	env   string
	index []int
	typ   reflect.Type
}

func (f field) secret() bool { return f.typ == reflect.TypeFor[Secret]() }

// fields lists every setting in the order of the struct. It is computed once from the struct's tags, the only
// place that names settings.
var fields = leaves()

func leaves() []field {
	var out []field
	for section := range reflect.TypeFor[Config]().Fields() {
		for leaf := range section.Type.Fields() {
			out = append(out, field{
				path:  section.Tag.Get("yaml") + "." + leaf.Tag.Get("yaml"),
				env:   Prefix + section.Tag.Get("envPrefix") + leaf.Tag.Get("env"),
				index: append(section.Index[:1:1], leaf.Index...),
				typ:   leaf.Type,
			})
		}
	}
	return out
}

// fieldAt returns the setting with the path.
func fieldAt(path string) (field, bool) {
	for _, f := range fields {
		if f.path == path {
			return f, true
		}
	}
	return field{}, false
}

// sectionNames are the top-level keys of the file.
func sectionNames() []string {
	var out []string
	for section := range reflect.TypeFor[Config]().Fields() {
		out = append(out, section.Tag.Get("yaml"))
	}
	return out
}

// keysOf are the keys of one section.
func keysOf(section string) []string {
	var out []string
	for _, f := range fields {
		if key, ok := strings.CutPrefix(f.path, section+"."); ok {
			out = append(out, key)
		}
	}
	return out
}

// nearest returns the candidate with at most two typing errors, or "".
func nearest(word string, candidates []string) string {
	best, distance := "", 3
	for _, c := range candidates {
		if d := editDistance(word, c); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// editDistance returns the Levenshtein distance.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Differ returns the names of the settings that differ, in the order of the file; never their values, which may
// be secrets.
func Differ(a, b Config) []string {
	out := []string{}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for _, f := range fields {
		if !reflect.DeepEqual(x.FieldByIndex(f.index).Interface(), y.FieldByIndex(f.index).Interface()) {
			out = append(out, f.path)
		}
	}
	return out
}
