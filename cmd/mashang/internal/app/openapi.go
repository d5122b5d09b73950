package app

import (
	"io"
	"log/slog"
	"time"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/handlers"
)

// OpenAPI writes the interface's description. It needs no store: the
// description is made from the handlers' types alone.
func OpenAPI(w io.Writer) error {
	face, err := handlers.New(desk.New(kit.Config{}, desk.Parts{Now: time.Now}), handlers.Options{
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	_, err = w.Write(face.OpenAPI())
	return err
}
