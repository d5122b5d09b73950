package wire

import (
	"fmt"
	"math"
	"slices"
	"time"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/record"
	"mashang/domain/station"
)

// AwayTime is one absence.
type AwayTime struct {
	ID         string    `json:"id,omitempty" doc:"Of one that was reported; those of the roster's spreadsheet have none and are changed there."`
	From       string    `json:"from" format:"date"`
	To         string    `json:"to" format:"date"`
	Substitute *Receiver `json:"substitute" doc:"Who stands in; null for nobody."`
	Reason     string    `json:"reason,omitempty"`
	Now        bool      `json:"now" doc:"It lasts today."`
}

// AwayTimeOf is an absence on the wire.
func AwayTimeOf(a roster.AbsenceView) AwayTime {
	out := AwayTime{ID: a.ID, From: a.From, To: a.To, Reason: a.Reason, Now: a.Now}
	if a.Substitute != "" {
		out.Substitute = &Receiver{ID: a.Substitute, Name: a.SubstituteName}
	}
	return out
}

// Assist is one body asked to take part. The visitor sees who it is and its state.
type Assist struct {
	ID        int                  `json:"id"`
	Role      access.Role          `json:"role" enum:"department,member"`
	Name      string               `json:"name"`
	State     casework.AssistState `json:"state" enum:"asked,answered,declined,recalled,ended"`
	StateName string               `json:"state_name"`
	Mine      bool                 `json:"mine,omitempty" doc:"It is the caller's to answer."`
	Late      bool                 `json:"late,omitempty" doc:"The answer is missing past its time."`
	Task      string               `json:"task,omitempty" doc:"What is asked of them."`
	By        *Actor               `json:"by,omitempty" doc:"Who asked."`
	At        *time.Time           `json:"at,omitempty"`
	DueAt     *time.Time           `json:"due_at,omitempty"`
	EndAt     *time.Time           `json:"end_at,omitempty" doc:"When they answered or declined, were recalled or waited for no longer."`
	Reason    string               `json:"reason,omitempty" doc:"Why they declined or were recalled."`
	Contact   bool                 `json:"contact,omitempty" doc:"They may see the visitor's phone number while they assist."`
	Answers   []Part               `json:"answers,omitempty" nullable:"false" doc:"Not in lists. What they contributed, oldest first."`
}

// Part is one body's answer, alone or in a joint answer.
type Part struct {
	Assist int        `json:"assist"`
	Name   string     `json:"name"`
	At     *time.Time `json:"at,omitempty"`
	Text   string     `json:"text,omitempty"`
	Photos []string   `json:"photos,omitempty" nullable:"false"`
}

func assistsOf(list []matters.AssistView) []Assist {
	out := make([]Assist, len(list))
	for i, a := range list {
		out[i] = Assist{
			ID: a.ID, Role: a.Role, Name: a.Name, State: a.State, StateName: a.State.Chinese(), Mine: a.Mine, Late: a.Late,
			Task: a.Task, At: momentOf(a.At), DueAt: momentOf(a.DueAt), EndAt: momentOf(a.EndAt),
			Reason: a.Reason, Contact: a.Contact,
		}
		if a.By.Role != "" {
			out[i].By = &Actor{Role: a.By.Role, Name: a.By.Name}
		}
	}
	return out
}

// answersOf returns the answers of an assist's body.
func answersOf(a matters.AssistView) []Part {
	var list []Part
	for _, e := range a.Answers {
		list = append(list, Part{Assist: a.ID, Name: a.Name, At: momentOf(e.At), Text: e.Text, Photos: e.Photos})
	}
	return list
}

func shares(list []casework.Part) []Part {
	var out []Part
	for _, p := range list {
		out = append(out, Part{Assist: p.Assist, Name: p.Name, Text: p.Text, Photos: p.Photos})
	}
	return out
}

// jointly says who took part in an answer, with the answers that the lead includes.
func jointly(parts []casework.Part) string {
	if len(parts) == 0 {
		return ""
	}
	var names, said string
	for i, p := range parts {
		if i > 0 {
			names += "、"
		}
		names += p.Name
		if p.Text != "" || len(p.Photos) > 0 {
			said += "\n" + p.Name + "：" + p.Text + pictures(p.Photos)
		}
	}
	return "（会同" + names + "）" + said
}

// KeptCode is a code as its station's staff see it.
type KeptCode struct {
	Key       string    `json:"key"`
	Kind      string    `json:"kind" enum:"member,room,place,station,reception"`
	Name      string    `json:"name" doc:"Of the target, also while the code is out of use."`
	Village   string    `json:"village,omitempty" doc:"Of the target, if it has one."`
	Lost      bool      `json:"lost,omitempty" doc:"The roster no longer has the target: the code leads to the station alone."`
	Target    Target    `json:"target"`
	Revoked   bool      `json:"revoked"`
	URL       string    `json:"url" doc:"What the plain-link code holds."`
	CreatedAt time.Time `json:"created_at"`

	ScansRecent    int    `json:"scans_30d" doc:"Scans of today and the 29 days before; one phone within half an hour is one."`
	ScansTotal     int    `json:"scans_total"`
	FiledTotal     int    `json:"filed_total" doc:"Submissions that were filed from it."`
	LastScannedDay string `json:"last_scanned_day,omitempty" format:"date" doc:"None: it was never scanned."`
}

// KeptCodeOf converts a code for staff; url is the printed address.
func KeptCodeOf(k *codes.StaffCode, url string) KeptCode {
	return KeptCode{
		Key: k.Key, Kind: string(k.Target.Kind), Name: k.Name, Village: k.Village, Lost: k.Lost,
		Target:  Target{Kind: string(k.Target.Kind), ID: k.Target.ID, Name: k.Name},
		Revoked: k.Revoked, URL: url, CreatedAt: casework.Millis(k.CreatedAt).Time(),
		ScansRecent: k.Use.Recent, ScansTotal: k.Use.Total, FiledTotal: k.Use.Filed, LastScannedDay: k.Use.LastDay,
	}
}

// Turn is one coming duty of the member.
type Turn struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Target Target    `json:"target" doc:"Where it is done."`
}

// TurnOf converts a time on duty.
func TurnOf(t roster.Shift) Turn {
	return Turn{
		From: t.From.In(station.Zone), To: t.To.In(station.Zone),
		Target: Target{Kind: string(t.Target.Kind), ID: t.Target.ID, Name: t.Name},
	}
}

// Rate is Yes of Of, with the 95 % confidence interval of the true rate.
type Rate struct {
	Yes   int     `json:"yes" minimum:"0"`
	Of    int     `json:"of" minimum:"0" doc:"Of none there is no rate."`
	Share float64 `json:"share" minimum:"0" maximum:"1"`
	Low   float64 `json:"low" minimum:"0" maximum:"1"`
	High  float64 `json:"high" minimum:"0" maximum:"1"`
}

// Middle is a median.
type Middle struct {
	Minutes int `json:"minutes" minimum:"0"`
	Of      int `json:"of" minimum:"0"`
}

// Tally are the figures of one part.
type Tally struct {
	Filed     int            `json:"filed"`
	Persons   int            `json:"persons" doc:"How many people raised them, each once for each submission."`
	First     Rate           `json:"first" doc:"First contact in time, of those whose time has come."`
	Answer    Rate           `json:"answer" doc:"Answered in time, likewise."`
	Answered  Rate           `json:"answered"`
	Solved    Rate           `json:"solved" doc:"At the closing or carried out since, of the closed that are not left out."`
	Fulfilled Rate           `json:"fulfilled" doc:"What was carried out after the closing, of what was agreed then; the others are owed."`
	Kept      Rate           `json:"kept" doc:"Carried out by the day promised, of what was carried out or whose day has come."`
	Rated     Rate           `json:"rated" doc:"Of the closed."`
	Confirmed Rate           `json:"confirmed" doc:"Solved by the visitor's own word, of those who said whether it is."`
	Satisfied Rate           `json:"satisfied" doc:"Of those who said how satisfied they are."`
	Followed  Rate           `json:"followed_up" doc:"Rung back by a liaison who reached them, of those who rated it low."`
	Reopened  Rate           `json:"reopened" doc:"Of those closed once."`
	FirstIn   Middle         `json:"first_in" doc:"Median from filing to the first contact."`
	AnswerIn  Middle         `json:"answer_in" doc:"Median from filing to the answer, of what was never reopened."`
	FulfilIn  Middle         `json:"fulfil_in" doc:"Median from the closing to the fulfilment."`
	LeftOut   map[string]int `json:"left_out" nullable:"false" doc:"How many count for no rate of solving, by rule."`
}

// Aim is a target.
type Aim struct {
	Name   string  `json:"name" enum:"first,answer,satisfied"`
	Share  float64 `json:"share"`
	Source string  `json:"source" doc:"The best published figure of a service of the same job."`
}

// Span is a span of days.
type Span struct {
	From string `query:"from" doc:"A day, 2026-07-01; the first of the month when left out."`
	To   string `query:"to" doc:"The last day, included; now when left out."`
}

// Days returns the bounds of the span; To is the end of its day.
func (in Span) Days() (from, to time.Time, err error) {
	for _, x := range []struct {
		name, text string
		at         *time.Time
	}{{"from", in.From, &from}, {"to", in.To, &to}} {
		if x.text == "" {
			continue
		}
		if *x.at, err = time.ParseInLocation(time.DateOnly, x.text, station.Zone); err != nil {
			e := fault.New(fault.Invalid, "日期须为 2026-07-01 的形式")
			e.Fields = []fault.Field{{Field: x.name, Message: "须为 2026-07-01 的形式"}}
			return from, to, e
		}
	}
	if !to.IsZero() {
		to = to.AddDate(0, 0, 1)
	}
	return from, to, nil
}

// TallyOf converts a tally.
func TallyOf(t figures.Tally) Tally {
	out := Tally{
		Filed: t.Filed, Persons: t.Persons, First: rateOf(t.First), Answer: rateOf(t.Answer), Answered: rateOf(t.Answered), Solved: rateOf(t.Solved),
		Fulfilled: rateOf(t.Fulfilled), Kept: rateOf(t.Kept), FulfilIn: Middle(t.FulfilMedian()),
		Rated: rateOf(t.Rated), Confirmed: rateOf(t.Confirmed), Satisfied: rateOf(t.Satisfied), Followed: rateOf(t.FollowedUp), Reopened: rateOf(t.Reopened),
		FirstIn: Middle(t.FirstMedian()), AnswerIn: Middle(t.AnswerMedian()), LeftOut: map[string]int{},
	}
	for k, n := range t.Out {
		out.LeftOut[string(k)] = n
	}
	return out
}

func rateOf(r figures.Rate) Rate {
	low, high := r.Range()
	round := func(x float64) float64 { return math.Round(x*1e4) / 1e4 }
	return Rate{r.Yes, r.Of, round(r.Share()), round(low), round(high)}
}

// Aims returns a station's targets.
func Aims() []Aim {
	list := make([]Aim, len(figures.Benchmarks))
	for i, a := range figures.Benchmarks {
		list[i] = Aim(a)
	}
	return list
}

// Job is work in the background.
type Job struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind" doc:"What it does: signs, …"`
	State     record.JobState `json:"state" enum:"queued,running,done,failed,cancelled,lost"`
	StateName string          `json:"state_name" doc:"In Chinese."`
	Done      int             `json:"done" doc:"Parts that are finished."`
	Total     int             `json:"total" doc:"Of so many; 0 while nobody knows."`
	Error     string          `json:"error,omitempty" doc:"Why it failed or was lost and what to do, in Chinese."`
	File      *JobFile        `json:"file,omitempty" doc:"What it made; at /file for an hour."`
	LeftOut   []JobGap        `json:"left_out,omitempty" doc:"What the file lacks; the rest was made."`
	MadeAt    time.Time       `json:"made_at"`
	EndedAt   *time.Time      `json:"ended_at,omitempty"`
}

// JobGap is a part that was left out.
type JobGap struct {
	Name    string `json:"name" doc:"Whose sign it is."`
	Message string `json:"message" doc:"Why, and what to do, in Chinese."`
}

// JobFile describes the file that a job made.
type JobFile struct {
	Name string `json:"name"`
	Type string `json:"type" doc:"Its media type."`
	Size int    `json:"size" doc:"In bytes."`
}

// jobStates are the states' names in Chinese.
var jobStates = map[record.JobState]string{
	record.JobQueued: "排队中", record.JobRunning: "进行中", record.JobDone: "已完成",
	record.JobFailed: "没有做成", record.JobCancelled: "已取消", record.JobLost: "已中断",
}

// JobOf converts a job.
func JobOf(j record.Job) Job {
	out := Job{
		ID: j.ID, Kind: j.Kind, State: j.State, StateName: jobStates[j.State], Done: j.Done, Total: j.Total,
		Error: j.Error, MadeAt: j.Made.Time(),
	}
	if j.State == record.JobDone && j.Size > 0 {
		out.File = &JobFile{j.Name, j.Type, j.Size}
	}
	for _, g := range j.LeftOut {
		out.LeftOut = append(out.LeftOut, JobGap(g))
	}
	if j.Ended != 0 {
		at := j.Ended.Time().In(station.Zone)
		out.EndedAt = &at
	}
	return out
}

// SavedView is a stored filter of the station's list.
type SavedView struct {
	Name  string `json:"name" minLength:"1" maxLength:"40" doc:"1 to 20 characters."`
	Query string `json:"query" maxLength:"500" doc:"The list's parameters as a query string."`
}

// SavedViewsOf converts saved views.
func SavedViewsOf(list []record.SavedView) []SavedView {
	out := make([]SavedView, len(list))
	for i, v := range list {
		out[i] = SavedView(v)
	}
	return out
}

// ClockOf formats minutes after midnight.
func ClockOf(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

type (
	// RosterMember is a member.
	RosterMember struct {
		ID        string   `json:"id"`
		Name      string   `json:"name"`
		Sector    string   `json:"sector"`
		Village   string   `json:"village"`
		Title     string   `json:"title"`
		Expertise []string `json:"expertise" nullable:"false"`
		Rooms     []string `json:"rooms" nullable:"false"`
		Convener  bool     `json:"convener" doc:"Makes the roster of the whole station."`
		Convenes  []string `json:"convenes" nullable:"false" doc:"Ids of the rooms whose roster they make."`
		Capacity  int      `json:"capacity" doc:"Their own figure; 0 for the station's."`
		HasPhone  bool     `json:"has_phone"`
		Gone      bool     `json:"gone" doc:"Left the roster; history keeps the name."`
		Away      bool     `json:"away"`
		Bound     bool     `json:"bound" doc:"Has bound a WeChat."`
		Open      int      `json:"open" doc:"Submissions in their hands."`
	}
	// RosterDuty is a slot of duty.
	RosterDuty struct {
		ID      string `json:"id" doc:"Changes with the slot's content."`
		Member  string `json:"member"`
		Room    string `json:"room"`
		Place   string `json:"place"`
		Weekday int    `json:"weekday" doc:"1 for Monday to 7 for Sunday, 0 with a date."`
		Date    string `json:"date"`
		From    string `json:"from"`
		To      string `json:"to"`
		Surge   bool   `json:"surge"`
	}
	// RosterSquad is a squad.
	RosterSquad struct {
		ID         string   `json:"id"`
		Name       string   `json:"name"`
		Leader     string   `json:"leader"`
		Members    []string `json:"members" nullable:"false"`
		Sectors    []string `json:"sectors" nullable:"false"`
		Categories []string `json:"categories" nullable:"false"`
	}
)

// MeansOf converts fallback channels.
func MeansOf(list []station.FallbackChannel) []string {
	return Each(list, func(m station.FallbackChannel) string { return string(m) })
}

// RosterMemberOf converts a row of the table of members.
func RosterMemberOf(v roster.View, m station.Member) RosterMember {
	return RosterMember{
		ID: m.ID, Name: m.Name, Sector: m.Sector, Village: m.Village, Title: m.Title, Expertise: Filled(m.Expertise),
		Rooms: Filled(m.Rooms), Convener: m.Convener, Convenes: Filled(m.Convenes), Capacity: m.Capacity, HasPhone: m.Phone != "", Gone: m.Left, Away: v.Away[m.ID],
		Bound: v.Bound[record.Invite{Station: v.Station.ID, Role: string(access.Member), Ref: m.ID}], Open: v.Open[m.ID],
	}
}

// DutySlotOf converts a row of the table of duties.
func DutySlotOf(d station.DutySlot) RosterDuty {
	return RosterDuty{d.ID(), d.Member, d.Room, d.Place, d.Weekday, d.Date, ClockOf(d.From), ClockOf(d.To), d.Surge}
}

// SquadOf converts a row of the table of squads.
func SquadOf(q station.Squad) RosterSquad {
	return RosterSquad{q.ID, q.Name, q.Leader, Filled(q.Members), Filled(q.Sectors), Filled(q.Categories)}
}

// Emergency is shown at once to the author of a text that mentions a danger, and to its readers.
type Emergency struct {
	Kinds     []danger.Kind `json:"kinds" nullable:"false" enum:"fire,gas,water,trapped,suicide,violence,life,child"`
	KindNames []string      `json:"kind_names" nullable:"false"`
	Hotlines  []Hotline     `json:"hotlines" nullable:"false" doc:"The fittest first."`
	Advice    string        `json:"advice" doc:"What the caller is to do, in plain Chinese: who filed it, the liaison, or who handles it."`
	Steps     []string      `json:"steps" nullable:"false" doc:"What to do until help is there, a sentence for each kind."`
	Attended  bool          `json:"attended" doc:"A liaison has seen to it, or a member closed it."`
	Words     string        `json:"words,omitempty" doc:"Of a submission: the newest text that speaks of it."`
	Since     *time.Time    `json:"since,omitempty" doc:"When that was written."`
}

// Hotline is an emergency number.
type Hotline struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// emergencyOf returns what to show about the dangers of a submission, nil without any.
func emergencyOf(v *matters.View) *Emergency {
	e := WarningOf(v.Dangers)
	if e == nil {
		return nil
	}
	text, at := dangerWords(v)
	e.Attended, e.Words, e.Since = v.DangerHandledAt != 0, text, momentOf(at)
	switch v.As {
	case access.Liaison:
		e.Advice = danger.LiaisonAdvice
	case access.Member, access.Department:
		e.Advice = danger.HolderAdvice
	default:
		e.Advice = danger.Advice
	}
	return e
}

// dangerWords returns the text that speaks of the danger, and when it was written: the visitor's newest such text, or
// a member's if no visitor wrote of one.
func dangerWords(v *matters.View) (text string, at casework.Millis) {
	filed := len(danger.Find(v.Text)) > 0
	for _, e := range slices.Backward(v.Thread) {
		if (e.By.Role == access.Visitor || e.By.Role == access.Member && !filed) && len(danger.Find(e.Text)) > 0 {
			return e.Text, e.At
		}
	}
	return v.Text, v.FiledAt
}

// WarningOf returns what to show about the dangers of a text while it is written, nil without any.
func WarningOf(dangers []danger.Kind) *Emergency {
	if len(dangers) == 0 {
		return nil
	}
	e := &Emergency{Kinds: dangers, Advice: danger.DraftAdvice}
	for _, d := range dangers {
		e.KindNames, e.Steps = append(e.KindNames, d.Chinese()), append(e.Steps, d.Step())
	}
	for _, h := range danger.Hotlines(dangers) {
		e.Hotlines = append(e.Hotlines, Hotline(h))
	}
	return e
}

// PhotoCheck is what a reader is told about a photo that not everyone may see.
type PhotoCheck struct {
	ID     string `json:"id" doc:"The upload's id."`
	State  string `json:"state" enum:"checking,held,doubtful,risky,unjudged,hidden" doc:"checking or held; for the liaison also why."`
	Advice string `json:"advice" doc:"What it means and what to do, in plain Chinese."`
}

// held is the state of all photos whose check ended without a pass.
const held = "held"

// HeldAdvice describes a photo's state for the liaison.
var HeldAdvice = map[record.Safety]string{
	record.Checking: "平台正在检查，通常几分钟内完成",
	record.Doubtful: "平台建议人工复核：请查看后放行或不放行",
	record.Risky:    "平台认为有风险：原图保留，请查看后放行或不放行",
	record.Unjudged: "平台没有给出检查结果：请查看后放行或不放行",
	record.Hidden:   "联络员决定不放行；原图保留",
}

// photoChecksOf returns what a submission's reader is told about its photos.
func photoChecksOf(v *matters.View) []PhotoCheck {
	var list []PhotoCheck
	for _, p := range v.HeldPhotos {
		c := PhotoCheck{ID: p.ID, State: string(p.Safety), Advice: HeldAdvice[p.Safety]}
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

// Briefs converts a page of submissions.
func Briefs(p kit.PageOf[matters.View], err error) (*ListOutput[Submission], error) {
	if err != nil {
		return nil, err
	}
	out := &ListOutput[Submission]{Page[Submission]{Items: make([]Submission, len(p.Items)), NextCursor: p.Next, Unread: p.Unread}}
	for i := range p.Items {
		out.Body.Items[i] = BriefOf(&p.Items[i])
	}
	return out, nil
}

// Surge is the state of the station's surge.
type Surge struct {
	On       bool       `json:"on"`
	Since    *time.Time `json:"since,omitempty"`
	Until    *time.Time `json:"until,omitempty" doc:"It ends by itself then."`
	By       string     `json:"by,omitempty" doc:"The liaison who set it."`
	Note     string     `json:"note,omitempty" doc:"What visitors are told beside the station's number."`
	LastHour int        `json:"last_hour" doc:"How many submissions came in the last hour."`
	PerHour  float64    `json:"per_hour" doc:"How many come in an hour, on the average of the seven days before."`
	Proposed bool       `json:"proposed" doc:"At least three times as many come as usual; never while it is on."`
}

// SurgeOf converts the state of a surge.
func SurgeOf(s roster.SurgeState) Surge {
	return Surge{
		On: s.On, Since: Moment(s.Since), Until: Moment(s.Until), By: s.By, Note: s.Note,
		LastHour: s.Arrivals.LastHour, PerHour: math.Round(s.Arrivals.PerHour*10) / 10, Proposed: s.Proposed,
	}
}

// Moment returns a time in the station's zone, nil for none.
func Moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(station.Zone)
	return &t
}

// TopicOffer is a category that a text may be about.
type TopicOffer struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Percent int    `json:"percent" minimum:"0" maximum:"100" doc:"How probable it is."`
}

// TopicOffersOf converts suggested categories.
func TopicOffersOf(list []matters.CategoryOffer) []TopicOffer {
	var out []TopicOffer
	for _, o := range list {
		out = append(out, TopicOffer(o))
	}
	return out
}
