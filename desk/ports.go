package desk

import (
	"context"
	"io"
	"time"

	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// The interfaces below are all that the use cases need of the outside. Each is
// small and satisfied structurally by a plug; cmd joins them.
//
// Every method of a store answers fault.Unavailable when the store cannot be
// reached, and then has either done all of its work or none of it.

// The plain types are the ground's; the names here keep signatures short.
type (
	// Person is a WeChat user as we know them.
	Person = record.Person
	// Invite is what an invitation binds to.
	Invite = record.Invite
	// Upload is a stored file and who sent it.
	Upload = record.Upload
	// Cursor is a place in an ordered list.
	Cursor = record.Cursor
	// Index names an ordered list.
	Index = record.Index
	// Admission is a new submission on its way in.
	Admission = record.Admission
	// Arrival is one event the platform pushed.
	Arrival = record.Arrival
	// Audited is one line of the audit.
	Audited = record.Audit
	// Safety is what is known of what a photo shows.
	Safety = record.Safety
	// PhotoCheck is one question to the platform about a photo.
	PhotoCheck = record.PhotoCheck
)

// Submissions keeps the record.
type Submissions interface {
	// Admit stores, numbers and queues a submission in one step: of those it is
	// offered to who have room, the best gets it, among equals the one with most
	// room, then the one not asked for longest; else the pool. replayed is true when the
	// key was used before with the same body; the submission is then what the first
	// receipt said and no more: id, number and the state it was filed into. Another
	// body is fault.IdempotencyMismatch.
	Admit(ctx context.Context, a Admission) (s casework.Submission, replayed bool, err error)
	// Seen finds the first receipt of a key used with the same body before; ok is
	// false if there is none.
	Seen(ctx context.Context, st, person, key, bodyHash string) (first casework.Submission, ok bool, err error)
	// Commit replaces was by next, moves it between queues and writes the
	// notices to the outbox, all or nothing. ok is false when was is no
	// longer the newest version.
	Commit(ctx context.Context, was, next casework.Submission, tell []notice.Entry) (ok bool, err error)
	// CommitAll is Commit for several submissions of one station, all or none.
	CommitAll(ctx context.Context, st string, list []record.Change, tell []notice.Entry) (ok bool, err error)
	// Relays returns up to n leads whose followers have to hear of something;
	// Heard takes one off that list if it still has the version they heard of.
	Relays(ctx context.Context, st string, n int) ([]string, error)
	Heard(ctx context.Context, id string, version int) error
	// Loads counts each member's inbox.
	Loads(ctx context.Context, st string, members []string) (map[string]int, error)
	// Asked returns when each member was last given something; who never was is
	// not there.
	Asked(ctx context.Context, st string) (map[string]casework.Millis, error)
	// Count counts an index.
	Count(ctx context.Context, st string, ix Index) (int, error)
	// Filed counts what was filed from one moment up to before another.
	Filed(ctx context.Context, st string, from, to time.Time) (int, error)
	// Due counts what members hold (assigned, accepted): overdue at now, and
	// due between now and until. Times are the deadlines given at filing, not
	// the next urge's.
	Due(ctx context.Context, st string, now, until time.Time) (overdue, soon int, err error)
	// Timers returns up to n submissions of which somebody is to be reminded by
	// now, the longest due first.
	Timers(ctx context.Context, st string, now time.Time, n int) ([]record.Timer, error)
	// Remind sets the next reminder of each and queues the notices, all or
	// nothing. It returns those of which somebody was reminded meanwhile, or that
	// changed; then nothing was done.
	Remind(ctx context.Context, st string, list []record.Reminded, tell []notice.Entry, now time.Time) (missed []string, err error)
	// Turn lets one process at a time look after a station's reminders; release
	// ends it early.
	Turn(ctx context.Context, st string, ttl time.Duration) (release func(), ok bool, err error)
}

// Records gives out whole submissions, with everything that is in them. The desk
// keeps it behind the archive, which asks for whom.
type Records interface {
	// Load answers fault.NotFound for an unknown id.
	Load(ctx context.Context, id string) (casework.Submission, error)
	// LoadListed is Load, and the receivers that the list of the untold names for
	// the submission: both are asked at once.
	LoadListed(ctx context.Context, id string) (sub casework.Submission, receivers []string, err error)
	// Several returns those of a station's submissions that can be read, in the
	// order asked for.
	Several(ctx context.Context, st string, ids []string) ([]casework.Submission, error)
	// Page returns up to limit submissions after the cursor, and the cursor
	// of the last one; more is false at the end.
	Page(ctx context.Context, st string, ix Index, after Cursor, limit int) (list []casework.Submission, next Cursor, more bool, err error)
}

// Changes is each station's feed of changes.
type Changes interface {
	// Changes returns which of a station's submissions changed after a place in
	// the feed, by whichever process. "" stands for now: it returns the newest
	// place and no ids. It is written with each change, all or nothing, and
	// remembers about the last ten thousand.
	Changes(ctx context.Context, st, after string) (record.Changed, error)
}

// AssistTimes knows when assistants are late.
type AssistTimes interface {
	// AssistsDue returns ids of up to n submissions in which an assistant is to
	// be urged.
	AssistsDue(ctx context.Context, st string, now time.Time, n int) ([]string, error)
	// AssistsUrged sets the time of the next urge, unless somebody has acted on
	// it or done so since (ok false).
	AssistsUrged(ctx context.Context, s casework.Submission, now, next time.Time) (ok bool, err error)
	// AssistsLate counts the submissions in which an assistant is late.
	AssistsLate(ctx context.Context, st string, now time.Time) (int, error)
}

// Outbox holds what is still to be told.
type Outbox interface {
	// Lease hands out up to n entries that are due and hides them until the
	// lease ends; a crashed worker's entries come back by themselves.
	Lease(ctx context.Context, st string, now time.Time, lease time.Duration, n int) ([]notice.Entry, error)
	// Finish removes the entry and records its outcome; Dead keeps it aside. Who
	// is told leaves the list of the untold.
	Finish(ctx context.Context, st string, e notice.Entry, r notice.Receipt, now time.Time) error
	// Tell queues an entry that no act caused, once for its id.
	Tell(ctx context.Context, st string, e notice.Entry, now time.Time) error
	// Postpone makes it due again at the time, keeping its Attempts.
	Postpone(ctx context.Context, st string, e notice.Entry, at time.Time) error
}

// UntoldList keeps who could not be told of something, for the liaison.
type UntoldList interface {
	// PutUntold puts somebody on their station's list; of several for the same
	// submission, receiver and purpose the newest stands.
	PutUntold(ctx context.Context, u record.Untold) error
	// DropUntold takes the receiver's entries about a submission off the list;
	// everybody's when receiver is "".
	DropUntold(ctx context.Context, submission, receiver string) error
	// UntoldEntry answers fault.NotFound for an id that is not on the list.
	UntoldEntry(ctx context.Context, st, id string) (record.Untold, error)
	TickUntold(ctx context.Context, st, id string) error
	Untold(ctx context.Context, st string, after Cursor, limit int) (list []record.Untold, next Cursor, more bool, err error)
	CountUntold(ctx context.Context, st string) (int, error)
	// UntoldAbout returns the receivers that the list names for a submission.
	UntoldAbout(ctx context.Context, submission string) ([]string, error)
	// UntoldAmong returns those of the submissions that the list names. Both cost
	// the same however long the list is.
	UntoldAmong(ctx context.Context, st string, ids []string) ([]string, error)
	// ToldBy finds what was told by the platform's message of that id among the
	// newest 2,000: submissions, purpose and when. It answers fault.NotFound.
	ToldBy(ctx context.Context, st, msgID string) ([]notice.Entry, error)
}

// People keeps persons, their sessions, bindings, invitations and consents.
type People interface {
	// PersonByOpenID returns the person, made with newID at first sight.
	PersonByOpenID(ctx context.Context, openid, newID string) (Person, error)
	// PersonKnown answers fault.NotFound for an openid never seen.
	PersonKnown(ctx context.Context, openid string) (Person, error)
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
	ForgetRate(ctx context.Context, key string) error
	// Phrases are what a person often says; PutPhrases replaces them.
	Phrases(ctx context.Context, person string) ([]string, error)
	PutPhrases(ctx context.Context, person string, list []string) error
	// SavedViews are the list filters a person keeps; PutSavedViews replaces them.
	SavedViews(ctx context.Context, person string) ([]record.SavedView, error)
	PutSavedViews(ctx context.Context, person string, list []record.SavedView) error
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (Person, error)
	// Bind gives the person the invitation's role; whoever had that role's
	// ref before loses it, as a member has one WeChat.
	Bind(ctx context.Context, person string, in Invite) error
	// Bound returns who is bound to a role's ref, "" for nobody; BoundAll does so
	// for many, in their order.
	Bound(ctx context.Context, in Invite) (person string, err error)
	BoundAll(ctx context.Context, list []Invite) (persons []string, err error)
	// Unbind takes a role from whoever has it and returns them, "" for nobody.
	Unbind(ctx context.Context, in Invite) (person string, err error)
	// EndSessions ends all sessions of a person.
	EndSessions(ctx context.Context, person string) error
	// PutSession and Session keep hashes of tokens only.
	PutSession(ctx context.Context, tokenHash, person string, ttl time.Duration) error
	// Session answers fault.Unauthenticated for an unknown hash.
	Session(ctx context.Context, tokenHash string) (person string, err error)
	DropSession(ctx context.Context, tokenHash string) error
	// PutInvite and TakeInvite keep hashes of codes; Take works once and
	// answers fault.NotFound after that.
	// PutTakeover keeps the hash of a code with which somebody takes a submission
	// over. TakeTakeover works once and answers fault.NotFound after that.
	PutTakeover(ctx context.Context, codeHash, submission string, ttl time.Duration) error
	TakeTakeover(ctx context.Context, codeHash string) (submission string, err error)
	// DropPerson deletes everything that is kept of a person but what they filed.
	DropPerson(ctx context.Context, person string) error
	PutInvite(ctx context.Context, codeHash string, in Invite, held string, ttl time.Duration) error
	TakeInvite(ctx context.Context, codeHash string) (in Invite, held string, err error)
	// Visit notes that the person has to do with the station, so that "mine"
	// knows where to look. Visited lists those stations.
	Visit(ctx context.Context, person, st string) error
	Visited(ctx context.Context, person string) ([]string, error)
	// SetContact notes the member whom a person named as their household's
	// contact, as "<station> <member>"; "" takes it back.
	SetContact(ctx context.Context, person, contact string) error
	// ListedOn notes the day, as YYYY-MM-DD, on which the person was last told in
	// the chat what they have in hand; first is false when it was noted before.
	ListedOn(ctx context.Context, person, day string) (first bool, err error)
	// SetOpened and Opened remember which submission a member opened last, or a
	// person came to the chat by: its id, or a number that is of no open one.
	SetOpened(ctx context.Context, person, submission string, at time.Time) error
	Opened(ctx context.Context, person string) (submission string, at time.Time, err error)
	// AddConsents adds, one tap once, though two sources tell of it. ConsentsLeft
	// says how many are left where anything is known; SpendConsent takes one of a
	// known count; ClearConsents sets it to none.
	AddConsents(ctx context.Context, person string, g record.Grant, now time.Time) error
	ConsentsLeft(ctx context.Context, person string) (notice.Left, error)
	SpendConsent(ctx context.Context, person string, p notice.Purpose) error
	ClearConsents(ctx context.Context, person string, p notice.Purpose) error
	// Lane lets one sender at a time reach a person; release frees it early.
	Lane(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error)
}

// Seats keeps the sessions at computers, and what they are opened by.
type Seats interface {
	// PutScreenLogin keeps a login that begins on a screen by the hash of its id.
	// MoveScreenLogin replaces was by next; ok is false when it is another by now.
	PutScreenLogin(ctx context.Context, idHash string, l record.ScreenLogin, ttl time.Duration) error
	ScreenLogin(ctx context.Context, idHash string) (record.ScreenLogin, error)
	MoveScreenLogin(ctx context.Context, idHash string, was, next record.ScreenLogin) (ok bool, err error)
	// PutSeat opens a session that lives for ttl; KeepSeat writes down that it is
	// in use and lets it live for ttl from now, but brings none back. Seats
	// are a person's by the hashes of their tokens. Seat answers fault.NotFound for
	// a session that is at no computer.
	PutSeat(ctx context.Context, tokenHash, person string, s record.Seat, ttl time.Duration) error
	KeepSeat(ctx context.Context, tokenHash, person string, s record.Seat, ttl time.Duration) error
	Seat(ctx context.Context, person, tokenHash string) (record.Seat, error)
	Seats(ctx context.Context, person string) (map[string]record.Seat, error)
	DropSeat(ctx context.Context, person, tokenHash string) error
	// Credentials are empty for who has none.
	Credentials(ctx context.Context, person string) (record.Credentials, error)
	// ChangeCredentials replaces was by next; ok is false when they are others by
	// now. DropCredentials takes them away, with the codes for a lost app.
	ChangeCredentials(ctx context.Context, person string, was, next record.Credentials) (ok bool, err error)
	DropCredentials(ctx context.Context, person string) error
	// UseStep notes a code of an app as used; ok is false when it, or a later one,
	// was before. UseRecovery takes the hash of a code that stands in, once.
	UseStep(ctx context.Context, person string, step int64) (ok bool, err error)
	PutRecovery(ctx context.Context, person string, hashes []string) error
	UseRecovery(ctx context.Context, person, hash string) (ok bool, err error)
	LeftRecovery(ctx context.Context, person string) (int, error)
	// CountTry counts a try at an account and returns how many there were since
	// somebody got in, or ttl was over after the last of most.
	CountTry(ctx context.Context, account string, most int, ttl time.Duration) (int, error)
	ForgetTries(ctx context.Context, account string) error
}

// AttemptList keeps what was refused, of all stations, for thirty days.
type AttemptList interface {
	PutAttempts(ctx context.Context, list []record.Attempt) error
	// Attempts returns up to n entries before one, the newest first.
	Attempts(ctx context.Context, before string, n int) ([]record.Attempt, error)
}

// ExportAskList keeps requests for exports, sealed by the desk.
type ExportAskList interface {
	// PutExportAsk keeps one for ttl. ExportAsk answers fault.NotFound for one that
	// is not there any more; ExportAsks are the ids, the newest first.
	PutExportAsk(ctx context.Context, st, id, sealed string, ttl time.Duration) error
	ExportAsk(ctx context.Context, st, id string) (sealed string, err error)
	ExportAsks(ctx context.Context, st string) ([]string, error)
	// ChangeExportAsk replaces was by next; ok is false when it is another by now.
	// TakeExportAsk ends one; ok is false when it is gone.
	ChangeExportAsk(ctx context.Context, st, id, was, next string) (ok bool, err error)
	TakeExportAsk(ctx context.Context, st, id string) (ok bool, err error)
}

// Looks keeps who has which submission open at a computer.
type Looks interface {
	LookAt(ctx context.Context, submission, liaison string, now time.Time, life time.Duration) error
	LookAway(ctx context.Context, submission, liaison string) error
	// Lookers lists those of a station whose time is not over.
	Lookers(ctx context.Context, st string, now time.Time) ([]record.Looker, error)
}

// Stations keeps rosters and codes.
type Stations interface {
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// StationVersion is cheap; 0 for an unknown id.
	StationVersion(ctx context.Context, id string) (int, error)
	StationIDs(ctx context.Context) ([]string, error)
	// PutStation replaces the roster if its stored version is was (0 for
	// none); ok is false otherwise.
	PutStation(ctx context.Context, s *station.Station, was int) (ok bool, err error)
	// Code answers fault.NotFound for an unknown key.
	Code(ctx context.Context, key string) (station.Code, error)
	PutCode(ctx context.Context, c station.Code) error
	// ChangeCode replaces a code by what change makes of it, though others change
	// it at the same time; change may be called several times.
	ChangeCode(ctx context.Context, key string, change func(station.Code) (station.Code, error)) (station.Code, error)
	// Codes lists a station's codes.
	Codes(ctx context.Context, st string) ([]station.Code, error)
}

// Models keeps each station's model of topics.
type Models interface {
	// Model answers fault.NotFound for a station without one.
	Model(ctx context.Context, st string) (file []byte, version int, err error)
	// ModelVersion is cheap; 0 for none.
	ModelVersion(ctx context.Context, st string) (int, error)
}

// Uploads keeps what is known of files.
type Uploads interface {
	PutUpload(ctx context.Context, u Upload) error
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (Upload, error)
	// Attach adds the submission to each upload's list; doing so twice, or for
	// a submission that is never admitted, harms nothing.
	Attach(ctx context.Context, ids []string, submission string) error
	// UploadsOf lists what a person uploaded, SharedFiles tells which files
	// somebody besides them uploaded as well: both look through everything, once
	// for all that is asked. unread counts the records that cannot be read, any of
	// which may be the person's too.
	UploadsOf(ctx context.Context, owner string) (list []Upload, unread int, err error)
	SharedFiles(ctx context.Context, owner string, hashes []string) (map[string]bool, error)
	// PutUnerased notes a person whose erasure met records that could not be read,
	// Unerased lists them, DropUnerased strikes one off.
	PutUnerased(ctx context.Context, person string, since time.Time) error
	Unerased(ctx context.Context) ([]string, error)
	DropUnerased(ctx context.Context, person string) error
	// DropUpload deletes an upload's record; one that is not there is no error.
	DropUpload(ctx context.Context, id string) error
}

// Arrivals keeps what the platform pushed until it is worked on.
type Arrivals interface {
	// Arrive stores a delivery once: a repeated id within a day changes
	// nothing and is no error.
	Arrive(ctx context.Context, a Arrival, now time.Time) error
	LeaseArrivals(ctx context.Context, now time.Time, lease time.Duration, n int) ([]Arrival, error)
	FinishArrival(ctx context.Context, id string) error
	PostponeArrival(ctx context.Context, a Arrival, at time.Time) error
	// PutUnread lists a push that had no effect, once for its id; Unread lists those
	// of the last 30 days, the newest first.
	PutUnread(ctx context.Context, u record.UnreadPush) error
	Unread(ctx context.Context) ([]record.UnreadPush, error)
}

// Chats knows what may still be sent into a person's customer-service chat.
type Chats interface {
	// OpenChat lets n messages be sent until the time, by the arrival of that id.
	// What happened before the window's newest opening, and that one told again,
	// changes nothing.
	OpenChat(ctx context.Context, person string, w record.Window, by string, until time.Time, n int) error
	// ChatLeft is how many may still be sent.
	ChatLeft(ctx context.Context, person string, now time.Time) (int, error)
	// TakeChat takes one message, if at least keep are left after it.
	TakeChat(ctx context.Context, person string, now time.Time, keep int) (ok bool, err error)
	// CloseChat forgets the person's windows.
	CloseChat(ctx context.Context, person string) error
}

// Photos keeps what is known of photos, the questions to the platform about
// them, and which of a station's wait for the liaison.
type Photos interface {
	// QueueCheck marks the photo as being checked and queues the question.
	QueueCheck(ctx context.Context, c PhotoCheck, now time.Time) error
	// LeaseChecks hands out questions to be asked, or whose answer is waited
	// for no longer.
	LeaseChecks(ctx context.Context, now time.Time, lease time.Duration, n int) ([]PhotoCheck, error)
	// PostponeCheck makes a question due at the time; its trace finds it then.
	PostponeCheck(ctx context.Context, c PhotoCheck, at time.Time) error
	// FinishCheck ends the question; the photo's token opens it no more.
	FinishCheck(ctx context.Context, upload string) error
	// Traced and Peeked answer fault.NotFound for an unknown trace or token.
	Traced(ctx context.Context, trace string) (upload string, err error)
	Peeked(ctx context.Context, token string) (upload string, err error)
	// Judge writes down what is known; ok is false when a liaison's word stands
	// against it, or it was so before. final marks a liaison's word.
	Judge(ctx context.Context, upload string, s Safety, final bool) (ok bool, err error)
	// Safeties says what is known of each.
	Safeties(ctx context.Context, uploads []string) (map[string]Safety, error)
	// HoldPhoto puts a photo on the list of its submission's station, ReleasePhoto
	// takes it off.
	HoldPhoto(ctx context.Context, submission, upload string, now time.Time) error
	ReleasePhoto(ctx context.Context, submission, upload string) error
	HeldPhotos(ctx context.Context, st string, after Cursor, limit int) (list []record.HeldPhoto, next Cursor, more bool, err error)
	CountHeldPhotos(ctx context.Context, st string) (int, error)
}

// Results are what stations publish of closed submissions.
type Results interface {
	PutResult(ctx context.Context, r record.Result) error
	DropResult(ctx context.Context, submission string) error
	// Results returns all that a station publishes, in no order.
	Results(ctx context.Context, st string) ([]record.Result, error)
}

// Faces are the members' photos.
type Faces interface {
	// SetFace keeps which upload is a member's photo; "" takes it away.
	SetFace(ctx context.Context, st, member, upload string) error
	// Faces returns a station's uploads by member.
	Faces(ctx context.Context, st string) (map[string]string, error)
}

// Audit keeps what must be written down before it is done.
type Audit interface {
	// LastAudit returns the newest line and how many there are; AppendAudit
	// appends one unless the newest is another than after.
	LastAudit(ctx context.Context, st string) (l record.Link, count int64, err error)
	AppendAudit(ctx context.Context, st, after string, l record.Link) (ok bool, err error)
	// Audits returns up to n lines before an entry, the newest first.
	Audits(ctx context.Context, st, before string, n int) ([]record.Link, error)
}

// Uses knows what becomes of codes that hang somewhere.
type Uses interface {
	// AddScans adds to what was counted.
	AddScans(ctx context.Context, list []record.Scans) error
	// CodeUses says what became of a station's codes; Recent adds up the days
	// (YYYY-MM-DD). A code that was never used is not there.
	CodeUses(ctx context.Context, st string, days []string) (map[string]record.CodeUse, error)
}

// Jobs keeps work in the background and what it made, for an hour.
type Jobs interface {
	// AddJob writes down a new job; ok is false when its person has one of its
	// kind in hand already.
	AddJob(ctx context.Context, j record.Job) (ok bool, err error)
	// PutJob writes down how far it has come. Half a minute without it frees the
	// person to begin another of the kind.
	PutJob(ctx context.Context, j record.Job) error
	// CancelJob leaves word that it is to stop, JobCancelled asks for it.
	CancelJob(ctx context.Context, st, id string) error
	JobCancelled(ctx context.Context, st, id string) (bool, error)
	// Job answers fault.NotFound for one that is not there any more.
	Job(ctx context.Context, st, id string) (record.Job, error)
	// Jobs lists a person's, the newest first, 50 at most.
	Jobs(ctx context.Context, st, person string) ([]record.Job, error)
	// PutJobFile keeps what it made; JobFile answers fault.NotFound without.
	PutJobFile(ctx context.Context, st, id string, data []byte) error
	JobFile(ctx context.Context, st, id string) ([]byte, error)
}

// Store is everything a store plug offers the desk.
type Store interface {
	Records
	keeper
}

// keeper is the store without whole submissions.
type keeper interface {
	Jobs
	Uses
	Faces
	Results
	Submissions
	Changes
	AssistTimes
	Outbox
	UntoldList
	People
	Seats
	Looks
	Stations
	Models
	Uploads
	Arrivals
	Chats
	Photos
	Audit
	AttemptList
	ExportAskList
	// Healthy proves that a write is acknowledged.
	Healthy(ctx context.Context) error
}

// Verdict is the platform's judgement of a text.
type Verdict string

// The verdicts; Inactive means the platform would not judge for this person.
const (
	Pass     Verdict = "pass"
	Review   Verdict = "review"
	Risky    Verdict = "risky"
	Inactive Verdict = "inactive"
)

// Platform is WeChat.
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
	CheckText(ctx context.Context, openid, text string) (Verdict, error)
	// CheckPhoto asks the platform to look at the picture behind an address;
	// the answer arrives later under the trace. fault.TooMany and Unavailable
	// can be tried again, others cannot.
	CheckPhoto(ctx context.Context, openid, address string) (trace string, err error)
	// Notify asks for one delivery. err explains an outcome other than Sent,
	// for the log; it holds nothing personal.
	Notify(ctx context.Context, m notice.Message) (notice.Receipt, error)
	// Chat sends a text into the customer-service chat; fault.WrongState when
	// the platform's window is closed.
	Chat(ctx context.Context, openid, text string) error
	// Media fetches what a person sent into the chat; fault.NotFound when the
	// platform keeps it no longer.
	Media(ctx context.Context, media string) (contentType string, data []byte, err error)
	// CodeImage is the mini-program code for a scene, JPEG or PNG.
	CodeImage(ctx context.Context, scene string) ([]byte, error)
	// Link and AppLink are addresses that open the scan page for a scene from
	// outside WeChat, for at most 30 days: one for browsers and text messages,
	// one for other apps.
	Link(ctx context.Context, scene string, life time.Duration) (string, error)
	AppLink(ctx context.Context, scene string, life time.Duration) (string, error)
	// Template and PurposeOf translate between purposes and template ids.
	Template(p notice.Purpose) string
	// Show says how a phone shows a message, field by field, fitted as Notify fits
	// it, whether its purpose has a template or not.
	Show(m notice.Message) ([]notice.Shown, error)
	PurposeOf(template string) (notice.Purpose, bool)
}

// Sealer encrypts single fields. bound ties a ciphertext to its owner, so that
// it opens nowhere else.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
	// BlindIndex names a value for a purpose; nobody without the key can test a
	// guess. BlindIndexes are its names under every key, the present one first.
	BlindIndex(value, purpose string) string
	BlindIndexes(value, purpose string) []string
}

// Photo and Voice are what the media store answers.
type (
	// Photo has its size in pixels.
	Photo struct {
		Hash          string
		Width, Height int
	}
	// Voice has its length in whole seconds.
	Voice struct {
		Hash    string
		Seconds int
	}
	// File is an open upload; Type is its media type.
	File struct {
		io.ReadSeekCloser
		Type    string
		ModTime time.Time
	}
)

// Media keeps photos and voices.
type Media interface {
	// Take recognises what was sent; exactly one result is set.
	Take(ctx context.Context, r io.Reader) (*Photo, *Voice, error)
	// Open answers fault.NotFound for an unknown hash. thumb asks for a
	// photo's small picture.
	Open(kind, hash string, thumb bool) (*File, error)
	// Remove deletes a file; one that is not there is no error.
	Remove(hash string) error
}

// Sheets reads and writes rosters as spreadsheets.
type Sheets interface {
	// Read reads a roster from a file called name: an xlsx, or a zip of csv files.
	// The station is nil when there is any problem; its phones are as typed. A
	// file that cannot be read at all is fault.Invalid.
	Read(name string, data []byte) (*station.Station, []record.SheetProblem, error)
	// Write returns the roster as xlsx, phones as they stand.
	Write(s *station.Station) ([]byte, error)
	// Describe says a change in Chinese.
	Describe(c station.Change) string
}

// Painter draws codes and what is printed.
type Painter interface {
	PNG(url string, px int) ([]byte, error)
	SVG(url string) ([]byte, error)
	// Signs draws signs and reads each code back; progress is told after each
	// page, ctx ends the work between two. The file lists the signs that could not be
	// printed; fault.Invalid names what is wrong with which when none could.
	Signs(ctx context.Context, signs []record.Sign, job record.SignJob, progress func(done, total int)) (record.SignFile, error)
	// Dossier is a PDF of the file.
	Dossier(d record.Dossier, made time.Time) ([]byte, error)
}

// Reporter makes reports into files.
type Reporter interface {
	// Spreadsheet is a workbook with a sheet for each section; no cell of it is a
	// formula.
	Spreadsheet(r figures.Report) ([]byte, error)
	// Print is a PDF.
	Print(r figures.Report) ([]byte, error)
}
