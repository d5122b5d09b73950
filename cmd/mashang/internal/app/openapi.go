package app

import (
	"io"
	"log/slog"
	"time"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/handlers"
	"mashang/handlers/roster"
	"mashang/handlers/web"
)

// OpenAPI writes the interface's description. It needs no store: the
// description is made from the handlers' types alone.
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

// RosterForms writes how the entries of the roster's tables are edited, as JSON.
func RosterForms(w io.Writer) error {
	forms, err := roster.Forms()
	if err != nil {
		return err
	}
	_, err = w.Write(forms)
	return err
}
