package handlers_test

import (
	"testing"
	"time"

	"mashang/handlers"
)

func TestSmoke(t *testing.T) {
	f, err := handlers.New(nil, handlers.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	d, err := f.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	t.Log(string(d))
}
