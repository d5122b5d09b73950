package notes

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/listindex"
	"mashang/domain/notice"
)

// Read returns what is kept beside a submission, for its station's liaison.
func (svc *Service) Read(ctx context.Context, c access.Caller, id string) (Page, error) {
	x, set, err := svc.load(ctx, c, access.Annotate, id)
	if err != nil {
		return Page{}, err
	}
	return svc.page(x, set), nil
}

// Add writes a note. Whoever it names by "@" and their name is told, and finds it on their start page. A key that the
// caller used beside the submission before adds nothing, so that a note whose answer was lost can be sent again; "" is
// no key.
func (svc *Service) Add(ctx context.Context, c access.Caller, id, key, text string) (Page, error) {
	note := annotation.Note{ID: keyedNoteID(c, key), By: c.ID, Name: c.Name, Text: text}
	var err error
	if key == "" {
		if note.ID, err = svc.kit.NewID(""); err != nil {
			return Page{}, err
		}
	}
	return svc.change(ctx, c, access.Annotate, id, func(x kit.Scoped, set annotation.Set) (annotation.Set, []notice.Entry, error) {
		if slices.ContainsFunc(set.Notes, func(n annotation.Note) bool { return n.ID == note.ID }) {
			return set, nil, errUnchanged
		}
		note.At = casework.At(svc.kit.Now())
		note.Mentions = annotation.Mentioned(casework.Clean(text), x.Station().Liaisons, c.ID)
		next, err := set.WithNote(note)
		notices := make([]notice.Entry, len(note.Mentions))
		for i, m := range note.Mentions {
			notices[i] = notice.Entry{
				Submission: x.Submission().ID, Purpose: notice.LiaisonUrge, Liaison: m.Liaison, About: notice.AboutMention, At: int64(note.At),
			}
		}
		return next, notices, err
	})
}

// keyedNoteID returns the id of the note that a caller sends under a key.
func keyedNoteID(c access.Caller, key string) string {
	sum := sha256.Sum256([]byte(c.ID + "\n" + key))
	return hex.EncodeToString(sum[:16])
}

// Remove deletes a note of the caller's own.
func (svc *Service) Remove(ctx context.Context, c access.Caller, id, note string) (Page, error) {
	x, set, err := svc.load(ctx, c, access.Annotate, id)
	if err != nil {
		return Page{}, err
	}
	if _, err := set.WithoutNote(note, c.ID); err != nil {
		return Page{}, err
	}
	act := audit.Act{By: c, What: audit.RemoveNote, Object: x.Submission().ID}
	return audit.Do(ctx, svc.audit, c.Station, act, func(w audit.Written) (Page, error) { return remove(ctx, svc, w, c, id, note) })
}

func remove(ctx context.Context, svc *Service, w audit.Written, c access.Caller, id, note string) (Page, error) {
	if err := w.Of(audit.RemoveNote); err != nil {
		return Page{}, err
	}
	return svc.change(ctx, c, access.Annotate, id, func(_ kit.Scoped, set annotation.Set) (annotation.Set, []notice.Entry, error) {
		next, err := set.WithoutNote(note, c.ID)
		return next, nil, err
	})
}

// MarkSeen ticks off the notes that name the caller.
func (svc *Service) MarkSeen(ctx context.Context, c access.Caller, id string) (Page, error) {
	return svc.change(ctx, c, access.Annotate, id, func(_ kit.Scoped, set annotation.Set) (annotation.Set, []notice.Entry, error) {
		return set.Seen(c.ID, casework.At(svc.kit.Now())), nil, nil
	})
}

// Remind brings the submission back to the caller's start page on a day, YYYY-MM-DD. "" takes a reminder back.
func (svc *Service) Remind(ctx context.Context, c access.Caller, id, day, text string) (Page, error) {
	var check fault.Check
	at := casework.At(kit.Day(&check, "day", day))
	if err := check.Err(); err != nil {
		return Page{}, err
	}
	return svc.change(ctx, c, access.Annotate, id, func(_ kit.Scoped, set annotation.Set) (annotation.Set, []notice.Entry, error) {
		if day == "" {
			return set.WithoutReminder(c.ID), nil, nil
		}
		next, err := set.WithReminder(annotation.Reminder{Liaison: c.ID, At: at, Text: text}, svc.kit.Now())
		return next, nil, err
	})
}

// ChangeTags adds tags to a submission and removes others.
func (svc *Service) ChangeTags(ctx context.Context, c access.Caller, id string, add, remove []string) (Page, error) {
	return svc.tag(ctx, c, id, func(set annotation.Set) (annotation.Set, error) { return set.WithTagChanges(add, remove) })
}

// SetTags replaces the tags of a submission.
func (svc *Service) SetTags(ctx context.Context, c access.Caller, id string, tags []string) (Page, error) {
	return svc.tag(ctx, c, id, func(set annotation.Set) (annotation.Set, error) { return set.WithTags(tags) })
}

// tag changes the tags of a submission. The line in the audit has all of them as the caller saw them, with the change.
func (svc *Service) tag(ctx context.Context, c access.Caller, id string, do func(annotation.Set) (annotation.Set, error)) (Page, error) {
	x, set, err := svc.load(ctx, c, access.Annotate, id)
	if err != nil {
		return Page{}, err
	}
	next, err := do(set)
	if err != nil {
		return Page{}, err
	}
	act := audit.Act{By: c, What: audit.SetTags, Object: x.Submission().ID, Why: strings.Join(next.Tags, "、")}
	return audit.Do(ctx, svc.audit, c.Station, act, func(w audit.Written) (Page, error) { return setTags(ctx, svc, w, c, id, do) })
}

func setTags(ctx context.Context, svc *Service, w audit.Written, c access.Caller, id string, do func(annotation.Set) (annotation.Set, error)) (Page, error) {
	if err := w.Of(audit.SetTags); err != nil {
		return Page{}, err
	}
	return svc.change(ctx, c, access.Annotate, id, func(_ kit.Scoped, set annotation.Set) (annotation.Set, []notice.Entry, error) {
		next, err := do(set)
		return next, nil, err
	})
}

// Tags returns the tags that the station uses, the most frequent first.
func (svc *Service) Tags(ctx context.Context, c access.Caller) (list []listindex.TagCount, err error) {
	if err := access.RequireStaff(c, false); err != nil {
		return nil, err
	}
	err = svc.listing.WithIndex(ctx, c.Station, func(x *listindex.Index) { list = x.Tags() })
	return list, err
}

// errUnchanged is what a change returns that leaves the set as it is: nothing is written and nobody told.
var errUnchanged = errors.New("notes: nothing to change")

// change replaces a submission's set by what do makes of it, and returns the page. It tries again when somebody else
// changed the set meanwhile.
func (svc *Service) change(ctx context.Context, c access.Caller, a access.Action, id string,
	do func(kit.Scoped, annotation.Set) (annotation.Set, []notice.Entry, error),
) (Page, error) {
	for range kit.MaxConflictRetries {
		x, set, err := svc.load(ctx, c, a, id)
		if err != nil {
			return Page{}, err
		}
		next, notices, err := do(x, set)
		if errors.Is(err, errUnchanged) {
			return svc.page(x, set), nil
		}
		if err != nil {
			return Page{}, err
		}
		for i := range notices {
			if notices[i].ID, err = svc.kit.NewID(""); err != nil {
				return Page{}, err
			}
		}
		ok, err := svc.store.PutAnnotations(ctx, next, notices)
		if err != nil {
			return Page{}, err
		}
		if ok {
			return svc.page(x, next), nil
		}
	}
	return Page{}, busy()
}

// load reads a submission of the caller's station for an action, and what is kept beside it.
func (svc *Service) load(ctx context.Context, c access.Caller, a access.Action, id string) (kit.Scoped, annotation.Set, error) {
	x, err := svc.kit.Submission(ctx, c, a, id)
	if err != nil {
		return x, annotation.Set{}, err
	}
	sets, err := svc.store.Annotations(ctx, x.Submission().Station, []string{x.Submission().ID})
	set := sets[x.Submission().ID]
	set.Submission = x.Submission().ID
	return x, set, err
}

// Erase deletes what is kept beside a submission whose filer has their data erased, also what cannot be read.
func Erase(ctx context.Context, svc *Service, w audit.Written, id string) error {
	if err := w.Of(audit.Erase); err != nil {
		return err
	}
	_, err := svc.store.PutAnnotations(ctx, annotation.Set{Submission: id, Revision: annotation.AnyRevision}, nil)
	return err
}

func busy() error {
	return fault.New(fault.Unavailable, "多人正在同时处理这件诉求，请稍后再试")
}
