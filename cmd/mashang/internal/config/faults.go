package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Fault is one thing wrong with what the server was told.
//
// Values are never quoted: whoever puts a password into the wrong field should
// not find it in a log as well.
type Fault struct {
	// Path is the field as in the file, "http.addr"; empty for a fault of the
	// whole file.
	Path string
	// Env is the field's variable; empty where there is no such field.
	Env string
	// Origin says where the value came from: "config.yaml 第 3 行",
	// "来自环境变量", or empty when nobody set it.
	Origin string
	// Message is Chinese: what is wrong and what is allowed.
	Message string
}

// String is one line for the operator.
func (f Fault) String() string {
	var where []string
	for _, part := range []string{f.Path, f.Env} {
		if part != "" {
			where = append(where, part)
		}
	}
	head := strings.Join(where, " / ")
	switch {
	case head == "":
		head = f.Origin
	case f.Origin != "":
		head += "（" + f.Origin + "）"
	}
	return head + "：" + f.Message
}

// Faults are all things wrong at once. It is the error of Load.
type Faults []Fault //nolint:errname // a list of Fault, as the operator reads it

// Error lists every fault on a line of its own.
func (fs Faults) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "配置有 %d 处错误：", len(fs))
	for _, f := range fs {
		b.WriteString("\n  - " + f.String())
	}
	return b.String()
}

// about makes a fault of a known field.
func about(f field, origin, message string) Fault {
	return Fault{Path: f.path, Env: f.env, Origin: origin, Message: message}
}

// sorted puts the faults of the whole file first and the rest in the order of
// the fields, so that two runs print the same.
func (fs Faults) sorted() Faults {
	rank := func(f Fault) int {
		return slices.IndexFunc(fields, func(known field) bool { return known.path == f.Path })
	}
	slices.SortStableFunc(fs, func(a, b Fault) int {
		if d := rank(a) - rank(b); d != 0 || rank(a) < 0 {
			return d
		}
		return cmp.Compare(a.Message, b.Message) // items of a map come in any order
	})
	return fs
}

// shape says how a value of the type is written.
func shape(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return "应为带单位的时长，例如 500ms、15s、1m30s"
	case reflect.TypeFor[Size]():
		return "应为大小，例如 512KiB、12MiB、1GiB"
	case reflect.TypeFor[Clock]():
		return `应为时刻，例如 "22:00"`
	}
	switch t.Kind() {
	case reflect.Bool:
		return "应为 true 或 false"
	case reflect.Int:
		return "应为整数"
	case reflect.Slice:
		return "应为列表，例如 [a, b]；环境变量用逗号分隔"
	case reflect.Map:
		return "应为“名称: 值”的表；环境变量写 名称=值,名称=值"
	default:
		return "应为一段文字"
	}
}
