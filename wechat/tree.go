package wechat

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// tree is a pushed body, whichever way it was written. A value is a string
// (numbers too, as the platform writes the same field now as a number, now as a
// string), a tree, or a list of values. Names are exact: unlike encoding/json
// this knows no second spelling of a name, and no second value for one.
type tree map[string]any

// parser reads one body whole.
type parser func([]byte) (tree, error)

const maxDepth = 8

var (
	errShape     = errors.New("wechat: the body is no object")
	errTwice     = errors.New("wechat: a name appears twice")
	errDepth     = errors.New("wechat: the body is nested too deep")
	errTrailing  = errors.New("wechat: something follows the body")
	errDirective = errors.New("wechat: xml directives are not accepted")
)

// text returns a name's value if it is a plain one, else "".
func (t tree) text(name string) string {
	s, _ := t[name].(string)
	return s
}

// list returns a name's objects, be it one or an array of them.
func (t tree) list(name string) []tree {
	switch v := t[name].(type) {
	case tree:
		return []tree{v}
	case []any:
		var out []tree
		for _, item := range v {
			if sub, ok := item.(tree); ok {
				out = append(out, sub)
			}
		}
		return out
	default:
		return nil
	}
}

// parseJSON reads a JSON object.
func parseJSON(body []byte) (tree, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	v, err := jsonValue(dec, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	t, ok := v.(tree)
	if !ok {
		return nil, errShape
	}
	return t, nil
}

func jsonValue(dec *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return jsonObject(dec, depth)
		}
		return jsonArray(dec, depth)
	case json.Number:
		return v.String(), nil
	case string:
		return v, nil
	case bool:
		if v {
			return "true", nil
		}
		return "false", nil
	default:
		return "", nil // null
	}
}

func jsonObject(dec *json.Decoder, depth int) (any, error) {
	out := tree{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, errShape
		}
		if _, twice := out[name]; twice {
			return nil, errTwice
		}
		if out[name], err = jsonValue(dec, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return out, err
}

func jsonArray(dec *json.Decoder, depth int) (any, error) {
	out := []any{}
	for dec.More() {
		v, err := jsonValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := dec.Token()
	return out, err
}

// parseXML reads an <xml> document without directives. Only the five entities
// of XML itself are known. A repeated element is an error, save List, which the
// platform repeats for several items, and item.
func parseXML(body []byte) (tree, error) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	var root any
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch v := token.(type) {
		case xml.Directive:
			return nil, errDirective
		case xml.StartElement:
			if root != nil || v.Name.Local != "xml" {
				return nil, errShape
			}
			if root, err = xmlValue(dec, 0); err != nil {
				return nil, err
			}
		case xml.CharData:
			if len(bytes.TrimSpace(v)) > 0 {
				return nil, errTrailing
			}
		}
	}
	t, ok := root.(tree)
	if !ok {
		return nil, errShape
	}
	return t, nil
}

// xmlValue reads to the end of the open element: a tree if it has children,
// else its text.
func xmlValue(dec *xml.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	var text strings.Builder
	var children tree
	for {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch v := token.(type) {
		case xml.Directive:
			return nil, errDirective
		case xml.CharData:
			text.Write(v)
		case xml.StartElement:
			child, err := xmlValue(dec, depth+1)
			if err != nil {
				return nil, err
			}
			if children == nil {
				children = tree{}
			}
			if err := children.add(v.Name.Local, child); err != nil {
				return nil, err
			}
		case xml.EndElement:
			if children != nil {
				return children, nil
			}
			return strings.TrimSpace(text.String()), nil
		}
	}
}

func (t tree) add(name string, child any) error {
	former, twice := t[name]
	switch {
	case !twice:
		t[name] = child
	case name != "List" && name != "item":
		return errTwice
	default:
		list, ok := former.([]any)
		if !ok {
			list = []any{former}
		}
		t[name] = append(list, child)
	}
	return nil
}
