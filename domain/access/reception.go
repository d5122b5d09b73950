package access

import (
	"slices"

	"mashang/domain/fault"
)

// ReceptionAct names an act on a station's reception days.
type ReceptionAct string

// The acts on reception days. Visitors' acts on bookings of their own are not among them.
const (
	ReadReception  ReceptionAct = "read"  // the days, who sits, what is lacking
	EditReception  ReceptionAct = "edit"  // the roster of a day, its theme, publishing, cancelling, moving
	ApproveSwap    ReceptionAct = "swap"  // approve or refuse a swap
	SitReception   ReceptionAct = "sit"   // confirm, ask for a swap, agree to one: for oneself
	StandIn        ReceptionAct = "for"   // the same for a member who cannot
	ServeReception ReceptionAct = "serve" // the desk of the hour: bookings of others, walk-ins, results
)

// receptionists says which roles may do an act at their own station; convener is a member who makes the roster there.
const convener Role = "convener"

var receptionists = map[ReceptionAct][]Role{
	ReadReception:  {Member, Liaison, Admin},
	EditReception:  {convener, Liaison},
	ApproveSwap:    {convener, Liaison},
	SitReception:   {Member},
	StandIn:        {Liaison},
	ServeReception: {Liaison},
}

// MayReception returns nil, Unauthenticated, Denied, or NotFound for another station's days. convenes says that the
// caller is a member who makes the roster of the day's place.
func MayReception(c Caller, a ReceptionAct, st string, convenes bool) error {
	if c.Person == "" {
		return NoSession()
	}
	may := slices.Contains(receptionists[a], c.Role) || convenes && c.Role == Member && slices.Contains(receptionists[a], convener)
	switch {
	case c.Station != "" && c.Station != st:
		return Missing()
	case !may:
		return fault.New(fault.Denied, "您的身份不能进行此操作")
	default:
		return nil
	}
}
