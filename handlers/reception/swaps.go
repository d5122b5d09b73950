package reception

import (
	"context"
	"net/http"

	deskreception "mashang/desk/reception"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/reception"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// ReceptionMine are the coming days that concern a member.
type ReceptionMine struct {
	Sits  []ReceptionDay `json:"sits" nullable:"false" doc:"On which the caller sits."`
	Asked []ReceptionDay `json:"asked" nullable:"false" doc:"With a swap in which the caller is asked."`
	Open  []ReceptionDay `json:"open" nullable:"false" doc:"With a swap in which everybody who fits is asked."`
}

// SwapCandidate is a member who could take a seat.
type SwapCandidate struct {
	Member string `json:"member"`
	Name   string `json:"name"`
	Sector string `json:"sector"`
	Fits   bool   `json:"fits" doc:"The day lacks nothing by it."`
	Sat    int    `json:"sat" doc:"How often they sat in the last year."`
	Wish   string `json:"wish,omitempty" enum:"wants,declines" doc:"What they say of the day; for those who make the roster."`
}

// SwapCandidates are the members who are free, the best first.
type SwapCandidates struct {
	Items []SwapCandidate `json:"items" nullable:"false"`
}

// AskedSwap asks for somebody to take a seat.
type AskedSwap struct {
	Member string `json:"member,omitempty" maxLength:"24" doc:"Whose seat it is, if the liaison acts for them; the caller's own if empty."`
	To     string `json:"to,omitempty" maxLength:"24" doc:"Who is asked; empty for everybody who fits."`
	Return string `json:"return,omitempty" maxLength:"64" doc:"The id of a day of theirs on which the caller sits instead."`
	Reason string `json:"reason" enum:"外出,生病,公务,其他"`
	Words  string `json:"words,omitempty" maxLength:"400" doc:"For the liaison; at most 100 characters."`
}

// SeatConfirmation is a member's word about their day.
type SeatConfirmation struct {
	Out bool `json:"out" doc:"They cannot come, and look for nobody."`
}

// SwapAgreement names for whom the liaison agrees.
type SwapAgreement struct {
	Member string `json:"member,omitempty" maxLength:"24" doc:"Whom the liaison has called; the caller if empty."`
}

// SwapDecision is the liaison's or the convener's.
type SwapDecision struct {
	Why string `json:"why,omitempty" maxLength:"400" doc:"At most 100 characters. Needed for a refusal, and where the day then lacks something."`
}

type (
	swapIn[T any] struct {
		ByDay
		Swap string `path:"swap" maxLength:"64" doc:"The swap's id."`
		Body T
	}
	swapOfIn struct {
		ByDay
		Swap string `path:"swap" maxLength:"64" doc:"The swap's id."`
	}
	askSwapIn struct {
		ByDay
		Keyed
		Body AskedSwap
	}
	candidatesIn struct {
		ByDay
		Member string `query:"member" maxLength:"24" doc:"Whose seat it is; the caller's own if empty."`
	}
)

func (rt *routes) addSwaps() {
	svc := rt.reception
	web.Handle(rt.api, web.Op(http.MethodGet, "/reception/mine", "getMyReceptionDays", "The caller's own coming days, and the swaps in which they are asked.").
		By(may(access.SitReception)).Fails(http.StatusForbidden).Compressed(), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[ReceptionMine], error) {
		m, err := svc.Mine(ctx, c)
		if err != nil {
			return nil, err
		}
		each := func(list []deskreception.DayView) []ReceptionDay {
			return wire.Each(list, func(v deskreception.DayView) ReceptionDay { return dayOf(c, v) })
		}
		return &wire.Output[ReceptionMine]{Body: ReceptionMine{each(m.Sits), each(m.Asked), each(m.Open)}}, nil
	})
	web.Handle(rt.api, edits("confirm", "confirmReceptionSeat", "Say that one comes, or cannot come.", access.SitReception), func(ctx context.Context, c access.Caller, in *onDay[SeatConfirmation]) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Confirm(ctx, c, in.Day, in.Body.Out))
	})
	web.Handle(rt.api, web.Op(http.MethodGet, days+"/{day}/candidates", "listSwapCandidates", "Who could take a seat, the best first.").
		By(may(access.ReadReception)).Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *candidatesIn) (*wire.Output[SwapCandidates], error) {
		list, st, err := svc.Candidates(ctx, c, in.Day, in.Member)
		if err != nil {
			return nil, err
		}
		return &wire.Output[SwapCandidates]{Body: SwapCandidates{wire.Each(list, func(x reception.Candidate) SwapCandidate {
			m, _ := st.Member(x.Member)
			return SwapCandidate{x.Member, m.Name, m.Sector, x.Fits, x.Sat, string(x.Prefers)}
		})}}, nil
	})
	web.Handle(rt.api, edits("swaps", "askSwap", "Ask for somebody to take a seat.", access.ReadReception), func(ctx context.Context, c access.Caller, in *askSwapIn) (*wire.Output[ReceptionDay], error) {
		b := in.Body
		return dayOut(c)(svc.AskSwap(ctx, c, in.Key, in.Day, deskreception.AskedSwap{Member: b.Member, To: b.To, Return: b.Return, Reason: b.Reason, Words: b.Words}))
	})
	web.Handle(rt.api, edits("swaps/{swap}/agree", "agreeSwap", "Take the seat.", access.ReadReception), func(ctx context.Context, c access.Caller, in *swapIn[SwapAgreement]) (*wire.Output[ReceptionDay], error) {
		if in.Body.Member == "" || c.Role == access.Member && in.Body.Member == c.ID {
			return dayOut(c)(svc.Agree(ctx, c, in.Day, in.Swap))
		}
		return dayOut(c)(svc.AgreeFor(ctx, c, in.Day, in.Swap, in.Body.Member))
	})
	web.Handle(rt.api, edits("swaps/{swap}/decline", "declineSwap", "Say no to a swap that one was asked for.", access.SitReception), func(ctx context.Context, c access.Caller, in *swapOfIn) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Decline(ctx, c, in.Day, in.Swap))
	})
	web.Handle(rt.api, edits("swaps/{swap}/withdraw", "withdrawSwap", "Take a swap of one's own back.", access.SitReception), func(ctx context.Context, c access.Caller, in *swapOfIn) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Withdraw(ctx, c, in.Day, in.Swap))
	})
	web.Handle(rt.api, edits("swaps/{swap}/approve", "approveSwap", "Make a swap.", access.ApproveSwap), func(ctx context.Context, c access.Caller, in *swapIn[SwapDecision]) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Approve(ctx, c, in.Day, in.Swap, in.Body.Why))
	})
	web.Handle(rt.api, edits("swaps/{swap}/refuse", "refuseSwap", "Refuse a swap with a reason.", access.ApproveSwap), func(ctx context.Context, c access.Caller, in *swapIn[SwapDecision]) (*wire.Output[ReceptionDay], error) {
		if !fold.Visible(in.Body.Why) {
			return nil, needs("why", "请说明为什么不批准，会告诉委员")
		}
		return dayOut(c)(svc.Refuse(ctx, c, in.Day, in.Swap, in.Body.Why))
	})
}

func needs(field, message string) error {
	var check fault.Check
	check.Require(false, field, "%s", message)
	return check.Err()
}
