package login

import (
	"context"
	"time"

	"mashang/domain/record"
)

// Painter is what the area asks of the printer.
type Painter interface {
	SVG(url string) ([]byte, error)
}

// Sealer is what the area asks of the key ring.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
	// BlindIndex names a value for a purpose; nobody without the key can test a
	// guess. BlindIndexes are its names under every key, the present one first.
	BlindIndex(value, purpose string) string
}

// Store is what the area asks of the store.
type Store interface {
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// Bound returns who is bound to a role's ref, "" for nobody; BoundAll does so
	// for many, in their order.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
	// PutScreenLogin keeps a login that begins on a screen by the hash of its id.
	// ChangeScreenLogin replaces was by next; ok is false when it is another by now.
	PutScreenLogin(ctx context.Context, idHash string, l record.ScreenLogin, ttl time.Duration) error
	ScreenLogin(ctx context.Context, idHash string) (record.ScreenLogin, error)
	ChangeScreenLogin(ctx context.Context, idHash string, was, next record.ScreenLogin) (ok bool, err error)
	// PutConsoleSession opens a session that lives for ttl; TouchConsoleSession writes down that it is
	// in use and lets it live for ttl from now, but brings none back.
	// ConsoleSessions are a person's by the hashes of their tokens. ConsoleSession answers fault.NotFound for
	// a session that is at no computer.
	PutConsoleSession(ctx context.Context, tokenHash, person string, s record.ConsoleSession, ttl time.Duration) error
	TouchConsoleSession(ctx context.Context, tokenHash, person string, s record.ConsoleSession, ttl time.Duration) error
	ConsoleSession(ctx context.Context, person, tokenHash string) (record.ConsoleSession, error)
	ConsoleSessions(ctx context.Context, person string) (map[string]record.ConsoleSession, error)
	DropConsoleSession(ctx context.Context, person, tokenHash string) error
	// Credentials are empty for who has none.
	Credentials(ctx context.Context, person string) (record.Credentials, error)
	// ChangeCredentials replaces was by next; ok is false when they are others by
	// now. DropCredentials takes them away, with the codes for a lost app.
	ChangeCredentials(ctx context.Context, person string, was, next record.Credentials) (ok bool, err error)
	// UseStep notes a code of an app as used; ok is false when it, or a later one,
	// was before. UseRecovery takes the hash of a code that stands in, once.
	UseStep(ctx context.Context, person string, step int64) (ok bool, err error)
	PutRecovery(ctx context.Context, person string, hashes []string) error
	UseRecovery(ctx context.Context, person, hash string) (ok bool, err error)
	CountRecovery(ctx context.Context, person string) (int, error)
	// CountTry counts a try at an account and returns how many there were since
	// somebody got in, or ttl was over after the last of most.
	CountTry(ctx context.Context, account string, most int, ttl time.Duration) (int, error)
	ForgetTries(ctx context.Context, account string) error
	PutAttempts(ctx context.Context, list []record.Attempt) error
	// Attempts returns up to n entries before one, the newest first.
	Attempts(ctx context.Context, before string, n int) ([]record.Attempt, error)
}
