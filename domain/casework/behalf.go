package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// ErasedFiler is the filer of a submission whose filer had their data erased.
const ErasedFiler = "gone"

// ErasedText replaces erased texts.
const ErasedText = "（应本人要求删除）"

// WithPhone changes the number for calling the filer; both arguments are "" to remove it. sealed is the
// encrypted number.
func (s Submission) WithPhone(sealed, mask string, now time.Time) (Submission, error) {
	if !s.State.Open() {
		return s, fault.New(fault.WrongState, "这件诉求现在是“%s”，不再需要电话", s.State.Chinese())
	}
	s.Version++
	s.Phone, s.PhoneMask = sealed, mask
	s.Thread = append(slices.Clone(s.Thread), Entry{At: At(now), What: Correct, By: Actor{Role: access.Visitor, ID: s.Filer}})
	return s, nil
}

// WithoutPersonalData returns the submission without its filer's personal data (个人信息保护法 art. 47): words,
// photos, voice, place, numbers, and identity, and the photos of what was done for them. What the station did, when,
// and with what outcome stays, for the figures. The submission must be over.
func (s Submission) WithoutPersonalData(now time.Time) (Submission, error) {
	if s.State.Open() {
		return s, fault.New(fault.WrongState, "这件诉求还没有办结，请先撤回")
	}
	s.Version++
	s.Filer, s.Anonymous = ErasedFiler, true
	s.Text, s.Photos, s.Voice, s.Place = ErasedText, nil, "", nil
	s.Phone, s.PhoneMask, s.Until = "", "", 0
	s.OnBehalf, s.Against, s.Proxy = nil, nil, nil
	s.Thread = slices.Clone(s.Thread)
	for i, e := range s.Thread {
		if showsResult(e) {
			s.Thread[i].Photos = nil
		}
		if e.By.Role != access.Visitor {
			continue
		}
		e.By.ID, e.Photos = "", nil
		if e.Text != "" {
			e.Text = ErasedText
		}
		s.Thread[i] = e
	}
	if s.Rating != nil {
		r := *s.Rating
		r.Reason = ""
		s.Rating = &r
	}
	s.Thread = append(s.Thread, Entry{At: At(now), What: Erase, By: Actor{Role: access.System}})
	return s, nil
}

// showsResult reports whether the photos of an entry show what was done for the filer, at home or in person.
func showsResult(e Entry) bool { return e.What == access.Close || e.What == access.Fulfil }

// HasUpload reports whether the submission contains the upload, in anybody's words.
func (s Submission) HasUpload(upload string) bool {
	return s.Voice == upload || slices.Contains(s.Photos, upload) || slices.ContainsFunc(s.Thread, func(e Entry) bool {
		return slices.Contains(e.Photos, upload) ||
			slices.ContainsFunc(e.Parts, func(p Part) bool { return slices.Contains(p.Photos, upload) })
	})
}

// ResultUploads are the photos of what was done for its filer. They are erased with the filer's own.
func (s Submission) ResultUploads() (list []string) {
	for _, e := range s.Thread {
		if showsResult(e) {
			list = append(list, e.Photos...)
		}
	}
	return list
}

// FilerUploads are the uploads of its filer, at filing and later.
func (s Submission) FilerUploads() []string {
	var list []string
	add := func(ids ...string) {
		for _, id := range ids {
			if id != "" && !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	add(s.Photos...)
	add(s.Voice)
	for _, e := range s.Thread {
		if e.By.Role == access.Visitor {
			add(e.Photos...)
		}
	}
	return list
}
