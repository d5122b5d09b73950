package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// User is the caller as the client is told.
type User struct {
	ID     string
	Role   access.Role
	Member string
	Name   string
}

// Opened is a new session.
type Opened struct {
	Token     string
	ExpiresAt time.Time
	User      User
	// Target is what was scanned; nil with TargetError "unknown" or "revoked",
	// or when nothing was.
	Target      *Sign
	TargetError string
}

// Open logs in with a login code of the platform. A scene that leads nowhere
// never fails the login: the person can still see their own matters.
func (d *Desk) Open(ctx context.Context, code, scene string) (Opened, error) {
	openid, err := d.platform.Login(ctx, code)
	if err != nil {
		return Opened{}, err
	}
	id, err := d.newID("u")
	if err != nil {
		return Opened{}, err
	}
	person, err := d.store.PersonByOpenID(ctx, openid, id)
	if err != nil {
		return Opened{}, err
	}
	return d.begin(ctx, person, scene)
}

func (d *Desk) target(ctx context.Context, c access.Caller, scene string) (*Sign, string, error) {
	key, err := station.ParseScene(scene)
	if err != nil {
		return nil, "unknown", nil //nolint:nilerr // an unknown scene is an answer, not a failure
	}
	sign, err := d.Sign(ctx, key)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, "unknown", nil
	case err != nil:
		return nil, "", err
	case sign.Revoked:
		return nil, "revoked", nil
	}
	return &sign, "", d.visit(ctx, c.Person, sign.Station.ID)
}

// visit notes once that the person has to do with the station.
func (d *Desk) visit(ctx context.Context, person, st string) error {
	key := person + " " + st
	if d.cache.visited.Contains(key) {
		return nil
	}
	if err := d.store.Visit(ctx, person, st); err != nil {
		return err
	}
	d.cache.visited.Add(key, struct{}{})
	return nil
}

func userOf(c access.Caller) User {
	u := User{ID: c.Person, Role: c.Role, Name: c.Name}
	if c.Role == access.Member {
		u.Member = c.ID
	}
	return u
}

// Caller returns who a token belongs to, or Unauthenticated. What the person is
// bound to may be freshSession old; what that is worth, freshStation.
func (d *Desk) Caller(ctx context.Context, token string) (access.Caller, error) {
	if token == "" {
		return access.Caller{}, access.NoSession()
	}
	h := hash(token)
	p, err := d.cache.sessions.get(ctx, h, func(ctx context.Context, _ Person) (Person, error) {
		id, err := d.store.Session(ctx, h)
		if err != nil {
			return Person{}, err
		}
		p, err := d.store.Person(ctx, id)
		if fault.Is(err, fault.NotFound) {
			err = fault.New(fault.Unauthenticated, "登录已失效，请重新登录") // who had themselves deleted
		}
		return p, err
	})
	if err != nil {
		return access.Caller{}, err
	}
	return d.callerOf(ctx, p)
}

// Leave ends the session of the token. It is forgotten after it is dropped: a
// request in between would remember it again.
func (d *Desk) Leave(ctx context.Context, token string) error {
	err := d.store.DropSession(ctx, hash(token))
	d.cache.sessions.forget(hash(token))
	return err
}

// hash is what is stored of tokens and invitation codes: whoever reads the
// store cannot log in with it.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
