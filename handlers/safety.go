package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Emergency is shown at once to who writes of a danger, and to who reads it.
type Emergency struct {
	Kinds     []casework.Danger `json:"kinds" nullable:"false" enum:"fire,gas,water,trapped,suicide,violence,life,child"`
	KindNames []string          `json:"kind_names" nullable:"false"`
	Hotlines  []Hotline         `json:"hotlines" nullable:"false" doc:"The fittest first."`
	Advice    string            `json:"advice" doc:"What to do, in plain Chinese."`
	Steps     []string          `json:"steps" nullable:"false" doc:"What to do until help is there, a sentence for each kind."`
	Attended  bool              `json:"attended" doc:"A liaison has seen to it."`
}

// Hotline is a number that helps at once.
type Hotline struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// emergencyOf is what to show of the dangers a submission speaks of, nil for
// none.
func emergencyOf(v *matters.View) *Emergency {
	e := warningOf(v.Dangers)
	if e != nil {
		e.Advice, e.Attended = casework.DangerAdvice, v.AttendedAt != 0
	}
	return e
}

// warningOf is what to show of the dangers that a text speaks of while it is
// written, nil for none.
func warningOf(dangers []casework.Danger) *Emergency {
	if len(dangers) == 0 {
		return nil
	}
	e := &Emergency{Kinds: dangers, Advice: casework.DraftAdvice}
	for _, d := range dangers {
		e.KindNames, e.Steps = append(e.KindNames, d.Chinese()), append(e.Steps, d.Step())
	}
	for _, h := range casework.Hotlines(dangers) {
		e.Hotlines = append(e.Hotlines, Hotline(h))
	}
	return e
}

// EmergencyQuestion is the body of asking whether a text speaks of a danger.
type EmergencyQuestion struct {
	Text string `json:"text" doc:"What is written so far, at most 2,000 characters; it is not kept."`
}

// EmergencyAnswer is whom to call.
type EmergencyAnswer struct {
	Emergency *Emergency `json:"emergency,omitempty" doc:"Absent when the text speaks of no danger."`
}

type emergencyIn struct{ Body EmergencyQuestion }

// PhotoCheck is what a reader is told of a photo that not everybody may see.
type PhotoCheck struct {
	ID     string `json:"id" doc:"The upload's id."`
	State  string `json:"state" enum:"checking,held,doubtful,risky,unjudged,hidden" doc:"checking or held; for the liaison also why."`
	Advice string `json:"advice" doc:"What it means and what to do, in plain Chinese."`
}

// held is the one word for all that is no longer being checked.
const held = "held"

// heldAdvice says a photo's state to the liaison.
var heldAdvice = map[record.Safety]string{
	record.Checking: "平台正在检查，通常几分钟内完成",
	record.Doubtful: "平台建议人工复核：请查看后放行或不放行",
	record.Risky:    "平台认为有风险：原图保留，请查看后放行或不放行",
	record.Unjudged: "平台没有给出检查结果：请查看后放行或不放行",
	record.Hidden:   "联络员决定不放行；原图保留",
}

// photoChecksOf is what a submission's reader is told of its photos.
func photoChecksOf(v *matters.View) []PhotoCheck {
	var list []PhotoCheck
	for _, p := range v.HeldPhotos {
		c := PhotoCheck{ID: p.ID, State: string(p.Safety), Advice: heldAdvice[p.Safety]}
		if v.As != access.Liaison {
			c.State, c.Advice = held, "照片在联络员核对之后才能查看"
			switch {
			case p.Safety == record.Checking:
				c.State, c.Advice = string(p.Safety), "照片正在核对，通常几分钟内完成"
			case v.As == access.Visitor && p.Safety == record.Risky:
				c.Advice = "这张照片没有通过平台的检查，暂时只有您和联络员能看到。可以换一张再传；确是证据的，联络员核对后会放行"
			case v.As == access.Visitor && p.Safety == record.Hidden:
				c.Advice = "联络员核对后没有放行这张照片，原图保留；可以换一张再传，或打电话问联络员"
			}
		}
		list = append(list, c)
	}
	return list
}

// HeldPhoto is a photo that waits for the liaison.
type HeldPhoto struct {
	Upload     Upload     `json:"upload"`
	State      string     `json:"state" enum:"doubtful,risky,unjudged"`
	Advice     string     `json:"advice"`
	Submission Submission `json:"submission"`
	Since      time.Time  `json:"since"`
}

// PhotoVerdict is the liaison's word on a photo.
type PhotoVerdict struct {
	Show   bool   `json:"show" doc:"True lets everybody concerned see it."`
	Reason string `json:"reason" doc:"At most 500 characters; written down."`
}

type photoVerdictIn struct {
	ByUpload

	Body PhotoVerdict
}

func (f *Face) addSafety() {
	handle(f, op(http.MethodPost, "/emergencies", "emergency", "Whom to call when a text that somebody is writing speaks of a danger."), f.emergency)
	handle(f, op(http.MethodGet, "/station/alarms", "alarms", "Submissions that speak of a danger no liaison has seen to, oldest first.").
		by(staff).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.alarms)
	handle(f, op(http.MethodGet, "/station/photos", "heldPhotos", "Photos that wait for the liaison's eye, the longest waiting first.").
		by(staff).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.heldPhotos)
	handle(f, op(http.MethodPost, "/uploads/{id}/verdict", "decidePhoto", "Let everybody concerned see a photo, or keep it from them. Written down first.").
		by(staff).writes().fails(http.StatusForbidden, http.StatusNotFound), f.decidePhoto)
}

func (f *Face) emergency(_ context.Context, c access.Caller, in *emergencyIn) (*answer[EmergencyAnswer], error) {
	dangers, err := f.desk.Matters.Dangers(c, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &answer[EmergencyAnswer]{EmergencyAnswer{warningOf(dangers)}}, nil
}

func (f *Face) alarms(ctx context.Context, c access.Caller, in *Paging) (*listed[Submission], error) {
	return briefs(f.desk.Matters.Alarms(ctx, c, in.Cursor, in.Limit))
}

func (f *Face) heldPhotos(ctx context.Context, c access.Caller, in *Paging) (*listed[HeldPhoto], error) {
	p, err := f.desk.Matters.HeldPhotos(ctx, c, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listed[HeldPhoto]{page[HeldPhoto]{Items: make([]HeldPhoto, len(p.Items)), NextCursor: p.Next, Unread: p.Unread}}
	for i := range p.Items {
		h := &p.Items[i]
		out.Body.Items[i] = HeldPhoto{
			Upload: uploadOf(h.Upload), State: string(h.Upload.Safety), Advice: heldAdvice[h.Upload.Safety],
			Submission: briefOf(&h.View), Since: h.Since.In(station.Zone),
		}
	}
	return out, nil
}

func (f *Face) decidePhoto(ctx context.Context, c access.Caller, in *photoVerdictIn) (*answer[PhotoVerdict], error) {
	if err := f.desk.Matters.DecidePhoto(ctx, c, in.ID, in.Body.Show, in.Body.Reason); err != nil {
		return nil, err
	}
	return &answer[PhotoVerdict]{in.Body}, nil
}

// peek shows a photo to the platform that is asked about it. The token is
// random, and opens one photo until there is an answer.
func (f *Face) peek(c *gin.Context) {
	file, err := f.desk.Matters.Peek(c.Request.Context(), c.Param("token"))
	if err != nil {
		f.refuse(c, missing(err))
		return
	}
	serveFile(c, file, notKept)
}
