package roster

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/roster"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/handlers/wire"
)

// Coordinates are where something lies (gcj02), both 0 when nobody gave them.
type Coordinates struct {
	Lat float64 `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Degrees, gcj02; 0 with lng for unknown."`
	Lng float64 `json:"lng,omitempty" minimum:"-180" maximum:"180"`
}

// bodyOf describes the body that puts an entry of the table: the version of the roster
// that the caller saw, and the table's fields. A phone that is left out stays; "" takes
// it away.
func bodyOf(r huma.Registry, t *station.Table) *huma.RequestBody {
	s := &huma.Schema{
		Type: huma.TypeObject, AdditionalProperties: false,
		Properties: map[string]*huma.Schema{"version": {Type: huma.TypeInteger, Format: "int64", Minimum: new(1.0)}},
		Required:   []string{"version"},
	}
	for _, f := range t.Fields {
		if f.Kind == station.KindID || !f.InForm() {
			continue
		}
		if f.Kind == station.KindCoord {
			maps.Copy(s.Properties, coordinates(r))
			continue
		}
		p := propertyOf(f)
		p.Description = f.Doc
		s.Properties[f.Name] = p
		if f.Required {
			s.Required = append(s.Required, f.Name)
		}
	}
	if t.Key == station.TableSector {
		s.Properties["merge"] = &huma.Schema{Type: huma.TypeBoolean, Description: "Another sector has that name: the two become one."}
	}
	s.PrecomputeMessages()
	name := "Put" + t.Entity
	r.Map()[name] = s
	return &huma.RequestBody{Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/" + name}},
	}}
}

// maxChannels bounds the list of a station's ways to tell whom no message reaches.
const maxChannels = 10

// propertyOf is the schema of a field's value.
func propertyOf(f station.Field) *huma.Schema {
	text := &huma.Schema{Type: huma.TypeString}
	switch f.Kind {
	case station.KindWords, station.KindRefs:
		return &huma.Schema{Type: huma.TypeArray, Items: text, MaxItems: new(station.MaxWords)}
	case station.KindChannels:
		return &huma.Schema{Type: huma.TypeArray, Items: text, MaxItems: new(maxChannels)}
	case station.KindFlag:
		return &huma.Schema{Type: huma.TypeBoolean}
	case station.KindChoice:
		for _, x := range f.Choices {
			text.Enum = append(text.Enum, x.Key)
		}
		return text
	case station.KindNumber: // the roster's check says how many it may be
		return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: new(0.0)}
	case station.KindWeekday:
		return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: new(0.0), Maximum: new(7.0)}
	default: // a clock too: 08:30
		return text
	}
}

// coordinates are the properties of Coordinates.
func coordinates(r huma.Registry) map[string]*huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[Coordinates]()).Properties
}

// editOf reads a body that was checked against its description.
func editOf(t *station.Table, body []byte) (roster.Edit, error) {
	var e roster.Edit
	var values map[string]json.RawMessage
	if err := json.Unmarshal(body, &values); err != nil {
		return e, fault.Wrap(err, fault.Invalid, "提交的内容不是一个 JSON 对象")
	}
	err := read(values, "version", &e.Version)
	if t.Key == station.TableSector {
		err = errors.Join(err, read(values, "merge", &e.Merge))
	}
	sealed, hasPhone := t.SealedPhone()
	e.Entry = t.With(t.Empty(), func(row any) {
		for _, f := range t.Fields {
			switch {
			case f.Kind == station.KindID || !f.InForm():
			case hasPhone && f.Name == sealed.Name:
				err = errors.Join(err, read(values, f.Name, &e.Phone))
			default:
				err = errors.Join(err, readField(values, f, row))
			}
		}
	})
	return e, err
}

// readField reads one value into the entry.
func readField(values map[string]json.RawMessage, f station.Field, row any) error {
	switch v := f.At(row).(type) {
	case *int:
		if f.Kind != station.KindClock {
			return read(values, f.Name, v)
		}
		var text string
		err := read(values, f.Name, &text)
		if err != nil {
			return err
		}
		*v, err = wire.Minutes(f.Name, text)
		return err
	case station.Coord:
		return errors.Join(read(values, "lat", v.Lat), read(values, "lng", v.Lng))
	default:
		return read(values, f.Name, v)
	}
}

// read reads a value of a body; one that is left out changes nothing.
func read(values map[string]json.RawMessage, name string, to any) error {
	value, ok := values[name]
	if !ok {
		return nil
	}
	if json.Unmarshal(value, to) != nil { // 1e3 or twenty digits, which are integers to the schema
		e := fault.New(fault.Invalid, "请填整数，不要太大")
		e.Fields = []fault.Field{{Field: name, Message: e.Message}}
		return e
	}
	return nil
}
