package value_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/record"
	"mashang/store/value"
)

func TestADocumentOpensWhereItBelongs(t *testing.T) {
	t.Parallel()
	s, keys := value.NewSealer(ring(t, "k1"), false), []string{"{lj}:d:day", "{lj}:d:feed"}
	rapid.Check(t, func(r *rapid.T) {
		d := record.Document{
			Kind: record.DocumentDay, ID: rapid.StringMatching("[a-z0-9-]{1,64}").Draw(r, "id"),
			Revision: rapid.IntRange(1, 1<<40).Draw(r, "revision"), At: rapid.Int64Range(0, 1<<53).Draw(r, "at"),
			Body: []byte(rapid.StringMatching(`"[ -!#-~]*"`).Draw(r, "body")),
		}
		for _, sealer := range []*value.Sealer{s, plain} {
			got, err := sealer.DecodeDocument(keys[0], d.Kind, d.ID, string(sealer.EncodeDocument(keys[0], &d)))
			if diff := cmp.Diff(d, got); err != nil || diff != "" {
				r.Fatal(err, diff)
			}
		}
		text := string(s.EncodeDocument(keys[0], &d))
		if _, err := s.DecodeDocument(keys[1], d.Kind, d.ID, text); err == nil {
			r.Fatal("opens under another key")
		}
		if _, err := s.DecodeDocument(keys[0], d.Kind, d.ID+"a", text); err == nil {
			r.Fatal("opens as another document")
		}
	})
}

// No bytes make the reader of documents fall, and none but a sealed value is read.
func FuzzDocument(f *testing.F) {
	s := value.NewSealer(ring(f, "k1"), false)
	for _, seed := range []string{"", "1\t5\t", "1\t5\t{}", "1\t5\ts", "1\t5\ts\xff", "1\t5\ts\x02k10123456789abcdef{}", "0\t5\t{}", "1\t-5\t{}", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := s.DecodeDocument("{lj}:d:day", record.DocumentDay, "a", text); err == nil {
			t.Errorf("%q is taken for a sealed value", text)
		}
		if d, err := plain.DecodeDocument("{lj}:d:day", record.DocumentDay, "a", text); err == nil && !d.Valid() {
			t.Errorf("%q is read as %+v", text, d)
		}
	})
}
