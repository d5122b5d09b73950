package wire

import (
	"time"

	"mashang/desk/codes"
	"mashang/desk/identity"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// The shapes of people, stations and codes on the wire.

// Choice is something to choose, with its name for people.
type Choice struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// Station is the public part of a station.
type Station struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Address string `json:"address,omitempty" doc:"Where its house is, if the roster says so."`
}

// Member is the public part of a member.
type Member struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Sector    string   `json:"sector"`
	Village   string   `json:"village"`
	Title     string   `json:"title,omitempty"`
	Expertise []string `json:"expertise" nullable:"false"`
	Photo     string   `json:"photo,omitempty" doc:"Of the member of a code: where their photo is, a path of this server."`
}

// Duty is who is on duty, from when until when.
type Duty struct {
	Member Member    `json:"member"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
}

// Code is what a printed code shows.
type Code struct {
	Key     string  `json:"key"`
	Kind    string  `json:"kind" enum:"member,room,place,station,reception"`
	Name    string  `json:"name" doc:"Of the member, room, place, station or rule of reception."`
	Station Station `json:"station"`
	// Member is set for a member's code.
	Member *Member `json:"member,omitempty"`
	// Reception is set for the code of a rule of reception days.
	Reception  *CodeReception  `json:"reception,omitempty"`
	OnDuty     []Duty          `json:"on_duty" nullable:"false" doc:"Who can be met now."`
	NextDuty   []Duty          `json:"next_duty" nullable:"false" doc:"Who can be met next, when nobody can now."`
	Categories []Choice        `json:"categories" nullable:"false"`
	Kinds      []casework.Kind `json:"kinds" nullable:"false" doc:"What can be filed; names in kind_names."`
	KindNames  []Choice        `json:"kind_names" nullable:"false"`
	Notice     string          `json:"notice,omitempty" doc:"What everybody who scans should know now, in plain Chinese."`
}

// CodeReception says when and where people are received by a rule; its next days are listed apart.
type CodeReception struct {
	Days  string `json:"days" doc:"In Chinese words: 每周五."`
	Hours string `json:"hours" doc:"09:00–12:00"`
	Where string `json:"where"`
}

// User is the caller.
type User struct {
	ID       string      `json:"id"`
	Role     access.Role `json:"role" enum:"visitor,member,liaison,department,admin"`
	MemberID string      `json:"member_id,omitempty"`
	Name     string      `json:"name,omitempty"`
}

// UserOf returns what people are told about themselves.
func UserOf(u identity.User) User {
	return User{ID: u.ID, Role: u.Role, MemberID: u.Member, Name: u.Name}
}

// MemberOf converts a member's public part.
func MemberOf(m codes.MemberCard) Member {
	return Member{
		ID: m.ID, Name: m.Name, Sector: m.Sector, Village: m.Village, Title: m.Title,
		Expertise: Filled(m.Expertise),
	}
}

// DutiesOf converts times on duty.
func DutiesOf(list []codes.Duty) []Duty {
	out := make([]Duty, len(list))
	for i, d := range list {
		out[i] = Duty{Member: MemberOf(d.Member), From: d.From.In(station.Zone), To: d.To.In(station.Zone)}
	}
	return out
}

// CodeOf converts the content of a printed code.
func CodeOf(s codes.Sign) Code {
	c := Code{
		Key: s.Key, Kind: string(s.Kind), Name: s.Name, Station: Station(s.Station),
		OnDuty: DutiesOf(s.OnDuty), NextDuty: DutiesOf(s.Next), Categories: make([]Choice, len(s.Categories)),
		Kinds: s.Kinds, KindNames: make([]Choice, len(s.Kinds)), Notice: s.Notice,
	}
	if s.Member != nil {
		m := MemberOf(*s.Member)
		if s.Photo {
			m.Photo = Base + "/codes/" + s.Key + "/photo"
		}
		c.Member = &m
	}
	if s.Reception != nil {
		r := CodeReception(*s.Reception)
		c.Reception = &r
	}
	for i, cat := range s.Categories {
		c.Categories[i] = Choice{cat.Key, cat.Name}
	}
	for i, k := range s.Kinds {
		c.KindNames[i] = Choice{string(k), k.Chinese()}
	}
	return c
}
