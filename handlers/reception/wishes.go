package reception

import (
	"context"
	"net/http"

	deskreception "mashang/desk/reception"
	"mashang/domain/access"
	"mashang/domain/reception"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// ReceptionWish is a coming day on which the caller does not sit, and what they say of it.
type ReceptionWish struct {
	Day   string `json:"day" doc:"Its id."`
	Name  string `json:"name"`
	Date  string `json:"date" format:"date"`
	From  string `json:"from"`
	To    string `json:"to"`
	Where string `json:"where"`
	Theme string `json:"theme,omitempty"`
	Wish  string `json:"wish" enum:",wants,declines" doc:"Empty for nothing."`
}

// ReceptionWishes are the days of three months.
type ReceptionWishes struct {
	Items []ReceptionWish `json:"items" nullable:"false"`
}

// SaidWish is what the caller says of a day.
type SaidWish struct {
	Wish string `json:"wish" enum:",wants,declines" doc:"Empty takes it back."`
}

func wishOf(v deskreception.WishView) ReceptionWish {
	return ReceptionWish{v.ID, v.Name, v.Date, wire.ClockOf(v.From), wire.ClockOf(v.To), v.Where, v.Theme, string(v.Prefers)}
}

func (rt *routes) addWishes() {
	svc := rt.reception
	const path = "/me/reception/wishes"
	web.Handle(rt.api, web.Op(http.MethodGet, path, "listMyReceptionWishes", "The coming days on which the caller does not sit, and whether they want to come.").
		By(may(access.SitReception)).Fails(http.StatusForbidden).Compressed(), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[ReceptionWishes], error) {
		list, err := svc.Wishes(ctx, c)
		if err != nil {
			return nil, err
		}
		return &wire.Output[ReceptionWishes]{Body: ReceptionWishes{wire.Each(list, wishOf)}}, nil
	})
	web.Handle(rt.api, web.Op(http.MethodPut, path+"/{day}", "setMyReceptionWish", "Say whether one wants to come; the liaison's proposals look at it.").
		By(may(access.SitReception)).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict), func(ctx context.Context, c access.Caller, in *onDay[SaidWish]) (*wire.Output[ReceptionWish], error) {
		v, err := svc.SetWish(ctx, c, in.Day, reception.Preference(in.Body.Wish))
		if err != nil {
			return nil, err
		}
		return &wire.Output[ReceptionWish]{Body: wishOf(v)}, nil
	})
}
