package matters

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// SameOffer is a matter that a text may be about.
type SameOffer struct {
	ID        string         `json:"id,omitempty" doc:"For staff: into of a merge."`
	Offer     string         `json:"offer,omitempty" doc:"For whoever is writing: same_as of the filing. Good for a quarter of an hour, for the same person, code and text; it names nothing."`
	Kind      casework.Kind  `json:"kind" enum:"complaint,suggestion,inquiry,help,dispute"`
	KindName  string         `json:"kind_name"`
	State     casework.State `json:"state" enum:"held,pooled,assigned,accepted,waiting,answered,closed,withdrawn"`
	StateName string         `json:"state_name"`
	Category  string         `json:"category_name,omitempty"`
	Where     string         `json:"where,omitempty" doc:"The code's place, or the member's village."`
	Since     time.Time      `json:"since"`
	People    int            `json:"people" minimum:"1" doc:"How many filed it."`
	Likely    bool           `json:"likely" doc:"Nine of ten such are the same matter; the others about half."`
	Sentence  string         `json:"sentence" doc:"All of that in Chinese."`
	Number    string         `json:"number,omitempty" doc:"For staff."`
	Text      string         `json:"text,omitempty" doc:"For staff."`
	Following bool           `json:"following,omitempty" doc:"For staff: the two go on together already."`
	Near      bool           `json:"near,omitempty" doc:"For staff: filed at the same code within a week."`
}

// SameQuestion is the body for finding matters similar to a text.
type SameQuestion struct {
	Text  string      `json:"text" doc:"What is written so far, at most 2,000 characters; it is not kept."`
	Place *wire.Place `json:"place,omitempty"`
}

// SameOffers are some of them, the likeliest first.
type SameOffers struct {
	Items []SameOffer `json:"items" nullable:"false"`
}

// Merging is the body of merge.
type Merging struct {
	Version int    `json:"version" minimum:"1"`
	Into    string `json:"into" minLength:"1" maxLength:"64" doc:"The submission it goes on with: its id, its number, or the last part of a number that no other of the station has."`
	Reason  string `json:"reason" doc:"At most 500 characters; its filer reads it."`
}

// Splitting is the body of split.
type Splitting struct {
	Version int    `json:"version" minimum:"1"`
	Reason  string `json:"reason" doc:"At most 500 characters; its filer reads it."`
}

// HotTopic is a matter that several submissions are about.
type HotTopic struct {
	Lead   wire.Submission `json:"lead" doc:"The one that leads, or came first."`
	Recent int             `json:"recent" doc:"Filed in the last seven days."`
	Before int             `json:"before" doc:"In the four weeks before."`
	Rising float64         `json:"rising" doc:"How many more come in a week than before."`
	Open   int             `json:"open"`
	Places []string        `json:"places" nullable:"false"`
	IDs    []string        `json:"ids" nullable:"false" doc:"All of them, the first filed first."`
}

// HotTopics are the rising matters, the fastest first.
type HotTopics struct {
	Items   []HotTopic `json:"items" nullable:"false"`
	Partial bool       `json:"partial" doc:"There were more submissions than are looked at."`
}

type (
	sameIn struct {
		web.ByKey

		Body SameQuestion
	}
	alikeIn struct {
		ID string `path:"id" doc:"The submission's id."`
	}
)

func (rt *routes) addSame() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/codes/{key}/similar", "findSimilarToText", "What a text that somebody is writing may be the same matter as.").
		Fails(http.StatusNotFound), rt.offers)
	web.Handle(rt.api, web.Op(http.MethodGet, "/submissions/{id}/similar", "listSimilarSubmissions", "What a submission may be the same matter as.").
		By(web.May(access.Merge)).Fails(http.StatusForbidden, http.StatusNotFound), rt.alike)
	web.Handle(rt.api, web.Op(http.MethodPost, "/submissions/{id}/merge", "merge", "Let it go on with another; both filers keep theirs and are told at each step.").
		By(web.May(access.Merge)).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict),
		func(ctx context.Context, c access.Caller, in *actIn[Merging]) (*web.ChangeOutput, error) {
			return web.Changed(ctx)(rt.desk.matters.Merge(ctx, c, in.ID, in.Body.Into, in.Body.Version, in.Body.Reason))
		})
	web.Handle(rt.api, web.Op(http.MethodPost, "/submissions/{id}/split", "split", "Let it go its own way again, with the member who has it.").
		By(web.May(access.Split)).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict),
		func(ctx context.Context, c access.Caller, in *actIn[Splitting]) (*web.ChangeOutput, error) {
			return web.Changed(ctx)(rt.desk.matters.Split(ctx, c, in.ID, in.Body.Version, in.Body.Reason))
		})
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/hot", "listRisingMatters", "What several people speak of and more do every week.").
		By(web.Staff).Fails(http.StatusForbidden), rt.hot)
}

func (rt *routes) offers(ctx context.Context, c access.Caller, in *sameIn) (*wire.Output[SameOffers], error) {
	var place *casework.Place
	if p := in.Body.Place; p != nil {
		place = &casework.Place{Text: p.Text, Lat: p.Lat, Lng: p.Lng, Coord: p.Coord}
	}
	return sameOffers(rt.desk.matters.OfferSimilar(ctx, c, in.Key, in.Body.Text, place))
}

func (rt *routes) alike(ctx context.Context, c access.Caller, in *alikeIn) (*wire.Output[SameOffers], error) {
	return sameOffers(rt.desk.matters.Similar(ctx, c, in.ID))
}

func sameOffers(list []matters.SimilarSubmission, err error) (*wire.Output[SameOffers], error) {
	if err != nil {
		return nil, err
	}
	out := SameOffers{Items: make([]SameOffer, len(list))}
	for i, o := range list {
		out.Items[i] = SameOffer{
			ID: o.ID, Offer: o.Token, Kind: o.Kind, KindName: o.Kind.Chinese(), State: o.State, StateName: o.State.Chinese(), Category: o.Category,
			Where: o.Where, Since: o.Since.In(station.Zone), People: o.People, Likely: o.Likely, Sentence: o.Sentence(),
			Number: o.Number, Text: o.Text, Following: o.Following, Near: o.Near,
		}
	}
	return &wire.Output[SameOffers]{Body: out}, nil
}

func (rt *routes) hot(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[HotTopics], error) {
	list, partial, err := rt.desk.overview.Rising(ctx, c)
	if err != nil {
		return nil, err
	}
	out := HotTopics{Items: make([]HotTopic, len(list)), Partial: partial}
	for i, h := range list {
		out.Items[i] = HotTopic{
			Lead: wire.BriefOf(&h.Lead), Recent: h.Recent, Before: h.Before, Rising: h.Rising(), Open: h.Open,
			Places: wire.Filled(h.Places), IDs: h.IDs,
		}
	}
	return &wire.Output[HotTopics]{Body: out}, nil
}
