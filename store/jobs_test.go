package store_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

func job(id string) record.Job {
	return record.Job{ID: id, Station: st, Person: "u1", Kind: "signs", State: record.JobRunning, Made: 5, Total: 9}
}

// A person has one unfinished job of a kind; an ended or silent one makes room.
func TestOneJobOfAKind(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	add := func(j record.Job, want bool) {
		t.Helper()
		equal(t, j.ID+" is taken", must(s.AddJob(t.Context(), j))(t), want)
	}
	add(job("j1"), true)
	add(job("j2"), false)
	another, other := job("j3"), job("j4")
	another.Kind, other.Person = "report", "u2"
	add(another, true)
	add(other, true)
	ended := job("j1")
	ended.State, ended.Made = record.JobDone, 4
	if err := s.PutJob(t.Context(), ended); err != nil {
		t.Fatal(err)
	}
	add(job("j5"), true)
	if err := s.PutJob(t.Context(), ended); err != nil { // a late word of the first
		t.Fatal(err)
	}
	add(job("j6"), false)
	key := "{lj}:jobs:u1:signs"
	if ttl := must(server.Client(t).PTTL(t.Context(), key).Result())(t); ttl <= 0 || ttl > 30e9 {
		t.Errorf("the claim lives %v", ttl)
	}
	if err := server.Client(t).Del(t.Context(), key).Err(); err != nil {
		t.Fatal(err)
	}
	add(job("j7"), true)
}

func TestJobsAreKept(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	for i := range 60 {
		j := job(fmt.Sprintf("j%02d", i))
		j.Kind, j.Made = fmt.Sprint("k", i), casework.Millis(47+i)
		if !must(s.AddJob(t.Context(), j))(t) {
			t.Fatal(j.ID)
		}
	}
	list := must(s.Jobs(t.Context(), st, "u1"))(t)
	if len(list) != 50 || list[0].ID != "j59" || list[49].ID != "j10" {
		t.Fatalf("%d jobs, %s to %s", len(list), list[0].ID, list[len(list)-1].ID)
	}
	want := job("j59")
	want.Kind, want.Made, want.State, want.Error, want.Done = "k59", 106, record.JobFailed, "请重试", 3
	if err := s.PutJob(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, must(s.Job(t.Context(), st, "j59"))(t)); diff != "" {
		t.Error(diff)
	}
	for _, key := range []string{"{lj}:job:j59", "{lj}:jobs:u1"} {
		if ttl := must(server.Client(t).PTTL(t.Context(), key).Result())(t); ttl <= 0 || ttl > 3600e9 {
			t.Errorf("%s lives %v", key, ttl)
		}
	}
	_, err := s.Job(t.Context(), st, "none")
	wantCode(t, "an unknown job", err, fault.NotFound)
	equal(t, "cancelled", must(s.JobCancelled(t.Context(), st, "j59"))(t), false)
	if err := s.CancelJob(t.Context(), st, "j59"); err != nil {
		t.Fatal(err)
	}
	equal(t, "cancelled", must(s.JobCancelled(t.Context(), st, "j59"))(t), true)
	if err := s.PutJob(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	equal(t, "still cancelled", must(s.JobCancelled(t.Context(), st, "j59"))(t), true)
}

// A file of several parts comes back as it was, and replaces one before it.
func TestJobFile(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	_, err := s.JobFile(t.Context(), st, "j1")
	wantCode(t, "no file", err, fault.NotFound)
	for _, size := range []int{1 << 20, 3<<20 + 7, 1} {
		data := bytes.Repeat([]byte{0, 1, 2, 3, 255}, size/5+1)[:size]
		if err := s.PutJobFile(t.Context(), st, "j1", data); err != nil {
			t.Fatal(err)
		}
		if got := must(s.JobFile(t.Context(), st, "j1"))(t); !bytes.Equal(got, data) {
			t.Errorf("%d bytes came back as %d", len(data), len(got))
		}
	}
	if ttl := must(server.Client(t).PTTL(t.Context(), "{lj}:job:j1:f").Result())(t); ttl <= 0 || ttl > 3600e9 {
		t.Errorf("the file lives %v", ttl)
	}
}
