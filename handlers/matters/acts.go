package matters

import (
	"context"
	"net/http"
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/rating"
	"mashang/handlers/web"
)

// The bodies of the acts. Each has only the data of its act; version is the one that the caller saw.
type (
	// Acceptance is the body of accept.
	Acceptance struct {
		Version int `json:"version" minimum:"1"`
	}
	// Question is the body of ask.
	Question struct {
		Version int    `json:"version" minimum:"1"`
		Text    string `json:"text" doc:"At most 2,000 characters."`
	}
	// Answer is the body of reply.
	Answer struct {
		Version int      `json:"version" minimum:"1"`
		Text    string   `json:"text,omitempty" doc:"At most 2,000 characters; may be empty with photos."`
		Photos  []string `json:"photos,omitempty" nullable:"false" doc:"Up to 9 upload ids."`
		Include []int    `json:"include,omitempty" nullable:"false" maxItems:"12" doc:"Ids of the assists whose answers the visitor is shown."`
		Without bool     `json:"without,omitempty" doc:"Confirms that assistants have not answered."`
		Alone   bool     `json:"alone,omitempty" doc:"For the filer of this one alone: those whose submissions go on with it do not read it."`
	}
	// Regret is the body of takeback.
	Regret struct {
		Version int `json:"version" minimum:"1"`
	}
	// Handover is the body of transfer and assign.
	Handover struct {
		Version int    `json:"version" minimum:"1"`
		To      string `json:"to" doc:"A member's id."`
		Reason  string `json:"reason" doc:"Why: for members and staff, the visitor does not read it; at most 500 characters."`
		Note    string `json:"note,omitempty" doc:"What the visitor is told of it; at most 500 characters."`
	}
	// Assignment is the body of assign.
	Assignment struct {
		Handover

		Category string `json:"category,omitempty" maxLength:"24" doc:"A category's key, when it is about something else after all; the station's model learns from it."`
	}
	// Objection is the body of return and reopen.
	Objection struct {
		Version int    `json:"version" minimum:"1"`
		Reason  string `json:"reason" doc:"At most 500 characters; of a return for members and staff, the visitor does not read it."`
	}
	// FollowUp is the body of followup.
	FollowUp struct {
		Version int    `json:"version" minimum:"1"`
		Result  string `json:"result" enum:"reached,satisfied,reopen,not_reached" doc:"reached: talked over; satisfied: they are by now; reopen: they want it handled again, and it goes back to its member."`
		Text    string `json:"text,omitempty" doc:"What was said, for members and staff; at most 500 characters. Required with reached and reopen."`
	}
	// CallRequest is the body of askcall.
	CallRequest struct {
		Version int    `json:"version" minimum:"1"`
		Reason  string `json:"reason" doc:"What to ask or to say; at most 500 characters, not for the visitor."`
	}
	// Attendance is the body of attend.
	Attendance struct {
		Version int    `json:"version" minimum:"1"`
		Reason  string `json:"reason" doc:"What was done about the danger; at most 500 characters, not for the visitor."`
	}
	// Closing is the body of close.
	Closing struct {
		Version int      `json:"version" minimum:"1"`
		Outcome string   `json:"outcome" enum:"solved,agreed,explained,referred,impossible,merged,invalid" doc:"invalid is the liaison's: spam, a test or abuse."`
		Text    string   `json:"text,omitempty" doc:"What was done, for the visitor; at most 2,000 characters. With invalid it may be left out: the visitor then reads what to do if it was meant."`
		Photos  []string `json:"photos,omitempty" nullable:"false" doc:"Up to 9 upload ids: what was done, for the visitor."`
		Reason  string   `json:"reason,omitempty" doc:"With invalid, and required then: why, for members and staff; at most 500 characters, written down."`
		Into    string   `json:"into,omitempty" doc:"With merged: the submission it goes on in."`

		Promised string `json:"promised,omitempty" maxLength:"10" doc:"With agreed: the day by which it is carried out, YYYY-MM-DD, from today to a year ahead; a working day thirty days ahead when left out."`

		Include []int `json:"include,omitempty" nullable:"false" maxItems:"12" doc:"Ids of the assists whose answers the visitor is shown."`
		Without bool  `json:"without,omitempty" doc:"Confirms that assistants have not answered."`
	}
	// Fulfilment is the body of fulfil.
	Fulfilment struct {
		Version int      `json:"version" minimum:"1"`
		Text    string   `json:"text" doc:"What was carried out, for the visitor; at most 2,000 characters."`
		Photos  []string `json:"photos,omitempty" nullable:"false" doc:"Up to 9 upload ids."`
	}
	// Redating is the body of promise.
	Redating struct {
		Version  int    `json:"version" minimum:"1"`
		Promised string `json:"promised" maxLength:"10" doc:"The new day, YYYY-MM-DD, from today to a year ahead."`
		Reason   string `json:"reason" doc:"At most 500 characters; the visitor reads it."`
	}
	// Extension is the body of extend.
	Extension struct {
		Version int    `json:"version" minimum:"1"`
		Days    int    `json:"days" minimum:"1" maximum:"10" doc:"Working days from the present deadline."`
		Reason  string `json:"reason" doc:"At most 500 characters; the visitor reads it."`
	}
	// Message is the body of messages.
	Message struct {
		Version *int     `json:"version,omitempty" minimum:"1"`
		Text    string   `json:"text,omitempty" doc:"At most 2,000 characters; may be empty with photos."`
		Photos  []string `json:"photos,omitempty" nullable:"false" doc:"Up to 9 upload ids."`
	}
	// Withdrawal is the body of withdraw; it may be missing.
	Withdrawal struct {
		Version *int   `json:"version,omitempty" minimum:"1"`
		Reason  string `json:"reason,omitempty" doc:"At most 500 characters."`
	}
	// Judgement is the body of rate.
	Judgement struct {
		Version      int    `json:"version" minimum:"1"`
		Solved       string `json:"solved" enum:"solved,partly,not,unknown" doc:"unknown: they cannot tell."`
		Satisfaction string `json:"satisfaction,omitempty" enum:"satisfied,neutral,dissatisfied" doc:"Left out when they do not say."`
		Reason       string `json:"reason,omitempty" doc:"At most 500 characters."`
	}
)

func (rt *routes) addActs() {
	addAct(rt, "Take it on.", func(b Acceptance) (*int, casework.Accept) { return &b.Version, casework.Accept{} })
	addAct(rt, "Ask the visitor something; the clock stands still.", func(b Question) (*int, casework.Ask) {
		return &b.Version, casework.Ask{Text: b.Text}
	})
	addAct(rt, "Answer the visitor.", func(b Answer) (*int, casework.Reply) {
		return &b.Version, casework.Reply{Text: b.Text, Photos: b.Photos, Include: b.Include, Without: b.Without, LeadOnly: b.Alone}
	})
	addAct(rt, "Take back the newest answer, within 60 seconds; the thread shows that it was.", func(b Regret) (*int, casework.TakeBack) {
		return &b.Version, casework.TakeBack{}
	})
	addAct(rt, "Ask the liaison to call the visitor, who left a number.", func(b CallRequest) (*int, casework.AskCall) {
		return &b.Version, casework.AskCall{Reason: b.Reason}
	})
	addAct(rt, "Hand it to another member.", func(b Handover) (*int, casework.Transfer) {
		return &b.Version, casework.Transfer{To: b.To, Reason: b.Reason, Note: b.Note}
	})
	addAct(rt, "Give it to a member, out of the pool or the content check too.", func(b Assignment) (*int, casework.Assign) {
		return &b.Version, casework.Assign{To: b.To, Reason: b.Reason, Note: b.Note, Category: b.Category}
	})
	addAct(rt, "Not mine: back to the pool.", func(b Objection) (*int, casework.Return) {
		return &b.Version, casework.Return{Reason: b.Reason}
	})
	addAct(rt, "Not settled: back to the same member, within 15 days of the end, or while what was agreed is not carried out.", func(b Objection) (*int, casework.Reopen) {
		return &b.Version, casework.Reopen{Reason: b.Reason}
	})
	addAct(rt, "A call to whoever rated it low: what came of it.", func(b FollowUp) (*int, casework.FollowUp) {
		return &b.Version, casework.FollowUp{Result: rating.FollowUp(b.Result), Text: b.Text}
	})
	addAct(rt, "Close it with an honest outcome.", func(b Closing) (*int, casework.Close) {
		return &b.Version, casework.Close{
			Outcome: casework.Outcome(b.Outcome), Text: b.Text, Photos: b.Photos, Reason: b.Reason, Into: b.Into, Day: b.Promised,
			Include: b.Include, Without: b.Without,
		}
	})
	addAct(rt, "What was agreed at closing is carried out: the outcome becomes solved.", func(b Fulfilment) (*int, casework.Fulfil) {
		return &b.Version, casework.Fulfil{Text: b.Text, Photos: b.Photos}
	})
	addAct(rt, "Move the day by which what was agreed is carried out.", func(b Redating) (*int, casework.Redate) {
		return &b.Version, casework.Redate{Day: b.Promised, Reason: b.Reason}
	})
	addAct(rt, "More working days for the answer: once, before the time is up.", func(b Extension) (*int, casework.Extend) {
		return &b.Version, casework.Extend{Days: b.Days, Reason: b.Reason}
	})
	rt.addAssistActs()
	addAct(rt, "The danger it speaks of was seen to.", func(b Attendance) (*int, casework.HandleDanger) {
		return &b.Version, casework.HandleDanger{Reason: b.Reason}
	})
	addAct(rt, "Add something, or answer the member's question.", func(b Message) (*int, casework.Message) {
		return b.Version, casework.Message{Text: b.Text, Photos: b.Photos}
	})
	addAct(rt, "Withdraw it; final.", func(b *Withdrawal) (*int, casework.Withdraw) {
		if b == nil {
			b = &Withdrawal{}
		}
		return b.Version, casework.Withdraw{Reason: b.Reason}
	})
	addAct(rt, "Judge how it was handled, once.", func(b Judgement) (*int, casework.Rate) {
		return &b.Version, casework.Rate{Verdict: rating.Verdict(b.Solved), Satisfaction: rating.Satisfaction(b.Satisfaction), Reason: b.Reason}
	})
}

// endingActs are the acts after which the actor may lose access to the submission.
var endingActs = []access.Action{access.Transfer, access.Return, access.Decline}

// actIn is the input of every act.
type actIn[B any] struct {
	ID   string `path:"id" doc:"The submission's id."`
	Body B
}

// addAct registers the act A under its name. of makes the act, and the version that the caller saw, from a
// body.
func addAct[B any, A casework.Act](rt *routes, summary string, of func(B) (*int, A)) {
	var none A
	name := casework.NameOf(none)
	o := web.Op(http.MethodPost, "/submissions/{id}/"+string(name), string(name), summary).
		By(web.May(name)).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
	if slices.Contains(endingActs, name) {
		o = o.MayEnd()
	}
	web.Handle(rt.api, o, func(ctx context.Context, c access.Caller, in *actIn[B]) (*web.ChangeOutput, error) {
		version, act := of(in.Body)
		return web.Changed(ctx)(rt.desk.matters.Act(ctx, c, in.ID, version, act))
	})
}
