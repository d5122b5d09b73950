package app

import (
	"io"
	"log/slog"
	"time"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/handlers"
	"mashang/handlers/web"
)

// OpenAPI writes the description of the API. It needs no store, as the description is made from the handlers'
// types.
func OpenAPI(w io.Writer) error {
	server, err := handlers.New(desk.New(kit.Config{}, desk.Parts{Now: time.Now}), web.Options{
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	_, err = w.Write(server.OpenAPI())
	return err
}
