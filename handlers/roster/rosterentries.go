package roster

import (
	"context"
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

// The bodies with which entries of the roster are put. Version is that of the
// roster the caller saw. A phone that is left out stays; "" takes it away.
type (
	// PutProfile is what the station says of itself.
	PutProfile struct {
		Version int      `json:"version" minimum:"1"`
		Name    string   `json:"name"`
		Phone   string   `json:"phone" doc:"Printed on the codes."`
		Address string   `json:"address,omitempty"`
		Means   []string `json:"means,omitempty" nullable:"false" maxItems:"10" doc:"How to tell whom no message reaches, the first tried first: chat, liaison; none for all."`
	}
	// PutSector adds a sector, or gives one another name.
	PutSector struct {
		Version int    `json:"version" minimum:"1"`
		Name    string `json:"name" doc:"Its name from today on; whoever and whatever names it follows."`
		Merge   bool   `json:"merge,omitempty" doc:"Another sector has that name: the two become one."`
	}
	// PutRoom is a deliberation room.
	PutRoom struct {
		Version int    `json:"version" minimum:"1"`
		Name    string `json:"name"`
		Village string `json:"village,omitempty"`
		Coordinates
	}
	// PutPlace is a place where a code hangs that is no member's.
	PutPlace struct {
		Version int      `json:"version" minimum:"1"`
		Name    string   `json:"name"`
		Village string   `json:"village,omitempty"`
		Sectors []string `json:"sectors,omitempty" nullable:"false" maxItems:"100"`
		Coordinates
	}
	// PutMember is a member; one who is gone comes back.
	PutMember struct {
		Version   int      `json:"version" minimum:"1"`
		Name      string   `json:"name"`
		Sector    string   `json:"sector"`
		Village   string   `json:"village,omitempty"`
		Title     string   `json:"title,omitempty"`
		Expertise []string `json:"expertise,omitempty" nullable:"false" maxItems:"100"`
		Rooms     []string `json:"rooms,omitempty" nullable:"false" maxItems:"100" doc:"Ids of the rooms they look after."`
		Phone     *string  `json:"phone,omitempty"`
		Capacity  int      `json:"capacity,omitempty" minimum:"0" doc:"How many open submissions they can hold; 0 for the station's figure."`
	}
	// PutDepartment is a partner department.
	PutDepartment struct {
		Version int     `json:"version" minimum:"1"`
		Name    string  `json:"name"`
		Phone   *string `json:"phone,omitempty"`
	}
	// PutLiaison is one of the staff; only an administrator puts them.
	PutLiaison struct {
		Version int     `json:"version" minimum:"1"`
		Name    string  `json:"name"`
		Phone   *string `json:"phone,omitempty"`
		Admin   bool    `json:"admin,omitempty" doc:"Sets up the station and reads no submissions."`
	}
	// PutCategory is what a matter can be about.
	PutCategory struct {
		Version int      `json:"version" minimum:"1"`
		Name    string   `json:"name"`
		Sectors []string `json:"sectors,omitempty" nullable:"false" maxItems:"100" doc:"In charge of it."`
		Tourist bool     `json:"tourist,omitempty" doc:"Of a tourist's matter without one; one category at most."`
	}
	// PutSquad is a squad with its one leader.
	PutSquad struct {
		Version    int      `json:"version" minimum:"1"`
		Name       string   `json:"name"`
		Leader     string   `json:"leader" doc:"A member's id."`
		Members    []string `json:"members,omitempty" nullable:"false" maxItems:"100" doc:"Ids; the leader need not be among them."`
		Sectors    []string `json:"sectors,omitempty" nullable:"false" maxItems:"100"`
		Categories []string `json:"categories,omitempty" nullable:"false" maxItems:"100" doc:"Keys."`
	}
	// PutDuty is a slot of duty.
	PutDuty struct {
		Version int    `json:"version" minimum:"1"`
		Member  string `json:"member" doc:"A member's id."`
		Room    string `json:"room,omitempty" doc:"Neither room nor place: at the station."`
		Place   string `json:"place,omitempty"`
		Weekday int    `json:"weekday,omitempty" minimum:"0" maximum:"7" doc:"1 for Monday to 7 for Sunday; or a date."`
		Date    string `json:"date,omitempty"`
		From    string `json:"from" doc:"08:30"`
		To      string `json:"to" doc:"12:00, at most 24:00."`
		Surge   bool   `json:"surge,omitempty" doc:"An extra slot, which counts in a surge only."`
	}
)

// Coordinates are where something lies (gcj02), both 0 when nobody gave them.
type Coordinates struct {
	Lat float64 `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Degrees, gcj02; 0 with lng for unknown."`
	Lng float64 `json:"lng,omitempty" minimum:"-180" maximum:"180"`
}

// EntryID is the input that names an entry and says whether to do it.
type EntryID struct {
	ID  string `path:"id" doc:"The entry's id; a new one adds an entry."`
	Dry bool   `query:"dry_run" doc:"Only say what would change."`
}

// entryIn is the input that puts an entry.
type entryIn[B any] struct {
	EntryID

	Body B
}

type profileIn struct {
	Dry  bool `query:"dry_run" doc:"Only say what would change."`
	Body PutProfile
}

// puts registers the operation that puts entries of a table. entry makes the
// desk's edit of the body.
func puts[B any](rt *routes, table, id, summary string, entry func(B) (roster.Edit, error)) {
	web.Handle(rt.api, web.Op(http.MethodPut, "/station/roster/"+table+"/{id}", id, summary+" Written down first.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict),
		func(ctx context.Context, c access.Caller, in *entryIn[B]) (*wire.Output[RosterChange], error) {
			e, err := entry(in.Body)
			if err != nil {
				return nil, err
			}
			e.ID, e.Dry = in.ID, in.Dry
			return changed(rt.desk.roster.PutEntry(ctx, c, e))
		})
}

func (rt *routes) addRosterEntries() {
	web.Handle(rt.api, web.Op(http.MethodPut, "/station/roster/station", "setStationProfile", "The station's name, number and address. Written down first.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusConflict),
		func(ctx context.Context, c access.Caller, in *profileIn) (*wire.Output[RosterChange], error) {
			p := station.Profile{Name: in.Body.Name, Phone: in.Body.Phone, Address: in.Body.Address}
			for _, m := range in.Body.Means {
				p.FallbackChannels = append(p.FallbackChannels, station.FallbackChannel(m))
			}
			return changed(rt.desk.roster.PutEntry(ctx, c, roster.Edit{Version: in.Body.Version, Dry: in.Dry, ID: c.Station, Entry: p}))
		})
	puts(rt, "sectors", "putSector", "Add a sector or rename one; what names it follows, and it keeps the names it had.", func(b PutSector) (roster.Edit, error) {
		return roster.Edit{Version: b.Version, Merge: b.Merge, Entry: station.Sector{Name: b.Name}}, nil
	})
	puts(rt, "rooms", "putRoom", "Add or change a deliberation room.", func(b PutRoom) (roster.Edit, error) {
		return roster.Edit{Version: b.Version, Entry: station.Room{Name: b.Name, Village: b.Village, Lat: b.Lat, Lng: b.Lng}}, nil
	})
	puts(rt, "places", "putPlace", "Add or change a place.", func(b PutPlace) (roster.Edit, error) {
		return roster.Edit{Version: b.Version, Entry: station.Place{Name: b.Name, Village: b.Village, Sectors: b.Sectors, Lat: b.Lat, Lng: b.Lng}}, nil
	})
	puts(rt, "members", "putMember", "Add or change a member, or bring back one who is gone.", func(b PutMember) (roster.Edit, error) {
		return roster.Edit{Version: b.Version, Phone: b.Phone, Entry: station.Member{
			Name: b.Name, Sector: b.Sector, Village: b.Village, Title: b.Title, Expertise: b.Expertise, Rooms: b.Rooms, Capacity: b.Capacity,
		}}, nil
	})
	puts(rt, "departments", "putDepartment", "Add or change a department.", func(b PutDepartment) (roster.Edit, error) {
		return roster.Edit{Version: b.Version, Phone: b.Phone, Entry: station.Department{Name: b.Name}}, nil
	})
	puts(rt, "liaisons", "putLiaison", "Add or change one of the staff; only an administrator does.", func(b PutLiaison) (roster.Edit, error) {
		return roster.Edit{Version: b.Version, Phone: b.Phone, Entry: station.Liaison{Name: b.Name, Admin: b.Admin}}, nil
	})
	puts(rt, "categories", "putCategory", "Add or change a category.", func(b PutCategory) (roster.Edit, error) {
		return roster.Edit{Version: b.Version, Entry: station.Category{Name: b.Name, Sectors: b.Sectors, Tourist: b.Tourist}}, nil
	})
	puts(rt, "squads", "putSquad", "Add or change a squad.", func(b PutSquad) (roster.Edit, error) {
		return roster.Edit{Version: b.Version, Entry: station.Squad{
			Name: b.Name, Leader: b.Leader, Members: b.Members, Sectors: b.Sectors, Categories: b.Categories,
		}}, nil
	})
	puts(rt, "duty", "putDuty", "Add or change a slot of duty.", func(b PutDuty) (roster.Edit, error) {
		from, err := minutesOf("from", b.From)
		if err != nil {
			return roster.Edit{}, err
		}
		to, err := minutesOf("to", b.To)
		return roster.Edit{Version: b.Version, Entry: station.DutySlot{
			Member: b.Member, Room: b.Room, Place: b.Place, Weekday: b.Weekday, Date: b.Date, From: from, To: to, Surge: b.Surge,
		}}, err
	})
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
)

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
		Version: st.Version, Station: RosterStation{st.ID, st.Name, st.Phone, st.Address, wire.MeansOf(st.FallbackChannels)},
		Sectors: wire.Each(st.Sectors, sectorOf), Rooms: wire.Each(st.Rooms, roomOf),
		Places:      wire.Each(st.Places, placeOf),
		Members:     wire.Each(st.Members, func(m station.Member) wire.RosterMember { return wire.RosterMemberOf(v, m) }),
		Departments: wire.Each(st.Departments, func(x station.Department) RosterDepartment { return departmentOf(v, x) }),
		Liaisons:    wire.Each(st.Liaisons, func(l station.Liaison) RosterLiaison { return liaisonOf(v, l) }),
		Categories: wire.Each(st.Categories, func(x station.Category) RosterCategory {
			return RosterCategory{x.Key, x.Name, wire.Filled(x.Sectors), x.Tourist}
		}),
		Duty: wire.Each(st.Duty, wire.DutySlotOf), Squads: wire.Each(st.Squads, wire.SquadOf), Capacity: st.Capacity(station.Member{}),
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
