// Package reason has the reasons for and against giving a submission to a member, with their words.
package reason

import (
	"strings"

	"mashang/domain/language"
)

// Reason is a code with an optional argument, "sector=文化旅游". Its text is made when it is read, so that better
// wording also applies to old decisions.
type Reason string

// The reasons for and against.
const (
	Scanned    Reason = "scanned"
	OnDuty     Reason = "duty"
	RoomKeeper Reason = "room"
	Village    Reason = "village"
	SectorIn   Reason = "sector"
	SameSector Reason = "like" // as the member whose code was scanned
	Expertise  Reason = "expertise"
	SquadIn    Reason = "squad"
	Neighbour  Reason = "neighbour" // the household's own contact (六邻)
	Substitute Reason = "for"       // of a member who is away
	NearRoom   Reason = "near"      // keeps the room here; nobody fits better
	Leader     Reason = "leader"    // leads the squad in charge; nobody fits better
	MostRoom   Reason = "load"
	Away       Reason = "away"
	Concerned  Reason = "concerned" // the complaint is about them
	Full       Reason = "full"
	Left       Reason = "left" // no longer a member of the station
	Returned   Reason = "returned"
	// Reasons against that do not rule out.
	Busy           Reason = "busy"    // open of capacity, "5/20"
	AssignedLately Reason = "asked"   // got a submission in the last day
	OffDuty        Reason = "off"     // others are on duty there now
	OtherSector    Reason = "outside" // others' sector or squad is in charge
)

// With adds the argument.
func (r Reason) With(arg string) Reason { return r + "=" + Reason(arg) }

// words leave a roster's own terms out of the English, as they are in Chinese; names of people, villages and teams
// stay.
var words = map[Reason]language.Wording{
	Scanned:    {"您扫的是这位委员的码", "you scanned their code"},
	OnDuty:     {"此刻正在值班", "they are on duty now"},
	RoomKeeper: {"负责这里的协商议事室", "they look after the meeting room here"},
	Village:    {"就近联系%s", "they are the contact for %s"},
	SectorIn:   {"所在的%s界别负责这类事项", "their sector is in charge of this"},
	SameSector: {"与您扫码的委员同属%s界别", "their sector is that of the member whose code you scanned"},
	Expertise:  {"熟悉%s", "they know about such matters"},
	SquadIn:    {"是负责这类事项的%s的成员", "their team is in charge of this (%s)"},
	Neighbour:  {"是您家的联系委员", "they are your household's contact"},
	Substitute: {"代外出的%s委员办理", "they stand in for %s, who is away"},
	NearRoom:   {"负责附近的协商议事室", "they look after the meeting room nearby"},
	Leader:     {"是负责这类事项的%s的组长", "they lead the team in charge of this (%s)"},
	MostRoom:   {"目前手上待办较少", "they have fewer open reports"},
	Away:       {"外出", "they are away"},
	Concerned:  {"与此事有关，应当回避", "they are concerned in it"},
	Full:       {"待办已满", "they have no room"},
	Left:       {"已不在本站", "they have left the station"},
	Returned:   {"已退回过这件诉求", "they returned this report before"},

	Busy:           {"手上已有待办（%s）", "they have open reports (%s)"},
	AssignedLately: {"一天之内刚接过别的诉求", "they took another report within a day"},
	OffDuty:        {"此刻不值班，另有委员值班", "they are off duty, others are on duty"},
	OtherSector:    {"这类事项由其他界别或专班负责", "others are in charge of this"},
}

// Chinese returns the reason in Chinese words.
func (r Reason) Chinese() string { return r.In(language.Chinese) }

// ForStaff returns the reason in Chinese words that speak of the filer instead of to them.
func (r Reason) ForStaff() string { return strings.ReplaceAll(r.Chinese(), "您", "群众") }

// In returns the reason in the words of a language.
func (r Reason) In(l language.Language) string {
	code, arg, _ := strings.Cut(string(r), "=")
	return words[Reason(code)].In(l, arg)
}
