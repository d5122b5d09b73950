package station

import (
	"slices"
)

// Kind says how the values of a field are written, checked and compared, and what
// Field.At returns for it.
type Kind string

// The kinds of field.
const (
	KindID       Kind = "id"       // *string: names the entry in its table and never changes
	KindText     Kind = "text"     // *string: one line
	KindPerson   Kind = "person"   // *string: a person's name
	KindPhone    Kind = "phone"    // *string
	KindWords    Kind = "words"    // *[]string: free words
	KindRef      Kind = "ref"      // *string: the id of an entry of Field.Refers
	KindRefs     Kind = "refs"     // *[]string: ids of entries of Field.Refers
	KindFlag     Kind = "flag"     // *bool
	KindNumber   Kind = "number"   // *int, from 0 to Field.MaxNumber
	KindCoord    Kind = "coord"    // Coord
	KindWeekday  Kind = "weekday"  // *int, 1 for Monday to 7 for Sunday, 0 for none
	KindDate     Kind = "date"     // *string, a local date: 2006-01-02
	KindClock    Kind = "clock"    // *int, minutes after local midnight
	KindChannels Kind = "channels" // *[]FallbackChannel
	KindChoice   Kind = "choice"   // *string: the key of one of Field.Choices, "" for the first
	// KindAbsences have a sheet and requests of their own: no cell and no form holds them.
	KindAbsences Kind = "absences" // *[]Absence
)

// Coord points at the coordinates of an entry, in degrees (gcj02); both are 0 when
// nobody gave them.
type Coord struct{ Lat, Lng *float64 }

// Choice is one of the values of a KindChoice, with its Chinese words.
type Choice struct{ Key, Words string }

// removal says what becomes of a reference when the entry it names leaves the roster.
type removal int

const (
	clearRef removal = iota // the reference is taken out
	keepRef                 // the reference stays, and Check names it
	dropRow                 // the entry that refers leaves as well
)

// Field describes one field of a table. Spreadsheets, the API and the console's forms
// follow it.
type Field struct {
	// Name is the field's name in the API, in a Fault and in a Change.
	Name string
	Kind Kind
	// Header is the column's in a spreadsheet. Reading also takes Aliases for it.
	Header  string
	Aliases []string
	// Label is the form's; "" for Header.
	Label string
	// Refers is the key of the table that KindRef and KindRefs name entries of.
	Refers string
	// Choices are what a KindChoice may be.
	Choices []Choice
	// Required fields are never empty. Missing says so in Chinese, {name} in place of the
	// entry's name; "" says it with the header.
	Required bool
	Missing  string
	// Unique fields differ in all entries of the table; an id always does.
	Unique bool
	// Max bounds a text, and each word of a list, in characters; 0 for MaxWord.
	Max int
	// MaxCell bounds a cell of a spreadsheet in characters; 0 for Max.
	MaxCell int
	// MaxNumber bounds a number.
	MaxNumber int
	// Hotlines takes the numbers of services for a phone; Public phones are everybody's,
	// the others are sealed when they are stored.
	Hotlines, Public bool
	// Or is the field that may be filled in instead: while it cannot be read, nothing is
	// wrong with this one.
	Or string
	// Note says in Chinese how a cell is filled in; Hint says it under a form's field.
	Note, Hint string
	// Example is one value as it stands in a cell.
	Example string
	// Doc describes the field in the API.
	Doc string

	at      func(row any) any
	removed removal
}

// The greatest lengths of texts, in characters, and of lists.
const (
	MaxWord  = 40
	MaxWords = 100
)

// At returns where the entry keeps the field, as its Kind says. row is what Table.Row
// returns.
func (f Field) At(row any) any { return f.at(row) }

// Text returns where the entry keeps a field that is one text: an id, a line, a name, a
// phone, a reference or a date.
func (f Field) Text(row any) *string {
	v, ok := f.at(row).(*string)
	if !ok {
		panic("station: " + f.Name + " is no text")
	}
	return v
}

// InForm reports whether cells and forms hold the field.
func (f Field) InForm() bool { return f.Kind != KindAbsences }

// LabelText is what a form calls the field.
func (f Field) LabelText() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Header
}

// MaxText is the greatest number of characters of the field's text or word.
func (f Field) MaxText() int {
	if f.Max > 0 {
		return f.Max
	}
	return MaxWord
}

// sealed reports whether the field is a phone that is sealed when it is stored.
func (f Field) sealed() bool { return f.Kind == KindPhone && !f.Public }

// Table describes one table of a roster: its words, its fields and where a Station
// keeps its entries. A row is a pointer to an entry, such as *Member; an Entry is the
// value itself.
type Table struct {
	// Key is one of the Table constants; Entity names one entry in English, as the API does.
	Key, Entity string
	// Doc says what putting an entry does, for the API.
	Doc string
	// Sheet is the spreadsheet's name for it, One what the console calls one entry.
	Sheet, One string
	// About says in Chinese what the sheet holds.
	About string
	// Prefix begins the ids that are proposed for new entries; "" proposes none.
	Prefix string
	// Single tables have one entry, the station itself.
	Single bool
	Fields []Field

	list list
	// ident returns what names an entry in its table; nil for the field of KindID.
	ident func(row any) string
	// content returns the whole content of an entry that is nothing else; nil for others.
	content func(row any) string
	// left reports whether an entry has left and stays for history; leave makes it so.
	// Both are nil for tables whose entries are deleted.
	left  func(row any) bool
	leave func(row any)
	// merge copies to an entry that is put what an edit does not change, and brings back
	// one who left; old is the zero entry for a new one.
	merge func(row, old any)
	// check finds what the fields' descriptions do not say.
	check func(c *checker, i int, row any)
}

// Field returns the field with the name.
func (t *Table) Field(name string) (Field, bool) {
	return find(t.Fields, func(f Field) bool { return f.Name == name })
}

// SealedPhone returns the table's phone that is sealed when it is stored.
func (t *Table) SealedPhone() (Field, bool) { return find(t.Fields, Field.sealed) }

// Len is the number of entries, those who left included.
func (t *Table) Len(s *Station) int { return t.list.len(s) }

// Row returns the entry at a place of the list, from 0. What is written to it is
// written to the station.
func (t *Table) Row(s *Station, i int) any { return t.list.row(s, i) }

// Add appends an empty entry and returns it.
func (t *Table) Add(s *Station) any { return t.list.add(s) }

// Repeat appends a copy of the last entry and returns it.
func (t *Table) Repeat(s *Station) any { return t.list.copyTo(s, s, t.Len(s)-1) }

// ID returns what names the entry in its table.
func (t *Table) ID(row any) string {
	if t.ident != nil {
		return t.ident(row)
	}
	for _, f := range t.Fields {
		if f.Kind == KindID {
			return *f.Text(row)
		}
	}
	return ""
}

// IDName is the name of the property that names an entry in the API.
func (t *Table) IDName() string {
	for _, f := range t.Fields {
		if f.Kind == KindID || f.Unique {
			return f.Name
		}
	}
	return "id"
}

// Name returns what people call the entry.
func (t *Table) Name(row any) string {
	if t.content != nil {
		return t.content(row)
	}
	f, _ := t.Field("name")
	return *f.Text(row)
}

// Left reports whether the entry has left the roster and stays for history.
func (t *Table) Left(row any) bool { return t.left != nil && t.left(row) }

// Keeps reports whether entries that leave stay for history.
func (t *Table) Keeps() bool { return t.left != nil }

// Find returns the entry with the id and its place; row is nil when there is none.
func (t *Table) Find(s *Station, id string) (row any, i int) {
	for i := range t.Len(s) {
		if row := t.Row(s, i); t.ID(row) == id {
			return row, i
		}
	}
	return nil, -1
}

// Empty returns an entry of the table without a value.
func (t *Table) Empty() Entry { return t.list.empty() }

// With returns the entry changed: change is given its copy, as Row would return it.
func (t *Table) With(e Entry, change func(row any)) Entry { return t.list.with(e, change) }

// TableByKey returns the table with the key, one of the Table constants; nil for none.
func TableByKey(key string) *Table {
	if i := slices.IndexFunc(Tables, func(t *Table) bool { return t.Key == key }); i >= 0 {
		return Tables[i]
	}
	return nil
}

// list reaches the entries of one table in any station.
type list interface {
	len(s *Station) int
	row(s *Station, i int) any
	add(s *Station) any
	// set puts an entry at a place, or appends it at -1, and returns its row.
	set(s *Station, i int, e Entry) any
	// copyTo appends the entry at a place of from to the list of s, and returns its row.
	copyTo(s, from *Station, i int) any
	// remove takes out every entry that is meant.
	remove(s *Station, meant func(row any) bool)
	// clone gives s a list of its own.
	clone(s *Station)
	empty() Entry
	with(e Entry, change func(row any)) Entry
}

// rows is the list of a table whose entries are a slice of the station's.
type rows[T Entry] func(s *Station) *[]T

func (r rows[T]) len(s *Station) int        { return len(*r(s)) }
func (r rows[T]) row(s *Station, i int) any { return &(*r(s))[i] }

func (r rows[T]) add(s *Station) any { return r.set(s, -1, r.empty()) }

func (rows[T]) empty() Entry {
	var zero T
	return zero
}

func (r rows[T]) copyTo(s, from *Station, i int) any { return r.set(s, -1, (*r(from))[i]) }

func (r rows[T]) set(s *Station, i int, e Entry) any {
	all := r(s)
	if i < 0 {
		*all = append(*all, entryAs[T](e))
		return &(*all)[len(*all)-1]
	}
	(*all)[i] = entryAs[T](e)
	return &(*all)[i]
}

// entryAs is an entry of the table's type. Entries say their table by their type, so
// that another one is a fault of this package.
func entryAs[T Entry](e Entry) T {
	x, ok := e.(T)
	if !ok {
		panic("station: an entry of table " + e.Table() + " was put into another")
	}
	return x
}

func (r rows[T]) remove(s *Station, meant func(row any) bool) {
	*r(s) = slices.DeleteFunc(*r(s), func(x T) bool { return meant(&x) })
}

func (r rows[T]) clone(s *Station) { *r(s) = slices.Clone(*r(s)) }

func (rows[T]) with(e Entry, change func(row any)) Entry {
	x := entryAs[T](e)
	change(&x)
	return x
}

// self is the list of the one entry that is the station.
type self struct{}

func (self) len(*Station) int          { return 1 }
func (self) row(s *Station, _ int) any { return s }
func (self) add(s *Station) any        { return s }
func (self) clone(*Station)            {}
func (self) empty() Entry              { return Profile{} }

func (self) copyTo(s, _ *Station, _ int) any     { return s }
func (self) remove(*Station, func(row any) bool) {}

func (self) set(s *Station, _ int, e Entry) any {
	p := entryAs[Profile](e)
	s.Name, s.Phone, s.Address, s.FallbackChannels = p.Name, p.Phone, p.Address, p.FallbackChannels
	return s
}

func (self) with(e Entry, change func(row any)) Entry {
	p := entryAs[Profile](e)
	s := Station{Name: p.Name, Phone: p.Phone, Address: p.Address, FallbackChannels: p.FallbackChannels}
	change(&s)
	return Profile{Name: s.Name, Phone: s.Phone, Address: s.Address, FallbackChannels: s.FallbackChannels}
}
