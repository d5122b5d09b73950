package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// file reads one YAML text into a Config. The library's strict decoder stops at the first fault; walking the
// syntax tree finds all.
type file struct {
	name   string
	config *Config
	// lines has the line of every field that was set or has a faulty value.
	lines  map[string]int
	faults Faults
}

// read reports whether the text could be parsed. If not, nothing is known about any field.
func (r *file) read(text []byte) bool {
	tree, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line := 1
		if syntax, ok := errors.AsType[*yaml.SyntaxError](err); ok && syntax.Token != nil {
			line = syntax.Token.Position.Line
		}
		r.refuse("", line, "不是合法的 YAML。请看缩进是否用空格对齐、冒号后是否有空格、引号是否成对")
		return false
	}
	var bodies []ast.Node
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	if len(bodies) > 1 {
		r.refuse("", bodies[1].GetToken().Position.Line, "一个文件只能有一份配置，请去掉 --- 之后的部分")
	}
	if len(bodies) > 0 {
		r.document(bodies[0])
	}
	return true
}

func (r *file) document(body ast.Node) {
	entries, ok := r.mapping(body, "")
	if !ok {
		r.refuse("", body.GetToken().Position.Line, "最外层应为 http:、redis: 这样的分段")
		return
	}
	for _, e := range entries {
		if !slices.Contains(sectionNames(), e.key) {
			r.unknown(e, "分段", sectionNames())
			continue
		}
		r.section(e)
	}
}

func (r *file) section(e entry) {
	leaves, ok := r.mapping(e.value, e.key+".")
	if !ok {
		r.refuse(e.key, e.line, "应为一个分段，下面缩进两格写各项设置")
		return
	}
	for _, leaf := range leaves {
		f, known := fieldAt(e.key + "." + leaf.key)
		if !known {
			leaf.path = e.key + "." + leaf.key
			r.unknown(leaf, "设置", keysOf(e.key))
			continue
		}
		r.leaf(f, leaf)
	}
}

// leaf sets one field. An empty value means the default.
func (r *file) leaf(f field, e entry) {
	if e.value.Type() == ast.NullType {
		return
	}
	r.lines[f.path] = e.line
	if f.secret() {
		r.refuse(f.path, e.line, "机密不能写在配置文件里。请改用环境变量 %s，或把它存进单独的文件并用 %s_file 指明；如果这个文件已经提交或外传，请到平台更换这项机密", f.env, f.path)
		return
	}
	if f.typ.Kind() == reflect.Map {
		if _, ok := r.mapping(e.value, f.path+"."); !ok {
			r.refuse(f.path, e.line, "%s", valueForm(f.typ))
			return
		}
	}
	target := reflect.ValueOf(r.config).Elem().FieldByIndex(f.index)
	// The library would read a bare number as nanoseconds.
	bare := f.typ == reflect.TypeFor[time.Duration]() && e.value.Type() != ast.StringType
	if bare || yaml.NodeToValue(e.value, target.Addr().Interface(), yaml.AllowDuplicateMapKey()) != nil {
		target.SetZero()
		r.refuse(f.path, e.line, "%s", valueForm(f.typ))
	}
}

// entry is one "key: value".
type entry struct {
	key, path string
	line      int
	value     ast.Node
}

// mapping returns the entries of a mapping, each key once; a repeated key is a fault. An empty value is an
// empty mapping. For anything else it returns false.
func (r *file) mapping(node ast.Node, prefix string) ([]entry, bool) {
	var values []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.NullNode:
		return nil, true
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return nil, false
	}
	first := map[string]int{}
	var out []entry
	for _, v := range values {
		token := v.Key.GetToken()
		e := entry{key: token.Value, path: prefix + token.Value, line: token.Position.Line, value: v.Value}
		if line, repeated := first[e.key]; repeated {
			r.refuse(e.path, e.line, "重复了，第 %d 行已经写过；请只留一处", line)
			continue
		}
		first[e.key] = e.line
		out = append(out, e)
	}
	return out, true
}

// unknown reports an unknown key and suggests the most similar one.
func (r *file) unknown(e entry, what string, known []string) {
	if e.key == "<<" {
		r.refuse(e.path, e.line, "这里不支持 YAML 的锚点与合并，请直接写出各项")
		return
	}
	advice := "可用的有 " + strings.Join(known, "、")
	if meant := nearest(e.key, known); meant != "" {
		advice = "是不是 " + meant + "？"
	}
	r.refuse(e.path, e.line, "没有这个%s，%s", what, advice)
}

func (r *file) refuse(path string, line int, message string, args ...any) {
	fault := Fault{Path: path, Origin: r.origin(line), Message: fmt.Sprintf(message, args...)}
	if f, ok := fieldAt(path); ok {
		fault.Env = f.env
	}
	r.faults = append(r.faults, fault)
}

func (r *file) origin(line int) string { return fmt.Sprintf("%s 第 %d 行", r.name, line) }
