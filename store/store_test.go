package store_test

import (
	"testing"

	"mashang/desk"
	"mashang/store"
	"mashang/store/storetest"
)

var _ desk.Store = (*store.Store)(nil)

func TestHealthy(t *testing.T) {
	t.Parallel()
	s := storetest.New(t).Open(t)
	if err := s.Healthy(t.Context()); err != nil {
		t.Fatal(err)
	}
}
