package wechat

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// tree is a parsed body of a push, from JSON or XML. A value is a string, a tree, or a list of values. A number
// is a string, as the platform writes the same field sometimes as a number, sometimes as a string. A repeated
// name has a list. Names are exact: unlike encoding/json, tree does not ignore case.
type tree map[string]any

const maxDepth = 8

var (
	errFormat    = errors.New("wechat: the body is neither JSON nor XML")
	errShape     = errors.New("wechat: the body is no object")
	errDepth     = errors.New("wechat: the body is nested too deep")
	errTrailing  = errors.New("wechat: something follows the body")
	errDirective = errors.New("wechat: xml directives are not accepted")
)

// parse reads a whole body. The first character decides the format, as senders mislabel the media type and the
// signature covers the body under any label. Characters that the format forbids are removed, as one of them
// would cost the whole message.
func parse(body []byte) (tree, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, byteOrderMark))
	switch {
	case len(body) == 0:
		return nil, errFormat
	case body[0] == '{':
		return parseJSON(cleanJSON(body))
	case body[0] == '<':
		return parseXML(cleanXML(body))
	default:
		return nil, errFormat
	}
}

// text returns a name's value if it is a single string, else "". A repeated name has a value if all are the
// same.
func (t tree) text(name string) string {
	s, _ := t.scalar(name)
	return s
}

// scalar is text with ok, which is false if the value is not a string, or if there are several different ones.
func (t tree) scalar(name string) (value string, ok bool) {
	switch v := t[name].(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case []any:
		for i, item := range v {
			s, isText := item.(string)
			if !isText || i > 0 && s != value {
				return "", false
			}
			value = s
		}
		return value, true
	default:
		return "", false
	}
}

// list returns a name's objects, whether it is one or an array.
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
		v, err := jsonValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		out.add(name, v)
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

// parseXML reads an <xml> document without directives. It knows only the five entities of XML itself. Any
// element may be repeated: the platform writes a list's items under the name of the list.
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

// xmlValue reads to the end of the open element. It returns a tree if the element has children, else its text.
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
			children.add(v.Name.Local, child)
		case xml.EndElement:
			if children != nil {
				return children, nil
			}
			return strings.TrimSpace(text.String()), nil
		}
	}
}

// add adds a value to a name.
func (t tree) add(name string, value any) {
	former, again := t[name]
	if !again {
		t[name] = value
		return
	}
	list, ok := former.([]any)
	if !ok {
		list = []any{former}
	}
	t[name] = append(list, value)
}
