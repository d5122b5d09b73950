package login

import (
	"context"
	"time"

	"mashang/domain/record"
)

// Painter is the part of the printer that the area uses.
type Painter interface {
	SVG(url string) ([]byte, error)
}

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
	// BlindIndex returns the keyed digest of a value for a purpose; without the key nobody can test a guess.
	BlindIndex(value, purpose string) string
}

// Store is the part of the store that the area uses.
type Store interface {
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// Bound returns the person bound to a role, "" for none.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
	// PutScreenLogin stores a login that a screen shows, by the hash of its id. ChangeScreenLogin replaces was
	// by next; ok is false when it has changed.
	PutScreenLogin(ctx context.Context, idHash string, l record.ScreenLogin, ttl time.Duration) error
	ScreenLogin(ctx context.Context, idHash string) (record.ScreenLogin, error)
	ChangeScreenLogin(ctx context.Context, idHash string, was, next record.ScreenLogin) (ok bool, err error)
	// PutConsoleSession stores a session for ttl. TouchConsoleSession stores its use and extends it to ttl from
	// now, but revives no expired one. ConsoleSessions returns a person's by the hashes of their tokens.
	// ConsoleSession returns fault.NotFound for a session that is not at the console.
	PutConsoleSession(ctx context.Context, tokenHash, person string, s record.ConsoleSession, ttl time.Duration) error
	TouchConsoleSession(ctx context.Context, tokenHash, person string, s record.ConsoleSession, ttl time.Duration) error
	ConsoleSession(ctx context.Context, person, tokenHash string) (record.ConsoleSession, error)
	ConsoleSessions(ctx context.Context, person string) (map[string]record.ConsoleSession, error)
	DropConsoleSession(ctx context.Context, person, tokenHash string) error
	// Credentials are empty for a person who has none.
	Credentials(ctx context.Context, person string) (record.Credentials, error)
	// ChangeCredentials replaces was by next; ok is false when they have changed.
	ChangeCredentials(ctx context.Context, person string, was, next record.Credentials) (ok bool, err error)
	// UseStep uses up an app's code; ok is false when it or a later one was used before. UseRecovery uses up a
	// recovery code, by its hash.
	UseStep(ctx context.Context, person string, step int64) (ok bool, err error)
	PutRecovery(ctx context.Context, person string, hashes []string) error
	UseRecovery(ctx context.Context, person, hash string) (ok bool, err error)
	CountRecovery(ctx context.Context, person string) (int, error)
	// CountTry counts a try at an account and returns the number of tries since the last success, or since ttl
	// passed after the last of most tries.
	CountTry(ctx context.Context, account string, most int, ttl time.Duration) (int, error)
	ForgetTries(ctx context.Context, account string) error
	PutAttempts(ctx context.Context, list []record.Attempt) error
	// Attempts returns up to n entries before an entry, newest first.
	Attempts(ctx context.Context, before string, n int) ([]record.Attempt, error)
}
