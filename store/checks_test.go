package store_test

import (
	"fmt"
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/store"
)

func question(upload string) record.PhotoCheck {
	return record.PhotoCheck{Upload: upload, Owner: "u1", Token: "token-" + upload, Until: noon.Add(40 * minute).UnixMilli()}
}

func queue(t *testing.T, s *store.Store, c record.PhotoCheck) {
	t.Helper()
	if err := s.PutUpload(t.Context(), record.Upload{ID: c.Upload, Owner: c.Owner, Kind: "photo", Hash: "h"}); err != nil {
		t.Fatal(err)
	}
	if err := s.QueueCheck(t.Context(), c, noon); err != nil {
		t.Fatal(err)
	}
}

func TestAPhotoIsCheckedOnceAndItsTokenDiesWithTheAnswer(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	c := question("f1")
	queue(t, s, c)
	equal(t, "known", must(s.Upload(t.Context(), "f1"))(t).Safety, record.Checking)
	equal(t, "opens", must(s.UploadByToken(t.Context(), c.Token))(t), "f1")
	got := must(s.LeaseChecks(t.Context(), noon, minute, 10))(t)
	want := c
	want.Attempts = 1
	equal(t, "leased", got, []record.PhotoCheck{want})
	equal(t, "hidden meanwhile", len(must(s.LeaseChecks(t.Context(), noon, minute, 10))(t)), 0)
	c.Trace = "trace-1"
	if err := s.PostponeCheck(t.Context(), c, noon.Add(40*minute)); err != nil {
		t.Fatal(err)
	}
	equal(t, "asked", must(s.UploadByTrace(t.Context(), "trace-1"))(t), "f1")
	equal(t, "waits for its answer", len(must(s.LeaseChecks(t.Context(), noon.Add(39*minute), minute, 10))(t)), 0)
	equal(t, "waited for no longer", must(s.LeaseChecks(t.Context(), noon.Add(40*minute), minute, 10))(t)[0].Trace, "trace-1")
	for range 2 { // again after a crash
		if err := s.FinishCheck(t.Context(), "f1"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.UploadByToken(t.Context(), c.Token)
	wantCode(t, "a dead token", err, fault.NotFound)
	equal(t, "queue", len(must(s.LeaseChecks(t.Context(), noon.Add(999*minute), minute, 10))(t)), 0)
}

func TestALiaisonsWordStands(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	queue(t, s, question("f1"))
	judge := func(safety record.Safety, final, want bool) {
		t.Helper()
		equal(t, string(safety), must(s.Judge(t.Context(), "f1", safety, final))(t), want)
	}
	judge(record.Risky, false, true)
	judge(record.Risky, false, false)
	judge(record.Shown, true, true)
	judge(record.Risky, false, false)
	judge(record.Passed, false, false)
	judge(record.Hidden, true, true)
	equal(t, "in the end", must(s.Safeties(t.Context(), []string{"f1", "f2"}))(t),
		map[string]record.Safety{"f1": record.Hidden, "f2": record.Unasked})
}

func TestHeldPhotosPageWithoutGapOrRepetition(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	want := map[string]bool{}
	for i := range 23 {
		id := fmt.Sprintf("f%02d", i)
		want[id] = true
		for range 2 {
			if err := s.HoldPhoto(t.Context(), st+"-k1", id, noon.Add(time.Duration(i/9)*minute)); err != nil {
				t.Fatal(err)
			}
		}
	}
	equal(t, "count", must(s.Count(t.Context(), st, record.Index{Name: record.HeldPhotos}))(t), 23)
	after, more, pages := record.Cursor{}, true, 0
	for ; more; pages++ {
		var list []record.HeldPhoto
		var err error
		if list, after, more, err = s.HeldPhotos(t.Context(), st, after, 5); err != nil {
			t.Fatal(err)
		}
		for _, h := range list {
			if !want[h.Upload] || h.Submission != st+"-k1" {
				t.Errorf("unwanted or repeated: %+v", h)
			}
			delete(want, h.Upload)
		}
	}
	equal(t, "left over", len(want), 0)
	equal(t, "pages", pages, 5)
	if err := s.ReleasePhoto(t.Context(), st+"-k1", "f07"); err != nil {
		t.Fatal(err)
	}
	equal(t, "count after one", must(s.Count(t.Context(), st, record.Index{Name: record.HeldPhotos}))(t), 22)
}

// An alarm is filed with its submission: in its list, and one notice a liaison.
func TestAdmitAlarmsTheLiaisons(t *testing.T) {
	t.Parallel()
	for _, members := range [][]string{{"m1", "m2"}, nil} {
		s, _ := open(t)
		a := filing(5, members...)
		a.Submission.Dangers = []danger.Kind{danger.LifeAtRisk}
		for _, l := range []string{"l1", "l2"} {
			a.Alarms = append(a.Alarms, notice.Entry{
				ID: "n-" + l, Submission: a.Submission.ID, Purpose: notice.LiaisonAlarm, Liaison: l, Version: 1, At: noon.UnixMilli(),
			})
		}
		sub := admit(t, s, a)
		got := map[string]string{}
		for _, e := range must(s.Lease(t.Context(), st, noon, minute, 10))(t) {
			got[string(e.Purpose)+" "+e.Liaison+e.Member] = e.Submission
		}
		want := map[string]string{"liaison_alarm l1": sub.ID, "liaison_alarm l2": sub.ID}
		if members != nil {
			want["member_new m1"] = sub.ID
		}
		equal(t, "told", got, want)
		equal(t, "alarms", must(s.Count(t.Context(), st, record.Index{Name: record.Alarms}))(t), 1)
		next := sub
		next.Version, next.DangerHandledAt = 2, casework.At(noon)
		equal(t, "attended", must(s.Commit(t.Context(), sub, next, nil))(t), true)
		equal(t, "alarms after", must(s.Count(t.Context(), st, record.Index{Name: record.Alarms}))(t), 0)
	}
}

func TestEnqueueNoticeOnce(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	e := notice.Entry{ID: "photo-f1", Submission: st + "-k1", Purpose: notice.VisitorProgress, Person: "u1", About: notice.AboutPhoto}
	for range 3 {
		if err := s.EnqueueNotice(t.Context(), st, e, noon); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "queued", leaseAt(t, s, noon), map[string]int{"photo-f1": 1})
	if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: notice.Sent}, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.EnqueueNotice(t.Context(), st, e, noon); err != nil {
		t.Fatal(err)
	}
	equal(t, "told already", leaseAt(t, s, noon), map[string]int{})
}
