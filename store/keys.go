package store

import (
	"crypto/sha256"
	"encoding/base64"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// This file makes every key of the product. docs/redis-keys.md explains each, and a test compares the two.
//
// The keys of one station carry the hash tag {station}, so that one script can change them together, also on a
// cluster. A global record is one key and is never in a script with a station's keys.

// space is the key space of one station.
type space string

// spaceOf returns a station's key space. The station's id must be valid.
func spaceOf(st string) space { return space("{" + st + "}:") }

// nobody stands for the missing member in the queues of finished submissions.
const nobody = "-"

// Submissions and the lists they are in. The members of the lists are local ids: the submission's id without
// "<station>-".

func (s space) valuePrefix() string                 { return string(s) + "s:" }
func (s space) value(local string) string           { return string(s) + "s:" + local }
func (s space) pool() string                        { return string(s) + "q:pool" }
func (s space) inbox(member string) string          { return string(s) + "q:in:" + member }
func (s space) answered(member string) string       { return string(s) + "q:an:" + member }
func (s space) closed(member string) string         { return string(s) + "q:cl:" + member }
func (s space) withdrawn(member string) string      { return string(s) + "q:wd:" + member }
func (s space) all() string                         { return string(s) + "all" }
func (s space) inState(state casework.State) string { return string(s) + "state:" + string(state) }
func (s space) mine(person string) string           { return string(s) + "mine:" + person }
func (s space) due() string                         { return string(s) + "due" }
func (s space) alarms() string                      { return string(s) + "alarms" }
func (s space) covered() string                     { return string(s) + "cover" }
func (s space) same() string                        { return string(s) + "q:same" }
func (s space) relay() string                       { return string(s) + "relay" }
func (s space) unsure() string                      { return string(s) + "unsure" }
func (s space) sweeping() string                    { return string(s) + "sweeping" }
func (s space) assists() string                     { return string(s) + "assists" }
func (s space) assistUrge() string                  { return string(s) + "assists:urge" }
func (s space) helping(body string) string          { return string(s) + "as:in:" + body }
func (s space) helped(body string) string           { return string(s) + "as:an:" + body }
func (s space) lastAssigned() string                { return string(s) + "asked" }
func (s space) portraits() string                   { return string(s) + "faces" }
func (s space) results() string                     { return string(s) + "results" }
func (s space) annotations() string                 { return string(s) + "notes" }
func (s space) setUp() string                       { return string(s) + "setup" }
func (s space) viewing() string                     { return string(s) + "looking" }
func (s space) photos() string                      { return string(s) + "photos" }
func (s space) urge() string                        { return string(s) + "urge" }
func (s space) changed() string                     { return string(s) + "changed" }

// The other keys of filing.

func (s space) idempotency(person, key string) string {
	return string(s) + "idem:" + person + ":" + key
}
func (s space) sequence(day string) string { return string(s) + "seq:" + day }
func (s space) count() string              { return string(s) + "count" }

// The outbox and the outcomes of notices.

func (s space) outbox() string            { return string(s) + "ob" }
func (s space) outboxData() string        { return string(s) + "ob:d" }
func (s space) outboxDead() string        { return string(s) + "ob:dead" }
func (s space) told() string              { return string(s) + "told" }
func (s space) toldCounts() string        { return string(s) + "told:n" }
func (s space) undelivered() string       { return string(s) + "untold" }
func (s space) undeliveredData() string   { return string(s) + "untold:d" }
func (s space) undeliveredIndex() string  { return string(s) + "untold:x" }
func (s space) toldOnce(id string) string { return string(s) + "once:" + id }

// The roster, the codes and the audit.

func (s space) roster() string  { return string(s) + "roster" }
func (s space) version() string { return string(s) + "ver" }
func (s space) model() string   { return string(s) + "topic" }
func (s space) codes() string   { return string(s) + "codes" }
func (s space) audit() string   { return string(s) + "audit" }

// The documents of the station, by kind, and what happened to them.

func (s space) log() string                               { return string(s) + "log" }
func (s space) documents(kind record.DocumentKind) string { return string(s) + "d:" + string(kind) }

func (s space) documentIndex(kind record.DocumentKind) string {
	return string(s) + "d:" + string(kind) + ":i"
}

// The counts of scans of codes, and of filings by code.

func (s space) scansOn(day string) string { return string(s) + "scans:" + day }
func (s space) scans() string             { return string(s) + "scans" }
func (s space) scanned() string           { return string(s) + "scanned" }
func (s space) filed() string             { return string(s) + "filed" }

// Background jobs, kept for an hour.

func (s space) job(id string) string      { return string(s) + "job:" + id }
func (s space) jobFile(id string) string  { return string(s) + "job:" + id + ":f" }
func (s space) jobs(person string) string { return string(s) + "jobs:" + person }
func (s space) jobClaim(person, kind string) string {
	return string(s) + "jobs:" + person + ":" + kind
}

// Requests for exports that need a second person's consent.

func (s space) exportRequest(id string) string { return string(s) + "export:" + id }
func (s space) exportRequests() string         { return string(s) + "exports" }

// Pushed events have a slot of their own; a station's id has no @.

const (
	keyEvents    = "{@push}:in"
	keyEventData = "{@push}:in:d"
	keyUnread    = "{@push}:unread"
)

func keyEventSeen(id string) string { return "{@push}:seen:" + id }

// So have photo checks.

const (
	keyChecks    = "{@check}:q"
	keyCheckData = "{@check}:q:d"
)

func keyCheckTrace(trace string) string { return "{@check}:trace:" + digest(trace) }
func keyCheckToken(token string) string { return "{@check}:token:" + digest(token) }

// The global records, one key each.

func keyPerson(id string) string                { return "person:" + id }
func keyOpenID(openid string) string            { return "openid:" + digest(openid) }
func keyBound(st, role, ref string) string      { return "bound:" + st + ":" + role + ":" + ref }
func keySession(hash string) string             { return "sess:" + hash }
func keyInvite(hash string) string              { return "invite:" + hash }
func keyHandover(name string) string            { return "handover:" + name }
func keySMS(who string) string                  { return "sms:" + digest(who) }
func keyScreen(hash string) string              { return "screen:" + hash }
func keyConsoleSessions(person string) string   { return "seats:" + person }
func keyCredentials(person string) string       { return "cred:" + person }
func keyStep(person string) string              { return "step:" + person }
func keyRecovery(person string) string          { return "recover:" + person }
func keyTries(account string) string            { return "tries:" + digest(account) }
func keyRate(key string) string                 { return "rate:" + digest(key) }
func keyVisited(person string) string           { return "visited:" + person }
func keyOpened(person string) string            { return "opened:" + person }
func keyConsent(person string) string           { return "consent:" + person }
func keyChat(person string) string              { return "chat:" + person }
func keyListed(person string) string            { return "listed:" + person }
func keyPersonLock(person string) string        { return "lane:" + person }
func keyCode(key string) string                 { return "code:" + key }
func keyUpload(id string) string                { return "upload:" + id }
func keyUploadUses(id string) string            { return "upload:" + id + ":s" }
func keyUploadSafety(id string) string          { return "upload:" + id + ":c" }
func keyToken(name string) string               { return "wx:" + name }
func keyBudget(account, endpoint string) string { return "budget:" + account + ":" + endpoint }
func keyBlob(name string) string                { return "blob:" + name }

const (
	keyStations = "stations"
	keyMark     = "canary"
	keyAttempts = "attempts" // of all stations: it is short, and many of its entries belong to no station
	keyHealthy  = "healthy"
	// The records of erasures: when Redis' files were last rewritten, and the persons whose erasure met
	// unreadable records.
	keyRewritten       = "rewritten"
	keyPendingErasures = "unerased"
)

// digest hashes a name that should not be readable in a key, or may be long, to 43 characters.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
