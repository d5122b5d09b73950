package desktest

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Noon is noon of a Wednesday.
var Noon = time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone)

// stub is a store with only what the tests of pure parts need; other calls panic.
type stub struct {
	desk.Store

	mu     sync.Mutex
	Town   *station.Station
	One    casework.Submission
	Paged  func(ix record.Index, after record.Cursor, limit int) ([]casework.Submission, record.Cursor, bool)
	Fail   error
	asked  map[string]int
	Before func(what string) // is called without the lock
}

// documents is embedded under another name than that of its method.
type documents = desk.Documents

// noDays has no reception days.
type noDays struct{ documents }

func (noDays) DocumentsBetween(context.Context, string, record.DocumentKind, int64, int64, int) ([]record.Document, bool, error) {
	return nil, false, nil
}

func (s *stub) count(what string) error {
	if s.Before != nil {
		s.Before(what)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		s.asked = map[string]int{}
	}
	s.asked[what]++
	return s.Fail
}

func (s *stub) Times(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[what]
}

func (s *stub) Set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *stub) Station(context.Context, string) (*station.Station, error) {
	if err := s.count("station"); err != nil {
		return nil, err
	}
	return s.Town, nil
}

func (s *stub) StationVersion(context.Context, string) (int, error) {
	return s.Town.Version, s.count("version")
}

func (s *stub) Load(_ context.Context, id string) (casework.Submission, error) {
	if id != s.One.ID {
		return casework.Submission{}, access.Missing()
	}
	return s.One, s.count("load")
}

func (s *stub) SetOpened(context.Context, string, string, time.Time) error { return s.count("opened") }

func (s *stub) LoadWithUndelivered(ctx context.Context, id string) (casework.Submission, []string, error) {
	sub, err := s.Load(ctx, id)
	return sub, nil, err
}

func (s *stub) UndeliveredOf(context.Context, string, []string) ([]record.Undelivered, error) {
	return nil, s.count("told")
}

func (s *stub) DropUndelivered(context.Context, string, string) error { return s.count("told") }

func (s *stub) Page(_ context.Context, _ string, ix record.Index, after record.Cursor, limit int) ([]casework.Submission, record.Cursor, bool, error) {
	err := s.count("page")
	list, next, more := s.Paged(ix, after, limit)
	return list, next, more, err
}

func (s *stub) Session(_ context.Context, hash string) (string, error) {
	if err := s.count("session"); err != nil {
		return "", err
	}
	if hash == "" || len(hash) != 64 {
		return "", access.NoSession()
	}
	return "u1", nil
}

func (s *stub) DropSession(context.Context, string) error { return s.count("drop") }

func (s *stub) Person(_ context.Context, id string) (record.Person, error) {
	return record.Person{ID: id, OpenID: "o1", Role: "member", Station: "hh", Ref: "a"}, s.count("person")
}

// manualClock is a clock that a test moves.
type manualClock struct {
	mu sync.Mutex
	at time.Time
}

func (h *manualClock) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *manualClock) Move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// Open returns a desk on a stub with a small town.
func Open(tb testing.TB) (*desk.Desk, *stub, *manualClock) {
	tb.Helper()
	s := &stub{Town: &station.Station{
		ID: "hh", Name: "黄河镇委员工作站", Phone: "0931-1234567", Version: 1,
		Members: []station.Member{
			{ID: "a", Name: "张三", Sector: "文化旅游", Phone: "sealed-member-phone"}, {ID: "b", Name: "李四", Sector: "教育"},
		},
		Liaisons:    []station.Liaison{{ID: "l", Name: "赵六"}},
		Departments: []station.Department{{ID: "d", Name: "文旅局"}},
		Categories:  []station.Category{{Key: "tour", Name: "景区服务"}},
	}}
	h := &manualClock{at: Noon}
	d := desk.New(kit.Config{PublicURL: "https://ma.example.cn"}, desk.Parts{
		Store: s, Documents: noDays{}, Days: calendar.New(station.Zone), Now: h.now,
		Rand: rand.NewChaCha8([32]byte{}), Log: slog.New(slog.DiscardHandler),
	})
	return d, s, h
}

var (
	ByVisitor    = access.Caller{Person: "u1", Role: access.Visitor}
	ByMember     = access.Caller{Person: "u3", Role: access.Member, Station: "hh", ID: "a", Name: "张三"}
	ByLiaison    = access.Caller{Person: "u6", Role: access.Liaison, Station: "hh", ID: "l", Name: "赵六"}
	ByDepartment = access.Caller{Person: "u8", Role: access.Department, Station: "hh", ID: "d", Name: "文旅局"}
)

// FieldsOf returns the names of an Invalid fault's fields.
func FieldsOf(err error) []string {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Code != fault.Invalid {
		return nil
	}
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Field)
	}
	return names
}
