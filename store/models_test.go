package store_test

import (
	"strings"
	"testing"

	"mashang/domain/fault"
)

func TestModels(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	if _, _, err := s.Model(t.Context(), st); !fault.Is(err, fault.NotFound) {
		t.Errorf("none: %v", err)
	}
	equal(t, "none", must(s.ModelVersion(t.Context(), st))(t), 0)
	long := "first\nfile" + strings.Repeat("x", 1<<20)
	equal(t, "first", must(s.PutModel(t.Context(), st, []byte(long)))(t), 1)
	equal(t, "second", must(s.PutModel(t.Context(), st, []byte("second")))(t), 2)
	file, version, err := s.Model(t.Context(), st)
	if err != nil || string(file) != "second" || version != 2 || must(s.ModelVersion(t.Context(), st))(t) != 2 {
		t.Errorf("%q, version %d, %v", file, version, err)
	}
	if _, _, err := s.Model(t.Context(), "other"); !fault.Is(err, fault.NotFound) {
		t.Errorf("another station's: %v", err)
	}
	if err := server.Client(t).Set(t.Context(), "{"+st+"}:topic", "no version", 0).Err(); err != nil {
		t.Fatal(err)
	}
	_, err = s.ModelVersion(t.Context(), st)
	wantCode(t, "damaged", err, fault.Internal)
}
