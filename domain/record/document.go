package record

import (
	"slices"

	"mashang/domain/notice"
)

// DocumentKind is what a document is about.
type DocumentKind string

// The kinds of documents.
const (
	DocumentDay      DocumentKind = "day"
	DocumentBookings DocumentKind = "bookings"
	DocumentBooker   DocumentKind = "booker"
	DocumentFeed     DocumentKind = "feed"
	DocumentWishes   DocumentKind = "wishes"
)

// DocumentKinds lists all kinds. The store accepts no other, and verifies these.
var DocumentKinds = []DocumentKind{DocumentDay, DocumentBookings, DocumentBooker, DocumentFeed, DocumentWishes}

// Known reports whether the kind is listed.
func (k DocumentKind) Known() bool { return slices.Contains(DocumentKinds, k) }

// Document is a versioned value of a station: a reception day, its bookings.
type Document struct {
	Kind DocumentKind
	// ID has 1 to maxDocumentID characters of a to z, 0 to 9 and "-", and is unique in its kind.
	ID string
	// Revision is the one that was read; 0 for a document that does not exist yet. A document that is deleted and
	// written anew begins at 1 again, so what others may be changing is emptied and not deleted.
	Revision int
	// At is the position among the documents of the kind, ms. 0 stands in no index.
	At int64
	// Body is JSON. A write with nil deletes the document.
	Body []byte
}

const (
	maxDocumentID = 64
	// maxDocumentAt is the largest number that the index holds exactly.
	maxDocumentAt = 1 << 53
)

// Name is "<kind>/<id>", which names a document within its station.
func (d Document) Name() string { return string(d.Kind) + "/" + d.ID }

// Valid reports whether a document of this kind, id, revision and position can be stored.
func (d Document) Valid() bool {
	if d.ID == "" || len(d.ID) > maxDocumentID {
		return false
	}
	for i := range len(d.ID) {
		if c := d.ID[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return d.Kind.Known() && d.Revision >= 0 && d.At >= 0 && d.At <= maxDocumentAt
}

// DocumentChange is written as a whole or not at all.
type DocumentChange struct {
	Writes []Document
	// Holds are not written but must still have their revision; with 0 they must not exist.
	Holds []Document
	// Notices are queued.
	Notices []notice.Entry
	// Events are lines for the station's log, which is never trimmed.
	Events [][]byte
}
