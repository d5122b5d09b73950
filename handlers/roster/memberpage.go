package roster

import (
	"context"

	"mashang/domain/access"
	"mashang/handlers/wire"
)

// MemberPage is all that the staff see of one member.
type MemberPage struct {
	Member   wire.RosterMember  `json:"member"`
	Capacity int                `json:"capacity" doc:"How many open submissions they can hold."`
	Month    wire.Tally         `json:"month" doc:"Of what was filed since the first of the month."`
	Year     wire.Tally         `json:"year" doc:"Of what was filed since the first of January."`
	Aims     []wire.Aim         `json:"aims" nullable:"false"`
	Absences []wire.AwayTime    `json:"absences" nullable:"false" doc:"Those that are not over."`
	Slots    []wire.RosterDuty  `json:"slots" nullable:"false" doc:"Their duty as it is planned."`
	Turns    []wire.Turn        `json:"turns" nullable:"false" doc:"Their duty of the next four weeks."`
	Squads   []wire.RosterSquad `json:"squads" nullable:"false"`
	Codes    []wire.KeptCode    `json:"codes" nullable:"false"`
}

type memberPageIn struct {
	ID string `path:"id" doc:"The member's id."`
}

func (rt *routes) memberPage(ctx context.Context, c access.Caller, in *memberPageIn) (*wire.Output[MemberPage], error) {
	p, err := rt.desk.overview.MemberPage(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	out := MemberPage{
		Member: wire.RosterMemberOf(p.View, p.Member), Capacity: p.Capacity, Month: wire.TallyOf(p.Month), Year: wire.TallyOf(p.Year), Aims: wire.Aims(),
		Absences: wire.Each(p.Absences, wire.AwayTimeOf), Slots: wire.Each(p.Slots, wire.DutySlotOf), Squads: wire.Each(p.Squads, wire.SquadOf),
		Turns: wire.Each(p.Shifts, wire.TurnOf), Codes: make([]wire.KeptCode, len(p.Codes)),
	}
	for i := range p.Codes {
		out.Codes[i] = wire.KeptCodeOf(&p.Codes[i], rt.desk.codes.URL(p.Codes[i].Key))
	}
	return &wire.Output[MemberPage]{Body: out}, nil
}
