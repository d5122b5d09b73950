package matters

import (
	"context"
	"net/http"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Scanned is a body with only the scanned code.
type Scanned struct {
	Scene string `json:"scene" minLength:"1" maxLength:"512" doc:"What was scanned: the key, or the whole /q/ address."`
}

// HouseholdContact is the caller's household contact.
type HouseholdContact struct {
	Contact     *wire.Member `json:"contact" doc:"Null for none."`
	StationName string       `json:"station_name,omitempty"`
}

type scannedIn struct{ Body Scanned }

func (rt *routes) addContact() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/contact", "getHouseholdContact", "The member the caller named as their household's contact."),
		func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[HouseholdContact], error) {
			return contactOf(rt.desk.matters.HouseholdContact(ctx, c))
		})
	web.Handle(rt.api, web.Op(http.MethodPut, "/me/contact", "setHouseholdContact", "Name the member whose code was scanned as the household's contact.").
		Writes(), func(ctx context.Context, c access.Caller, in *scannedIn) (*wire.Output[HouseholdContact], error) {
		return contactOf(rt.desk.matters.NameContact(ctx, c, web.VisitOf(ctx).Token, in.Body.Scene))
	})
	web.Handle(rt.api, web.Op(http.MethodDelete, "/me/contact", "removeHouseholdContact", "Have no household contact.").
		Writes(), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*web.Nothing, error) {
		return nil, rt.desk.matters.DropContact(ctx, c, web.VisitOf(ctx).Token)
	})
}

func contactOf(x *matters.Contact, err error) (*wire.Output[HouseholdContact], error) {
	if err != nil || x == nil {
		return &wire.Output[HouseholdContact]{}, err
	}
	m := wire.MemberOf(x.Member)
	return &wire.Output[HouseholdContact]{Body: HouseholdContact{Contact: &m, StationName: x.Station}}, nil
}
