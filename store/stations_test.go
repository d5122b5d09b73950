package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

func TestStationIsReplacedByItsVersion(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	_, err := s.Station(t.Context(), st)
	wantCode(t, "unknown", err, fault.NotFound)
	equal(t, "version of nothing", must(s.StationVersion(t.Context(), st))(t), 0)
	equal(t, "version of no id", must(s.StationVersion(t.Context(), "a}b"))(t), 0)

	roster := found(t, s)
	equal(t, "roster", must(s.Station(t.Context(), st))(t), roster)
	equal(t, "version", must(s.StationVersion(t.Context(), st))(t), 1)
	equal(t, "ids", must(s.StationIDs(t.Context()))(t), []string{st})

	roster.Version, roster.Name = 2, "新名"
	for was, want := range map[int]bool{0: false} {
		equal(t, "put", must(s.PutStation(t.Context(), roster, was))(t), want)
	}
	equal(t, "put", must(s.PutStation(t.Context(), roster, 1))(t), true)
	equal(t, "name", must(s.Station(t.Context(), st))(t).Name, "新名")
}

func TestPutStationRefuses(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, id := range []string{"", "a", "a}b", "LJ", "a-b", "abcdefghijklm"} {
		_, err := s.PutStation(t.Context(), &station.Station{ID: id, Version: 1}, 0)
		wantCode(t, id, err, fault.Invalid)
	}
	_, err := s.PutStation(t.Context(), &station.Station{ID: st, Version: 3}, 3)
	wantCode(t, "a version that stands still", err, fault.Internal)
	equal(t, "ids", must(s.StationIDs(t.Context()))(t), []string{})
}

func TestOfManyRostersOneWins(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	found(t, s)
	var mu sync.Mutex
	won := ""
	each(t, 10, func(ctx context.Context, i int) error {
		name := fmt.Sprint("名", i)
		ok, err := s.PutStation(ctx, &station.Station{ID: st, Name: name, Version: 2}, 1)
		mu.Lock()
		defer mu.Unlock()
		if ok {
			won += name
		}
		return err
	})
	equal(t, "winner", must(s.Station(t.Context(), st))(t).Name, won)
}

func TestDamagedRoster(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	c := server.Client(t)
	if err := c.MSet(t.Context(), "{lj}:roster", "{", "{lj}:ver", "x").Err(); err != nil {
		t.Fatal(err)
	}
	_, err := s.Station(t.Context(), st)
	wantCode(t, "roster", err, fault.Internal)
	_, err = s.StationVersion(t.Context(), st)
	wantCode(t, "version", err, fault.Internal)
}

func code(key, st string) station.Code {
	return station.Code{Key: key, Station: st, Target: station.Target{Kind: station.ForMember, ID: "m1"}, CreatedAt: 1}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	_, err := s.Code(t.Context(), "k1")
	wantCode(t, "unknown", err, fault.NotFound)
	a, b, moved := code("k1", st), code("k2", st), code("k3", st)
	for _, c := range []station.Code{b, a, moved} {
		if err := s.PutCode(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	a.Revoked, moved.Station = true, "kt"
	for _, c := range []station.Code{a, moved} {
		if err := s.PutCode(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "code", must(s.Code(t.Context(), "k1"))(t), a)
	raw := server.Client(t)
	if err := raw.SAdd(t.Context(), "{lj}:codes", "never-written").Err(); err != nil {
		t.Fatal(err)
	}
	equal(t, "codes", must(s.Codes(t.Context(), st))(t), []station.Code{a, b})
	equal(t, "none", must(s.Codes(t.Context(), "xx"))(t), []station.Code{})
	wantCode(t, "no station", s.PutCode(t.Context(), code("k", "")), fault.NotFound)
	if err := raw.Set(t.Context(), "code:k2", "{", 0).Err(); err != nil {
		t.Fatal(err)
	}
	_, err = s.Codes(t.Context(), st)
	wantCode(t, "damaged", err, fault.Internal)
}

func TestOneChangeOfACodeTakesNoOtherBack(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ctx := t.Context()
	if err := s.PutCode(ctx, code("k1", st)); err != nil {
		t.Fatal(err)
	}
	revoke := func(c station.Code) (station.Code, error) { c.Revoked = true; return c, nil }
	calls := 0
	got, err := s.ChangeCode(ctx, "k1", func(c station.Code) (station.Code, error) {
		if calls++; calls == 1 { // somebody else meanwhile
			if _, err := s.ChangeCode(ctx, "k1", revoke); err != nil {
				return c, err
			}
		}
		c.Target = station.Target{Kind: station.ForStation}
		return c, nil
	})
	if err != nil || calls != 2 || !got.Revoked || got.Target.Kind != station.ForStation {
		t.Errorf("%+v after %d calls, %v", got, calls, err)
	}
	equal(t, "stored", must(s.Code(ctx, "k1"))(t), got)
	broken := errors.New("not written down")
	if _, err := s.ChangeCode(ctx, "k1", func(c station.Code) (station.Code, error) { c.Revoked = false; return c, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	equal(t, "stored still", must(s.Code(ctx, "k1"))(t), got)
	if _, err := s.ChangeCode(ctx, "k9", revoke); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestCodesBeyondABatch(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	each(t, 8, func(ctx context.Context, i int) error {
		for n := range 130 {
			if err := s.PutCode(ctx, code(fmt.Sprintf("k%04d", i*130+n), st)); err != nil {
				return err
			}
		}
		return nil
	})
	list := must(s.Codes(t.Context(), st))(t)
	equal(t, "codes", len(list), 8*130)
	equal(t, "last", list[len(list)-1].Key, "k1039")
}

func TestUploads(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	_, err := s.Upload(t.Context(), "f1")
	wantCode(t, "unknown", err, fault.NotFound)
	photo := record.Upload{ID: "f1", Owner: "u1", Kind: "photo", Hash: "h", Width: 4000, Height: 3000, Submissions: []string{}}
	voice := record.Upload{ID: "f2", Owner: "u1", Kind: "voice", Hash: "v", Seconds: 59, Submissions: []string{}}
	for _, u := range []record.Upload{photo, voice} {
		if err := s.PutUpload(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		equal(t, u.ID, must(s.Upload(t.Context(), u.ID))(t), u)
	}
	for _, id := range []string{"lj-2", "lj-1", "lj-2"} {
		if err := s.Attach(t.Context(), []string{"f1", "f2"}, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Attach(t.Context(), nil, "lj-3"); err != nil {
		t.Fatal(err)
	}
	photo.Submissions = []string{"lj-1", "lj-2"}
	equal(t, "attached", must(s.Upload(t.Context(), "f1"))(t), photo)
	if err := server.Client(t).Set(t.Context(), "upload:f1", "{", 0).Err(); err != nil {
		t.Fatal(err)
	}
	_, err = s.Upload(t.Context(), "f1")
	wantCode(t, "damaged", err, fault.Internal)
}

func TestAuditIsWrittenAndKept(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	if l, n, err := s.LastAudit(t.Context(), st); err != nil || n != 0 || l.Entry != "" {
		t.Errorf("%+v, %d, %v", l, n, err)
	}
	line := record.Link{Audit: record.Audit{At: noon.Local(), Role: "liaison", ID: "l1", Person: "u1", Action: "phone", Object: "lj-1", Why: "回访"}, N: 1, MAC: "k1.a"}
	for n := range int64(3) {
		last, count, err := s.LastAudit(t.Context(), st)
		if err != nil || count != n {
			t.Fatal(count, err)
		}
		line.N = n + 1
		if ok, err := s.AppendAudit(t.Context(), st, last.Entry, line); err != nil || !ok {
			t.Fatal(ok, err)
		}
		// A writer that has seen an older end appends nothing.
		if ok, err := s.AppendAudit(t.Context(), st, last.Entry, line); err != nil || ok {
			t.Errorf("appended after %q: %v, %v", last.Entry, ok, err)
		}
	}
	up, down := must(s.AuditsFrom(t.Context(), st, "", 2))(t), must(s.Audits(t.Context(), st, "", 2))(t)
	equal(t, "oldest first", []int64{up[0].N, up[1].N}, []int64{1, 2})
	equal(t, "newest first", []int64{down[0].N, down[1].N}, []int64{3, 2})
	equal(t, "the rest", len(must(s.AuditsFrom(t.Context(), st, up[1].Entry, 9))(t)), 1)
	equal(t, "before", must(s.Audits(t.Context(), st, down[1].Entry, 9))(t)[0].N, int64(1))
	got := down[0]
	got.Entry = ""
	line.At = got.At
	equal(t, "line", got, line)
	lines := must(server.Client(t).XRange(t.Context(), "{lj}:audit", "-", "+").Result())(t)
	equal(t, "stored", lines[2].Values, map[string]any{
		"at": fmt.Sprint(noon.UnixMilli()), "role": "liaison", "id": "l1", "person": "u1",
		"what": "phone", "thing": "lj-1", "why": "回访", "n": "3", "mac": "k1.a",
	})
	_, err := s.AppendAudit(t.Context(), "", "", line)
	wantCode(t, "no station", err, fault.NotFound)
}
