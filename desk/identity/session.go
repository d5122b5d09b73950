package identity

import (
	"context"
	"time"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// User is the caller as the client sees it.
type User struct {
	ID     string
	Role   access.Role
	Member string
	Name   string
}

// OpenedSession is a new session.
type OpenedSession struct {
	Token     string
	ExpiresAt time.Time
	User      User
	// Target is the scanned code's sign. It is nil with TargetError "unknown" or "revoked", or when nothing was
	// scanned.
	Target      *codes.Sign
	TargetError string
}

// Open logs in with a login code of the platform. An invalid scene does not fail the login: the person can
// still see their own submissions.
func (svc *Service) Open(ctx context.Context, code, scene string) (OpenedSession, error) {
	openid, err := svc.platform.Login(ctx, code)
	if err != nil {
		return OpenedSession{}, err
	}
	id, err := svc.kit.NewID("u")
	if err != nil {
		return OpenedSession{}, err
	}
	person, err := svc.store.PersonByOpenID(ctx, openid, id)
	if err != nil {
		return OpenedSession{}, err
	}
	return svc.openSession(ctx, person, scene)
}

func (svc *Service) target(ctx context.Context, c access.Caller, scene string) (*codes.Sign, string, error) {
	key, err := station.ParseScene(scene)
	if err != nil {
		return nil, "unknown", nil //nolint:nilerr // an unknown scene is an answer, not a failure
	}
	sign, err := svc.codes.Sign(ctx, key)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, "unknown", nil
	case err != nil:
		return nil, "", err
	case sign.Revoked:
		return nil, "revoked", nil
	}
	return &sign, "", svc.kit.Visit(ctx, c.Person, sign.Station.ID)
}

// UserOf returns what the client is shown of a caller.
func UserOf(c access.Caller) User {
	u := User{ID: c.Person, Role: c.Role, Name: c.Name}
	if c.Role == access.Member {
		u.Member = c.ID
	}
	return u
}

// Caller returns the caller of a token, or Unauthenticated. The binding may be sessionTTL old, what it permits
// stationTTL.
func (svc *Service) Caller(ctx context.Context, token string) (access.Caller, error) {
	if token == "" {
		return access.Caller{}, access.NoSession()
	}
	h := kit.Hash(token)
	p, err := svc.kit.Cache.Sessions.Get(ctx, h, func(ctx context.Context, _ record.Person) (record.Person, error) {
		id, err := svc.store.Session(ctx, h)
		if err != nil {
			return record.Person{}, err
		}
		p, err := svc.store.Person(ctx, id)
		if fault.Is(err, fault.NotFound) {
			err = fault.New(fault.Unauthenticated, "登录已失效，请重新登录") // the person has erased their data
		}
		return p, err
	})
	if err != nil {
		return access.Caller{}, err
	}
	return svc.kit.CallerOf(ctx, p)
}

// CallerFor returns what a person may do now, for what reads in their name without a session. An unknown person is NotFound.
func (svc *Service) CallerFor(ctx context.Context, person string) (access.Caller, error) {
	p, err := svc.store.Person(ctx, person)
	if err != nil {
		return access.Caller{}, err
	}
	return svc.kit.CallerOf(ctx, p)
}

// SignOut ends the session of the token. The cache is cleared after the store: a request in between would cache
// the session again.
func (svc *Service) SignOut(ctx context.Context, token string) error {
	err := svc.store.DropSession(ctx, kit.Hash(token))
	svc.kit.Cache.Sessions.Forget(kit.Hash(token))
	return err
}
