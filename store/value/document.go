package value

import (
	"errors"
	"strconv"
	"strings"

	"mashang/domain/record"
)

// A document's value is a head and its JSON:
//
//	revision \t at_ms \t <seal> JSON
//
// The scripts read the revision. The seal covers the key, the id and the head too, so that neither another document's
// value nor another revision is accepted.

var errDocumentHead = errors.New("value: the document's head is not one of ours")

// EncodeDocument returns the value of a document that is stored under a key.
func (c *Sealer) EncodeDocument(key string, d *record.Document) []byte {
	head := strconv.Itoa(d.Revision) + "\t" + strconv.FormatInt(d.At, 10) + "\t"
	return append([]byte(head), c.Seal(documentName(key, d.ID, head), d.Body)...)
}

// DecodeDocument parses a document's value.
func (c *Sealer) DecodeDocument(key string, kind record.DocumentKind, id, value string) (record.Document, error) {
	revision, rest, _ := strings.Cut(value, "\t")
	at, sealed, ok := strings.Cut(rest, "\t")
	d := record.Document{Kind: kind, ID: id}
	var err1, err2 error
	d.Revision, err1 = strconv.Atoi(revision)
	d.At, err2 = strconv.ParseInt(at, 10, 64)
	if !ok || err1 != nil || err2 != nil || d.Revision < 1 || sealed == "" || !d.Valid() {
		return record.Document{}, errDocumentHead
	}
	var err error
	if d.Body, err = c.OpenText(documentName(key, id, value[:len(value)-len(sealed)]), []byte(sealed)); err != nil {
		return record.Document{}, err
	}
	return d, nil
}

// documentName is what a document's seal is bound to.
func documentName(key, id, head string) string { return key + "/" + id + "\t" + head }
