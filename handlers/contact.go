package handlers

import (
	"context"
	"net/http"

	"mashang/desk/matters"
	"mashang/domain/access"
)

// Scanned is a body that only says what was scanned.
type Scanned struct {
	Scene string `json:"scene" minLength:"1" maxLength:"512" doc:"What was scanned: the key, or the whole /q/ address."`
}

// HouseholdContact is the caller's household contact.
type HouseholdContact struct {
	Contact     *Member `json:"contact" doc:"Null for none."`
	StationName string  `json:"station_name,omitempty"`
}

type scannedIn struct{ Body Scanned }

func (f *Face) addContact() {
	handle(f, op(http.MethodGet, "/me/contact", "contact", "The member the caller named as their household's contact."),
		func(ctx context.Context, c access.Caller, _ *nothing) (*answer[HouseholdContact], error) {
			return contactOf(f.desk.Matters.HouseholdContact(ctx, c))
		})
	handle(f, op(http.MethodPut, "/me/contact", "nameContact", "Name the member whose code was scanned as the household's contact.").
		writes(), func(ctx context.Context, c access.Caller, in *scannedIn) (*answer[HouseholdContact], error) {
		return contactOf(f.desk.Matters.NameContact(ctx, c, visitOf(ctx).token, in.Body.Scene))
	})
	handle(f, op(http.MethodDelete, "/me/contact", "dropContact", "Have no household contact.").
		writes(), func(ctx context.Context, c access.Caller, _ *nothing) (*nothing, error) {
		return nil, f.desk.Matters.DropContact(ctx, c, visitOf(ctx).token)
	})
}

func contactOf(x *matters.Contact, err error) (*answer[HouseholdContact], error) {
	if err != nil || x == nil {
		return &answer[HouseholdContact]{}, err
	}
	m := memberOf(x.Member)
	return &answer[HouseholdContact]{HouseholdContact{Contact: &m, StationName: x.Station}}, nil
}
