package station_test

import (
	"reflect"
	"slices"
	"testing"

	"mashang/domain/station"
)

func TestFieldsHoldWhatTheirKindSays(t *testing.T) {
	t.Parallel()
	fits := func(f station.Field, v any) bool {
		switch v.(type) {
		case *string:
			return slices.Contains([]station.Kind{
				station.KindID, station.KindText, station.KindPerson, station.KindPhone, station.KindRef, station.KindDate, station.KindChoice,
			}, f.Kind)
		case *[]string:
			return f.Kind == station.KindWords || f.Kind == station.KindRefs
		case *bool:
			return f.Kind == station.KindFlag
		case *int:
			return f.Kind == station.KindNumber && f.MaxNumber > 0 || f.Kind == station.KindWeekday || f.Kind == station.KindClock
		case station.Coord:
			return f.Kind == station.KindCoord
		case *[]station.FallbackChannel:
			return f.Kind == station.KindChannels
		case *[]station.Absence:
			return f.Kind == station.KindAbsences
		default:
			return false
		}
	}
	for _, table := range station.Tables {
		row := table.Add(&station.Station{})
		for _, f := range table.Fields {
			if v := f.At(row); !fits(f, v) {
				t.Errorf("%s %s: %T is no %s", table.Key, f.Name, v, f.Kind)
			}
		}
	}
}

// A sheet is read before those that refer to it, and its columns are told apart by
// their headers.
func TestTablesAreDescribedWhole(t *testing.T) {
	t.Parallel()
	before := map[string]bool{}
	for _, table := range station.Tables {
		if table.Sheet == "" || table.One == "" || table.About == "" || table.Entity == "" || table.Doc == "" {
			t.Errorf("%s lacks words", table.Key)
		}
		met := map[string]bool{}
		for _, f := range table.Fields {
			for _, header := range append([]string{f.Header}, f.Aliases...) {
				if header == "" || met["header "+header] {
					t.Errorf("%s %s: the header %q is missing or taken", table.Key, f.Name, header)
				}
				met["header "+header] = true
			}
			if met["name "+f.Name] {
				t.Errorf("%s has two fields %s", table.Key, f.Name)
			}
			met["name "+f.Name] = true
			refers := f.Kind == station.KindRef || f.Kind == station.KindRefs
			if refers != (f.Refers != "") || refers && !before[f.Refers] {
				t.Errorf("%s %s refers to %q, which is no table before it", table.Key, f.Name, f.Refers)
			}
			if _, ok := table.Field(f.Or); f.Or != "" && !ok {
				t.Errorf("%s %s: there is no field %s", table.Key, f.Name, f.Or)
			}
		}
		if before[table.Key] || station.TableByKey(table.Key) != table {
			t.Errorf("%s is described twice", table.Key)
		}
		before[table.Key] = true
	}
	if station.TableByKey("pigeons") != nil {
		t.Error("an unknown table was found")
	}
}

// What is put as it stands changes nothing, whatever the table.
func TestPuttingAnEntryAsItStandsChangesNothing(t *testing.T) {
	t.Parallel()
	for _, table := range station.Tables {
		st := small()
		for i := range table.Len(st) {
			row := table.Row(st, i)
			entry := table.With(table.Empty(), func(put any) {
				for _, f := range table.Fields {
					copyValue(f.At(put), f.At(row))
				}
			})
			next, at := st.Put(table.ID(row), entry)
			if changes := station.Diff(st, next, nil); at != i || len(changes) > 0 {
				t.Errorf("%s %d: put at %d, %+v", table.Key, i, at, changes)
			}
		}
	}
}

// copyValue copies what At returned of one entry to another.
func copyValue(to, from any) {
	if c, ok := to.(station.Coord); ok {
		old, _ := from.(station.Coord)
		*c.Lat, *c.Lng = *old.Lat, *old.Lng
		return
	}
	reflect.ValueOf(to).Elem().Set(reflect.ValueOf(from).Elem())
}
