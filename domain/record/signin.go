package record

// The states of a login that begins on a screen and is allowed on a phone.
const (
	LoginWaiting  = "waiting"  // nobody looked at it on a phone yet
	LoginSeen     = "seen"     // somebody did, and has not answered
	LoginApproved = "approved" // the browser can take its seat
	LoginRefused  = "refused"
	LoginUsed     = "used" // the browser took it
)

// ScreenLogin is such a login.
type ScreenLogin struct {
	State string
	// Number is what the screen shows and the phone asks for, two digits.
	Number string
	// Browser is the hash of a secret that only the browser has.
	Browser string
	// Agent is what the browser says it is, in a few words.
	Agent string
	// Person is who looked at it first; they alone may answer.
	Person string
	// At is since when, ms.
	At int64
	// Tries counts wrong numbers.
	Tries int
}

// ConsoleSession is a session at a computer. Times are ms.
type ConsoleSession struct {
	At, Seen, Until int64
	Agent           string
	// By is how it was opened: "scan" or "password".
	By string
}

// Credentials are what a person can sign in with beside a phone.
type Credentials struct {
	// Password is its hash, "" for none.
	Password string
	// Secret is the authenticator app's, sealed; Pending one that was not
	// confirmed yet.
	Secret, Pending string
	// SetAt is since when there is the password, ms.
	SetAt int64
}

// Viewer is a liaison who has a submission open at a computer.
type Viewer struct{ Submission, Liaison string }
