package store

// A view has one subject and names its keys. All views share one connection. A script may write keys of several
// views of one station.

// Submissions keeps a station's submissions and what is shown of them: values, lists,
// the feed of changes, receipts, published results, annotations, viewers.
// Keys: {station}:s, :q, :as, :all, :state, :mine, :due, :alarms, :cover, :unsure,
// :relay, :changed, :idem, :seq, :count, :asked, :results, :notes, :looking.
type Submissions struct{ *conn }

// Reminders has the times at which members and assistants are reminded, and the lock of reminding. Keys:
// {station}:urge, :assists, :sweeping.
type Reminders struct{ *conn }

// Outbox has the pending notices, their outcomes, and the undelivered ones. Keys: {station}:ob, :told, :once,
// :untold.
type Outbox struct{ *conn }

// People keeps persons, their roles, invitations and lists, offers to hand over, and erasures that are not complete.
// Keys: person, openid, bound, invite, handover, visited, opened, unerased.
type People struct{ *conn }

// Consents has the ways to notify a person: consents, the windows of the chat, and the lock of the sender.
// Keys: consent, chat, listed, lane.
type Consents struct{ *conn }

// Sessions has sessions and what leads to one: logins on a screen, credentials, one-time codes, and the counts
// and rates that slow down guessing.
// Keys: sess, seats, screen, cred, step, recover, sms, tries, rate, attempts.
type Sessions struct{ *conn }

// Stations keeps rosters, portraits, codes with their scans, models of topics and the
// requests for exports.
// Keys: stations, code, {station}:roster, :ver, :faces, :codes, :scans, :scanned, :filed,
// :topic, :export, :exports.
type Stations struct{ *conn }

// StationDocuments keeps the versioned documents of a station, and the log of what happened to them.
// Keys: {station}:d, :log.
type StationDocuments struct{ *conn }

// Uploads keeps the records of files, the checks of photos and the list of held ones.
// Keys: upload, {@check}, {station}:photos.
type Uploads struct{ *conn }

// AuditLog keeps who did what to whose data. Key: {station}:audit.
type AuditLog struct{ *conn }

// JobRegistry keeps how far jobs are, and their files. Keys: {station}:job, :jobs.
type JobRegistry struct{ *conn }

// Platform has the pushed events, and what processes share about the platform: tokens, counts of calls, values
// of its emulator. Keys: {@push}, wx, budget, blob.
type Platform struct{ *conn }

// Upkeep has the format of the data: mark, seals, migration, verification, rewriting of Redis' files, gauges.
// It reads rosters and codes through Stations, so that Verify finds what a request would find. Keys: canary,
// healthy, rewritten.
type Upkeep struct{ *conn }
