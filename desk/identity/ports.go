package identity

import (
	"context"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Platform is the part of the platform that the area uses.
type Platform interface {
	// Login exchanges a login code for an openid; fault.Invalid for a used code.
	Login(ctx context.Context, code string) (openid string, err error)
	// OfficialLogin exchanges a code of the official account's web login for the person's openid there;
	// fault.Invalid for a used code.
	OfficialLogin(ctx context.Context, code string) (openid string, err error)
	// AuthorizeURL is where that web login begins, "" without an official account.
	AuthorizeURL(redirect, state string) string
	// Phone exchanges a phone code for a number in clear.
	Phone(ctx context.Context, code string) (string, error)
	// Notify requests one delivery. err explains an outcome other than Sent for the log; it holds nothing
	// personal.
	Notify(ctx context.Context, m notice.Message) (notice.Receipt, error)
}

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	// BlindIndex returns the keyed digest of a value for a purpose; without the key nobody can test a guess.
	// BlindIndexes returns the digests under all keys, the current one first.
	BlindIndex(value, purpose string) string
	BlindIndexes(value, purpose string) []string
}

// Store is the part of the store that the area uses.
type Store interface {
	// PersonByOpenID returns the person. A new one is created with newID.
	PersonByOpenID(ctx context.Context, openid, newID string) (record.Person, error)
	// FindPerson returns fault.NotFound for an unknown openid.
	FindPerson(ctx context.Context, openid string) (record.Person, error)
	// PutLoginCode stores the hash of a one-time code and replaces an earlier one. TryLoginCode counts a try
	// and, in the same step, uses up the code if the hash matches. ok is false when there is no code, the hash
	// differs, or there were too many tries.
	PutLoginCode(ctx context.Context, who, codeHash string, ttl time.Duration) error
	TryLoginCode(ctx context.Context, who, codeHash string, most int) (ok bool, err error)
	// TakeRate takes one unit of a key's rate of most units per span, which are refilled evenly. When none is
	// left it returns the time until the next one.
	TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error)
	// ReturnRate gives back a unit that was not used; ForgetRate gives back all.
	ReturnRate(ctx context.Context, key string, most int, span time.Duration) error
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// Bind binds the person to the invitation's role, in place of the former holder: a role has one WeChat.
	Bind(ctx context.Context, person string, in record.Invite) error
	// Bound returns the person bound to a role, "" for none; BoundAll does so for many, in their order.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
	BoundAll(ctx context.Context, list []record.Invite) (persons []string, err error)
	// Unbind removes a role's binding and returns its person, "" for none.
	Unbind(ctx context.Context, in record.Invite) (person string, err error)
	// EndSessions ends all sessions of a person.
	EndSessions(ctx context.Context, person string) error
	// PutSession and Session store hashes of tokens only.
	PutSession(ctx context.Context, tokenHash, person string, ttl time.Duration) error
	// Session returns fault.Unauthenticated for an unknown hash.
	Session(ctx context.Context, tokenHash string) (person string, err error)
	DropSession(ctx context.Context, tokenHash string) error
	PutInvite(ctx context.Context, codeHash string, in record.Invite, held string, ttl time.Duration) error
	TakeInvite(ctx context.Context, codeHash string) (in record.Invite, held string, err error)
	SpendConsent(ctx context.Context, person string, p notice.Purpose) error
	// LockPerson locks a person for one sender; release unlocks early.
	LockPerson(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error)
	DropCredentials(ctx context.Context, person string) error
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
}
