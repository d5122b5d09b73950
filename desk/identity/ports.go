package identity

import (
	"context"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Platform is what the area asks of the platform.
type Platform interface {
	// Login turns a login code into an openid; fault.Invalid for a used one.
	Login(ctx context.Context, code string) (openid string, err error)
	// OfficialLogin turns a code of the official account's login on web pages into
	// the person's openid there; fault.Invalid for a used one.
	OfficialLogin(ctx context.Context, code string) (openid string, err error)
	// AuthorizeURL is where such a login begins, "" without an official account.
	AuthorizeURL(redirect, state string) string
	// Phone turns a phone code into a number in clear.
	Phone(ctx context.Context, code string) (string, error)
	// Notify asks for one delivery. err explains an outcome other than Sent,
	// for the log; it holds nothing personal.
	Notify(ctx context.Context, m notice.Message) (notice.Receipt, error)
}

// Sealer is what the area asks of the key ring.
type Sealer interface {
	// BlindIndex names a value for a purpose; nobody without the key can test a
	// guess. BlindIndexes are its names under every key, the present one first.
	BlindIndex(value, purpose string) string
	BlindIndexes(value, purpose string) []string
}

// Store is what the area asks of the store.
type Store interface {
	// PersonByOpenID returns the person, made with newID at first sight.
	PersonByOpenID(ctx context.Context, openid, newID string) (record.Person, error)
	// FindPerson answers fault.NotFound for an openid never seen.
	FindPerson(ctx context.Context, openid string) (record.Person, error)
	// PutLoginCode keeps the hash of a one-time code for whom it was sent to, in
	// place of one before. TryLoginCode counts a try and, in the same step, ends the
	// code if the hash is its own; not ok when there is none, it is another or it
	// was tried too often.
	PutLoginCode(ctx context.Context, who, codeHash string, ttl time.Duration) error
	TryLoginCode(ctx context.Context, who, codeHash string, most int) (ok bool, err error)
	// TakeRate takes one of most that come back evenly over a span, for whom the key
	// stands; else it returns how long it is until there is one.
	TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error)
	// ReturnRate gives back one that was taken and not used, ForgetRate all of them.
	ReturnRate(ctx context.Context, key string, most int, span time.Duration) error
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// Bind gives the person the invitation's role; whoever had that role's
	// ref before loses it, as a member has one WeChat.
	Bind(ctx context.Context, person string, in record.Invite) error
	// Bound returns who is bound to a role's ref, "" for nobody; BoundAll does so
	// for many, in their order.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
	BoundAll(ctx context.Context, list []record.Invite) (persons []string, err error)
	// Unbind takes a role from whoever has it and returns them, "" for nobody.
	Unbind(ctx context.Context, in record.Invite) (person string, err error)
	// EndSessions ends all sessions of a person.
	EndSessions(ctx context.Context, person string) error
	// PutSession and Session keep hashes of tokens only.
	PutSession(ctx context.Context, tokenHash, person string, ttl time.Duration) error
	// Session answers fault.Unauthenticated for an unknown hash.
	Session(ctx context.Context, tokenHash string) (person string, err error)
	DropSession(ctx context.Context, tokenHash string) error
	PutInvite(ctx context.Context, codeHash string, in record.Invite, held string, ttl time.Duration) error
	TakeInvite(ctx context.Context, codeHash string) (in record.Invite, held string, err error)
	SpendConsent(ctx context.Context, person string, p notice.Purpose) error
	// LockPerson lets one sender at a time reach a person; release frees it early.
	LockPerson(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error)
	DropCredentials(ctx context.Context, person string) error
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
}
