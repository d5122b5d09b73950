package roster

import (
	"context"
	"net/http"

	"mashang/domain/access"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Rules are a station's rules for who gets what, as they are set.
type Rules struct {
	Version    int                 `json:"version" minimum:"0" doc:"The version the caller saw; 0 when they were never changed."`
	Categories []Charge            `json:"categories,omitempty" nullable:"false" maxItems:"500" doc:"Replaces the roster's sectors in charge of these categories."`
	Places     []PlaceRooms        `json:"places,omitempty" nullable:"false" maxItems:"2000" doc:"Rooms whose keepers take what fits nobody better; without an entry those of the place's village."`
	Weights    map[string]int      `json:"weights,omitempty" nullable:"false" doc:"Replaces the default weights it names; 0 to 10,000."`
	Capacity   int                 `json:"capacity,omitempty" minimum:"0" doc:"Of members without a figure of their own, at most 1,000; 0 for the default."`
	Words      map[string][]string `json:"words,omitempty" nullable:"false" doc:"Words of texts that speak for a category, by its key; at most 200 of up to 20 characters each."`
	Precision  int                 `json:"precision,omitempty" minimum:"0" doc:"Share of texts put into a category without a person that must be right, 80 to 99 per cent; 0 for 95."`
	Terms      *Terms              `json:"terms,omitempty" doc:"By when visitors are spoken to and answered; what it leaves out has its default."`
}

// Terms are by when visitors are spoken to and answered. A change moves no
// deadline that was given.
type Terms struct {
	FirstMinutes   int            `json:"first_minutes,omitempty" minimum:"0" doc:"Minutes of duty time to the first contact, at most 480; 0 for the default."`
	Days           map[string]int `json:"days,omitempty" nullable:"false" doc:"Working days to the answer by kind (complaint, suggestion, inquiry, help, dispute), 1 to 60."`
	TravellerHours int            `json:"traveller_hours,omitempty" minimum:"0" doc:"Hours to the answer of a tourist's matter, at most 168; 0 for the default."`
	Duty           string         `json:"duty,omitempty" maxLength:"100" doc:"Hours of a working day, as 08:30-12:00 14:30-18:00."`
	TravellerDuty  string         `json:"traveller_duty,omitempty" maxLength:"100" doc:"Hours of every day in which tourists are seen to."`
	Head           string         `json:"head,omitempty" maxLength:"24" doc:"The liaison (id) who is told last of what nobody sees to."`
}

// Charge says who is in charge of a category.
type Charge struct {
	Category string   `json:"category" doc:"A category's key."`
	Sectors  []string `json:"sectors,omitempty" nullable:"false" doc:"Names of sectors."`
	Squads   []string `json:"squads,omitempty" nullable:"false" doc:"Ids of squads."`
}

// PlaceRooms are a place's rooms.
type PlaceRooms struct {
	Place string   `json:"place" doc:"A place's id."`
	Rooms []string `json:"rooms" nullable:"false" doc:"Ids of rooms; none for nobody."`
}

// RulesInForce are the rules with what follows from them.
type RulesInForce struct {
	Rules

	DefaultWeights  map[string]int `json:"default_weights" nullable:"false"`
	DefaultCapacity int            `json:"default_capacity"`
	DefaultTerms    Terms          `json:"default_terms"`
	CanUndo         bool           `json:"can_undo" doc:"The rules these replaced can be brought back."`
	Choices         RuleChoices    `json:"choices" doc:"What of the roster rules can name."`
}

// RuleChoices are the entries of the roster that rules can name, with what holds
// while they name none.
type RuleChoices struct {
	Categories []ChargeChoice  `json:"categories" nullable:"false"`
	Places     []PlaceChoice   `json:"places" nullable:"false"`
	Rooms      []wire.Receiver `json:"rooms" nullable:"false"`
	Sectors    []string        `json:"sectors" nullable:"false"`
	Squads     []wire.Receiver `json:"squads" nullable:"false"`
	Heads      []wire.Receiver `json:"heads" nullable:"false" doc:"The liaisons who can be told last."`
}

// ChargeChoice is a category with the roster's sectors and squads in charge.
type ChargeChoice struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Sectors []string `json:"sectors" nullable:"false"`
	Squads  []string `json:"squads" nullable:"false" doc:"Ids of squads the roster puts in charge; they stay so whatever rules name."`
}

// PlaceChoice is a place with the rooms of its village.
type PlaceChoice struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Rooms []string `json:"rooms" nullable:"false" doc:"Ids of rooms."`
}

// RulesVersion is the body of undoing.
type RulesVersion struct {
	Version int `json:"version" minimum:"0" doc:"The version the caller saw."`
}

type (
	rulesIn struct{ Body Rules }
	undoIn  struct{ Body RulesVersion }
)

func (rt *routes) addRules() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/rules", "rules", "The station's rules for who gets what.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.rules)
	web.Handle(rt.api, web.Op(http.MethodPut, "/station/rules", "setRules", "Replace the station's rules; written down first. The ones replaced are kept.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusConflict), rt.setRules)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/rules/undo", "undoRules", "Bring back the rules that the present ones replaced.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusConflict), rt.undoRules)
	rt.addTrial()
}

func (rt *routes) rules(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[RulesInForce], error) {
	return inForce(rt.desk.roster.Rules(ctx, c))
}

func (rt *routes) setRules(ctx context.Context, c access.Caller, in *rulesIn) (*wire.Output[RulesInForce], error) {
	return inForce(rt.desk.roster.SetRules(ctx, c, in.Body.plain()))
}

func (rt *routes) undoRules(ctx context.Context, c access.Caller, in *undoIn) (*wire.Output[RulesInForce], error) {
	return inForce(rt.desk.roster.UndoRules(ctx, c, in.Body.Version))
}

// plain are the rules in the station's words.
func (in Rules) plain() station.Rules {
	r := station.Rules{Version: in.Version, Weights: in.Weights, Capacity: in.Capacity, Words: in.Words, Precision: in.Precision}
	if t := in.Terms; t != nil {
		terms := station.Terms(*t)
		r.Terms = &terms
	}
	for _, x := range in.Categories {
		r.Categories = append(r.Categories, station.CategoryOwners(x))
	}
	for _, x := range in.Places {
		r.Places = append(r.Places, station.PlaceRooms(x))
	}
	return r
}

func inForce(r station.Rules, st *station.Station, err error) (*wire.Output[RulesInForce], error) {
	if err != nil {
		return nil, err
	}
	out := RulesInForce{
		Rules: Rules{
			Version: r.Version, Categories: make([]Charge, len(r.Categories)), Places: make([]PlaceRooms, len(r.Places)),
			Weights: r.Weights, Capacity: r.Capacity, Words: r.Words, Precision: r.Precision,
		},
		DefaultWeights: station.DefaultWeights, DefaultCapacity: station.DefaultCapacity,
		DefaultTerms: Terms(station.DefaultTerms), CanUndo: st.PreviousRules != nil,
		Choices: choicesOf(st),
	}
	if r.Terms != nil {
		terms := Terms(*r.Terms)
		out.Terms = &terms
	}
	for i, x := range r.Categories {
		out.Categories[i] = Charge{x.Category, wire.Filled(x.Sectors), wire.Filled(x.Squads)}
	}
	for i, x := range r.Places {
		out.Places[i] = PlaceRooms{x.Place, wire.Filled(x.Rooms)}
	}
	return &wire.Output[RulesInForce]{Body: out}, nil
}

func choicesOf(st *station.Station) RuleChoices {
	out := RuleChoices{
		Categories: make([]ChargeChoice, len(st.Categories)), Places: make([]PlaceChoice, len(st.Places)), Rooms: make([]wire.Receiver, len(st.Rooms)),
		Sectors: make([]string, len(st.Sectors)), Squads: make([]wire.Receiver, len(st.Squads)), Heads: []wire.Receiver{},
	}
	plain := *st
	plain.Rules = nil
	for i, x := range st.Categories {
		out.Categories[i] = ChargeChoice{Key: x.Key, Name: x.Name, Sectors: wire.Filled(x.Sectors), Squads: []string{}}
		for _, q := range plain.SquadsInCharge(x.Key, nil) {
			out.Categories[i].Squads = append(out.Categories[i].Squads, q.ID)
		}
	}
	for i, x := range st.Places {
		out.Places[i] = PlaceChoice{ID: x.ID, Name: x.Name, Rooms: wire.Filled(plain.RoomsOf(station.Target{Kind: station.ForPlace, ID: x.ID}))}
	}
	for i, x := range st.Rooms {
		out.Rooms[i] = wire.Receiver{ID: x.ID, Name: x.Name}
	}
	for i, x := range st.Sectors {
		out.Sectors[i] = x.Name
	}
	for i, x := range st.Squads {
		out.Squads[i] = wire.Receiver{ID: x.ID, Name: x.Name}
	}
	for _, l := range st.Liaisons {
		if !l.Left && !l.Admin {
			out.Heads = append(out.Heads, wire.Receiver{ID: l.ID, Name: l.Name})
		}
	}
	return out
}
