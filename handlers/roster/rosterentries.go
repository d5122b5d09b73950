package roster

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// EntryID is the input that names an entry and says whether to do it.
type EntryID struct {
	ID  string `path:"id" doc:"The entry's id; a new one adds an entry."`
	Dry bool   `query:"dry_run" doc:"Only say what would change."`
}

// entryIn is the input that puts an entry; the body is described by its table.
type entryIn struct {
	EntryID

	Body json.RawMessage
}

type profileIn struct {
	Dry  bool `query:"dry_run" doc:"Only say what would change."`
	Body json.RawMessage
}

// addRosterEntries registers an operation for each table that puts its entries.
func (rt *routes) addRosterEntries() {
	for _, t := range station.Tables {
		path, id := t.Key+"/{id}", "put"+t.Entity
		if t.Single {
			path, id = t.Key, "setStation"+t.Entity
		}
		op := web.Op(http.MethodPut, "/station/roster/"+path, id, t.Doc+" Written down first.").By(web.StaffOrAdmin).Writes()
		op.RequestBody = bodyOf(rt.api.Huma.OpenAPI().Components.Schemas, t)
		if t.Single {
			web.Handle(rt.api, op.Fails(http.StatusForbidden, http.StatusConflict),
				func(ctx context.Context, c access.Caller, in *profileIn) (*wire.Output[RosterChange], error) {
					return rt.putEntry(ctx, c, t, EntryID{ID: c.Station, Dry: in.Dry}, in.Body)
				})
			continue
		}
		web.Handle(rt.api, op.Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict),
			func(ctx context.Context, c access.Caller, in *entryIn) (*wire.Output[RosterChange], error) {
				return rt.putEntry(ctx, c, t, in.EntryID, in.Body)
			})
	}
}

func (rt *routes) putEntry(ctx context.Context, c access.Caller, t *station.Table, id EntryID, body []byte) (*wire.Output[RosterChange], error) {
	e, err := editOf(t, body)
	if err != nil {
		return nil, err
	}
	e.ID, e.Dry = id.ID, id.Dry
	return changed(rt.desk.roster.PutEntry(ctx, c, e))
}

// Roster is a station's whole roster.
type Roster struct {
	Version     int                 `json:"version"`
	Station     RosterStation       `json:"station"`
	Sectors     []RosterSector      `json:"sectors" nullable:"false"`
	Rooms       []RosterRoom        `json:"rooms" nullable:"false"`
	Places      []RosterPlace       `json:"places" nullable:"false"`
	Members     []wire.RosterMember `json:"members" nullable:"false"`
	Departments []RosterDepartment  `json:"departments" nullable:"false"`
	Liaisons    []RosterLiaison     `json:"liaisons" nullable:"false"`
	Categories  []RosterCategory    `json:"categories" nullable:"false"`
	Duty        []wire.RosterDuty   `json:"duty" nullable:"false"`
	Squads      []wire.RosterSquad  `json:"squads" nullable:"false"`
	Receptions  []RosterReception   `json:"receptions" nullable:"false" doc:"The rules of reception days."`
	Capacity    int                 `json:"capacity" doc:"Of members without a figure of their own."`
	Undo        *RosterLast         `json:"undo" doc:"The last edit, while it can be taken back; else null."`
}

// The rows of a roster.
type (
	// RosterStation is what the station says of itself.
	RosterStation struct {
		ID      string   `json:"id"`
		Name    string   `json:"name"`
		Phone   string   `json:"phone"`
		Address string   `json:"address"`
		Means   []string `json:"means" nullable:"false"`
		// SwapsPass lets fitting early swaps pass.
		SwapsPass bool `json:"swaps_pass"`
	}
	// RosterLast is the last edit.
	RosterLast struct {
		At   time.Time `json:"at"`
		By   string    `json:"by" doc:"A name; empty for the command line."`
		What string    `json:"what" doc:"In Chinese."`
	}
	// RosterFormer is a name that was given up.
	RosterFormer struct {
		Name  string `json:"name"`
		Until string `json:"until" format:"date"`
	}
	// RosterSector is a sector.
	RosterSector struct {
		Name string         `json:"name"`
		Was  []RosterFormer `json:"was" nullable:"false" doc:"The names it had, the latest last."`
	}
	// RosterRoom is a room.
	RosterRoom struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Village string `json:"village"`
		Coordinates
	}
	// RosterPlace is a place.
	RosterPlace struct {
		ID      string   `json:"id"`
		Name    string   `json:"name"`
		Village string   `json:"village"`
		Sectors []string `json:"sectors" nullable:"false"`
		Coordinates
	}
	// RosterDepartment is a department.
	RosterDepartment struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		HasPhone bool   `json:"has_phone"`
		Bound    bool   `json:"bound"`
	}
	// RosterLiaison is one of the staff.
	RosterLiaison struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		HasPhone bool   `json:"has_phone"`
		Admin    bool   `json:"admin"`
		Gone     bool   `json:"gone"`
		Bound    bool   `json:"bound"`
	}
	// RosterCategory is a category.
	RosterCategory struct {
		Key     string   `json:"key"`
		Name    string   `json:"name"`
		Sectors []string `json:"sectors" nullable:"false"`
		Tourist bool     `json:"tourist"`
	}
	// RosterReception is a rule of reception days. Of the numbers 0 stands for the default.
	RosterReception struct {
		ID        string   `json:"id"`
		Name      string   `json:"name"`
		Room      string   `json:"room"`
		Place     string   `json:"place"`
		Repeat    string   `json:"repeat" doc:"On which days, in Chinese."`
		Holidays  string   `json:"holidays" enum:"skip,move,keep" doc:"What a day off does."`
		From      string   `json:"from"`
		To        string   `json:"to"`
		Min       int      `json:"min"`
		Max       int      `json:"max"`
		Sectors   []string `json:"sectors" nullable:"false"`
		Expertise []string `json:"expertise" nullable:"false"`
		Seats     int      `json:"seats"`
		Slot      int      `json:"slot" doc:"Minutes."`
		WalkIns   int      `json:"walk_ins"`
		Publish   int      `json:"publish" doc:"Days before."`
		Lock      int      `json:"lock" doc:"Hours before."`
		ValidFrom string   `json:"valid_from"`
		ValidTo   string   `json:"valid_to"`
	}
)

func receptionOf(r station.Reception) RosterReception {
	return RosterReception{
		ID: r.ID, Name: r.Name, Room: r.Room, Place: r.Place, Repeat: r.Repeat, Holidays: string(r.Filled().Holidays),
		From: wire.ClockOf(r.From), To: wire.ClockOf(r.To), Min: r.Min, Max: r.Max, Sectors: wire.Filled(r.Sectors), Expertise: wire.Filled(r.Expertise),
		Seats: r.Seats, Slot: r.SlotMinutes, WalkIns: r.WalkIns, Publish: r.PublishDays, Lock: r.LockHours, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo,
	}
}

func roomOf(x station.Room) RosterRoom {
	return RosterRoom{x.ID, x.Name, x.Village, Coordinates{x.Lat, x.Lng}}
}

func placeOf(x station.Place) RosterPlace {
	return RosterPlace{x.ID, x.Name, x.Village, wire.Filled(x.Sectors), Coordinates{x.Lat, x.Lng}}
}

func (rt *routes) roster(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Roster], error) {
	v, err := rt.desk.roster.Roster(ctx, c)
	if err != nil {
		return nil, err
	}
	st := v.Station
	out := Roster{
		Version: st.Version, Station: RosterStation{st.ID, st.Name, st.Phone, st.Address, wire.MeansOf(st.FallbackChannels), st.SwapsPass},
		Sectors: wire.Each(st.Sectors, sectorOf), Rooms: wire.Each(st.Rooms, roomOf),
		Places:      wire.Each(st.Places, placeOf),
		Members:     wire.Each(st.Members, func(m station.Member) wire.RosterMember { return wire.RosterMemberOf(v, m) }),
		Departments: wire.Each(st.Departments, func(x station.Department) RosterDepartment { return departmentOf(v, x) }),
		Liaisons:    wire.Each(st.Liaisons, func(l station.Liaison) RosterLiaison { return liaisonOf(v, l) }),
		Categories: wire.Each(st.Categories, func(x station.Category) RosterCategory {
			return RosterCategory{x.Key, x.Name, wire.Filled(x.Sectors), x.Tourist}
		}),
		Duty: wire.Each(st.Duty, wire.DutySlotOf), Squads: wire.Each(st.Squads, wire.SquadOf), Receptions: wire.Each(st.Receptions, receptionOf), Capacity: st.Capacity(station.Member{}),
	}
	if u := v.Undo; u != nil {
		out.Undo = &RosterLast{At: casework.Millis(u.At).Time(), By: u.By, What: u.What}
	}
	return &wire.Output[Roster]{Body: out}, nil
}

func sectorOf(x station.Sector) RosterSector {
	return RosterSector{x.Name, wire.Each(x.Was, func(w station.FormerName) RosterFormer { return RosterFormer(w) })}
}

func departmentOf(v roster.View, x station.Department) RosterDepartment {
	bound := v.Bound[record.Invite{Station: v.Station.ID, Role: string(access.Department), Ref: x.ID}]
	return RosterDepartment{x.ID, x.Name, x.Phone != "", bound}
}

func liaisonOf(v roster.View, l station.Liaison) RosterLiaison {
	bound := v.Bound[record.Invite{Station: v.Station.ID, Role: string(access.Liaison), Ref: l.ID}]
	return RosterLiaison{l.ID, l.Name, l.Phone != "", l.Admin, l.Left, bound}
}
