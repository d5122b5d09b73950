package record

// The states of a login that begins on a screen and is approved on a phone.
const (
	LoginWaiting  = "waiting"  // not opened on a phone yet
	LoginSeen     = "seen"     // opened on a phone, not answered
	LoginApproved = "approved" // the browser can open its session
	LoginRefused  = "refused"
	LoginUsed     = "used" // the browser has opened its session
)

// ScreenLogin is a login that begins on a screen and is approved on a phone.
type ScreenLogin struct {
	State string
	// Number is shown on the screen and asked for on the phone, two digits.
	Number string
	// Browser is the hash of the browser's secret.
	Browser string
	// Agent is the browser's short description of itself.
	Agent string
	// Person is who opened it first; only they may answer.
	Person string
	// At is when it began, ms.
	At int64
	// Tries counts wrong numbers.
	Tries int
}

// ConsoleSession is a session of the console. Times are ms.
type ConsoleSession struct {
	At, Seen, Until int64
	Agent           string
	// By is how it was opened: "scan" or "password".
	By string
}

// Credentials are what a person can sign in with without a phone.
type Credentials struct {
	// Password is its hash, "" for none.
	Password string
	// Secret is the authenticator app's, encrypted. Pending is one that is not confirmed yet.
	Secret, Pending string
	// SetAt is when the password was set, ms.
	SetAt int64
}

// Viewer is a liaison who has a submission open in the console.
type Viewer struct{ Submission, Liaison string }
