// Package notes serves what liaisons keep beside a submission: notes, tags, reminders, nudges.
package notes

import (
	"context"
	"net/http"
	"time"

	desknotes "mashang/desk/notes"
	"mashang/domain/access"
	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// routes are the operations of the area.
type routes struct {
	api   *web.API
	notes *desknotes.Service
}

// NoteColleague is a liaison of the station.
type NoteColleague struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Gone bool   `json:"gone,omitempty" doc:"Left the station."`
	Self bool   `json:"self,omitempty" doc:"The caller."`
}

// NoteMention is a liaison whom a note names.
type NoteMention struct {
	ID   string `json:"id"`
	Seen bool   `json:"seen" doc:"They ticked it off, or wrote a note after it."`
}

// Note is what a liaison wrote for the others.
type Note struct {
	ID       string        `json:"id"`
	By       string        `json:"by" doc:"The liaison's id."`
	Name     string        `json:"name" doc:"Their name when they wrote it."`
	At       time.Time     `json:"at"`
	Text     string        `json:"text"`
	Mentions []NoteMention `json:"mentions" nullable:"false"`
}

// Reminder brings a submission back to the caller's start page.
type Reminder struct {
	Day  string `json:"day" doc:"YYYY-MM-DD."`
	Text string `json:"text,omitempty" maxLength:"400" doc:"What for; at most 100 characters."`
}

// Owing is somebody from whom the next step is expected.
type Owing struct {
	Role     string     `json:"role" enum:"member,department"`
	Name     string     `json:"name"`
	Nudged   int        `json:"nudged" doc:"How often they were nudged about it."`
	NudgedAt *time.Time `json:"nudged_at,omitempty" doc:"When last."`
}

// Notes are what the station's liaisons keep beside a submission. Nobody else reads it.
type Notes struct {
	Items      []Note          `json:"items" nullable:"false" doc:"The oldest first."`
	Tags       []string        `json:"tags" nullable:"false"`
	Reminder   *Reminder       `json:"reminder,omitempty" doc:"The caller's own."`
	Mentioned  bool            `json:"mentioned,omitempty" doc:"A note names the caller, who has not ticked it off."`
	Colleagues []NoteColleague `json:"colleagues" nullable:"false" doc:"Whom a note can name by @ and their name."`
	Owing      []Owing         `json:"owing" nullable:"false" doc:"Who can be nudged."`
	NudgeAt    *time.Time      `json:"nudge_at,omitempty" doc:"All of them were nudged a short while ago: from when one can be again."`
	Nudged     *Nudged         `json:"nudged,omitempty" doc:"In the answer of a nudge alone: whom it reached."`
}

// Nudged is whom a nudge reached. Whoever owes the next step is in one of the lists.
type Nudged struct {
	Told    []string `json:"told" nullable:"false" doc:"The names of those who are sent a notice."`
	Recent  []string `json:"recent" nullable:"false" doc:"The names of those who were nudged a short while ago, and are not told again."`
	Unbound []string `json:"unbound" nullable:"false" doc:"The names of those who have bound no WeChat: call them."`
}

// NewNote is the body for writing a note.
type NewNote struct {
	Text string `json:"text" doc:"At most 1000 characters. Liaisons named by @ and their name are told."`
}

// TagList are all tags of a submission.
type TagList struct {
	Tags []string `json:"tags" nullable:"false" maxItems:"20" doc:"At most 10, of at most 12 characters each."`
}

// TagChanges are tags to add and to remove.
type TagChanges struct {
	Add    []string `json:"add,omitempty" nullable:"false" maxItems:"20" doc:"Of at most 12 characters each; at most 10 are kept beside a submission."`
	Remove []string `json:"remove,omitempty" nullable:"false" maxItems:"20"`
}

// TagUse is a tag that the station uses.
type TagUse struct {
	Tag   string `json:"tag"`
	Count int    `json:"count"`
}

// TagsInUse are the tags that the station uses.
type TagsInUse struct {
	Items []TagUse `json:"items" nullable:"false" doc:"The most frequent first."`
}

type (
	newNoteIn struct {
		wire.ByID
		Key  string `header:"Idempotency-Key" pattern:"^([A-Za-z0-9_-]{8,64})?$" patternDescription:"8 至 64 位字母、数字、下划线或连字符" doc:"The caller's note under this key is added once, however often it is sent."`
		Body NewNote
	}
	noteIn struct {
		wire.ByID
		Note string `path:"note" maxLength:"64" doc:"The note's id."`
	}
	tagsIn struct {
		wire.ByID
		Body TagList
	}
	tagChangesIn struct {
		wire.ByID
		Body TagChanges
	}
	reminderIn struct {
		wire.ByID
		Body Reminder
	}
)

func (rt *routes) addNotes() {
	write := func(method, path, id, summary string, a access.Action) web.Operation {
		return web.Op(method, path, id, summary).By(web.May(a)).Writes().Fails(http.StatusForbidden, http.StatusNotFound)
	}
	const of = "/submissions/{id}/notes"
	web.Handle(rt.api, web.Op(http.MethodGet, of, "getNotes", "What the station's liaisons keep beside it: notes, tags, the caller's reminder, and who can be nudged.").
		By(web.May(access.Annotate)).Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *wire.ByID) (*wire.Output[Notes], error) {
		return out(c)(rt.notes.Read(ctx, c, in.ID))
	})
	web.Handle(rt.api, write(http.MethodPost, of, "addNote", "Write a note that only the station's liaisons read.", access.Annotate), func(ctx context.Context, c access.Caller, in *newNoteIn) (*wire.Output[Notes], error) {
		return out(c)(rt.notes.Add(ctx, c, in.ID, in.Key, in.Body.Text))
	})
	web.Handle(rt.api, write(http.MethodDelete, of+"/{note}", "removeNote", "Delete a note of one's own.", access.Annotate), func(ctx context.Context, c access.Caller, in *noteIn) (*wire.Output[Notes], error) {
		return out(c)(rt.notes.Remove(ctx, c, in.ID, in.Note))
	})
	web.Handle(rt.api, write(http.MethodPost, of+"/seen", "tickOffMentions", "Tick off the notes that name the caller.", access.Annotate), func(ctx context.Context, c access.Caller, in *wire.ByID) (*wire.Output[Notes], error) {
		return out(c)(rt.notes.MarkSeen(ctx, c, in.ID))
	})
	web.Handle(rt.api, write(http.MethodPatch, "/submissions/{id}/tags", "changeTags", "Add tags and remove others.", access.Annotate), func(ctx context.Context, c access.Caller, in *tagChangesIn) (*wire.Output[Notes], error) {
		return out(c)(rt.notes.ChangeTags(ctx, c, in.ID, in.Body.Add, in.Body.Remove))
	})
	web.Handle(rt.api, write(http.MethodPut, "/submissions/{id}/tags", "setTags", "Replace its tags, also those that others have added meanwhile.", access.Annotate), func(ctx context.Context, c access.Caller, in *tagsIn) (*wire.Output[Notes], error) {
		return out(c)(rt.notes.SetTags(ctx, c, in.ID, in.Body.Tags))
	})
	web.Handle(rt.api, write(http.MethodPut, "/submissions/{id}/reminder", "setReminder", "Bring it back to the caller's own page of what needs them on a day.", access.Annotate), func(ctx context.Context, c access.Caller, in *reminderIn) (*wire.Output[Notes], error) {
		return out(c)(rt.notes.Remind(ctx, c, in.ID, in.Body.Day, in.Body.Text))
	})
	web.Handle(rt.api, write(http.MethodDelete, "/submissions/{id}/reminder", "dropReminder", "Take that back.", access.Annotate), func(ctx context.Context, c access.Caller, in *wire.ByID) (*wire.Output[Notes], error) {
		return out(c)(rt.notes.Remind(ctx, c, in.ID, "", ""))
	})
	web.Handle(rt.api, write(http.MethodPost, "/submissions/{id}/nudge", "nudge", "Ask everybody who owes the next step to hurry; each at most every four hours.", access.Nudge), func(ctx context.Context, c access.Caller, in *wire.ByID) (*wire.Output[Notes], error) {
		p, n, err := rt.notes.Nudge(ctx, c, in.ID)
		answer, err := out(c)(p, err)
		if err == nil {
			answer.Body.Nudged = &Nudged{Told: listOf(n.Told), Recent: listOf(n.Recent), Unbound: listOf(n.Unbound)}
		}
		return answer, err
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/tags", "listTags", "The tags that the station uses.").
		By(web.Staff).Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[TagsInUse], error) {
		list, err := rt.notes.Tags(ctx, c)
		body := TagsInUse{Items: make([]TagUse, len(list))}
		for i, t := range list {
			body.Items[i] = TagUse(t)
		}
		return &wire.Output[TagsInUse]{Body: body}, err
	})
}

// out answers with the page as the caller sees it.
func out(c access.Caller) func(desknotes.Page, error) (*wire.Output[Notes], error) {
	return func(p desknotes.Page, err error) (*wire.Output[Notes], error) {
		if err != nil {
			return nil, err
		}
		return &wire.Output[Notes]{Body: notesOf(p, c)}, nil
	}
}

func notesOf(p desknotes.Page, c access.Caller) Notes {
	n := Notes{
		Items: make([]Note, len(p.Notes)), Tags: listOf(p.Tags), Colleagues: make([]NoteColleague, len(p.Colleagues)),
		Owing: make([]Owing, len(p.Owing)), NudgeAt: timeOf(p.NudgeAt),
	}
	for i, x := range p.Notes {
		n.Items[i] = noteOf(x)
	}
	for i, l := range p.Colleagues {
		n.Colleagues[i] = NoteColleague{ID: l.ID, Name: l.Name, Gone: l.Left, Self: l.ID == c.ID}
	}
	for i, o := range p.Owing {
		n.Owing[i] = Owing{Role: string(o.Role), Name: o.Name, Nudged: o.Nudged, NudgedAt: timeOf(o.Last)}
	}
	if r, ok := p.ReminderOf(c.ID); ok {
		n.Reminder = &Reminder{Day: r.At.Time().In(station.Zone).Format(time.DateOnly), Text: r.Text}
	}
	_, n.Mentioned = p.OpenMention(c.ID)
	return n
}

func noteOf(x annotation.Note) Note {
	n := Note{ID: x.ID, By: x.By, Name: x.Name, At: x.At.Time().In(station.Zone), Text: x.Text, Mentions: make([]NoteMention, len(x.Mentions))}
	for i, m := range x.Mentions {
		n.Mentions[i] = NoteMention{ID: m.Liaison, Seen: m.SeenAt != 0}
	}
	return n
}

// listOf returns a list that is never null.
func listOf(names []string) []string { return append([]string{}, names...) }

// timeOf returns a time, nil for 0.
func timeOf(at casework.Millis) *time.Time {
	if at == 0 {
		return nil
	}
	t := at.Time().In(station.Zone)
	return &t
}
