// Package wire has the shapes that several areas send: people, codes, submissions, timelines, pages of lists.
// Names of types are the names of schemas in the description of the API, so all are different.
package wire

// Each converts every entry to a row.
func Each[T, R any](list []T, row func(T) R) []R {
	out := make([]R, len(list))
	for i, x := range list {
		out[i] = row(x)
	}
	return out
}

// Base is the base path of the people's API.
const Base = "/api/v1"

// ByID is the input of operations that need only an id.
type ByID struct {
	ID string `path:"id" doc:"The submission's id, e.g. hk-3f9v0c2m8x1qz7ab."`
}

// Paging is the input of every list. (Embedded inputs are exported, because huma ignores others.)
type Paging struct {
	Cursor string `query:"cursor" doc:"next_cursor of the page before; empty for the first."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25" doc:"Items a page."`
}

// Page is every list on the wire.
type Page[T any] struct {
	Items      []T    `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor" doc:"Empty at the end. A page may be short and still have a next one."`
	Unread     int    `json:"unread,omitempty" doc:"How many of the page are left out because their record cannot be read: they are not gone."`
}

// ListOutput is the output of every list.
type ListOutput[T any] struct{ Body Page[T] }

// Output is the output of everything else.
type Output[T any] struct{ Body T }

// Filled turns a nil list into an empty one, as every list on the wire is a list.
func Filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
