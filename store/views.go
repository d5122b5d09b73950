package store

// A view keeps one subject and names its keys. All views share one connection. A script
// may write keys of several views of one station.

// Submissions keeps a station's submissions and what is shown of them: values, lists,
// the feed of changes, receipts, published results, viewers.
// Keys: {station}:s, :q, :as, :all, :state, :mine, :due, :alarms, :cover, :unsure,
// :relay, :changed, :idem, :seq, :count, :asked, :results, :looking.
type Submissions struct{ *conn }

// Reminders keeps when members and assistants are to be reminded, and the lock of the
// process that does so. Keys: {station}:urge, :assists, :sweeping.
type Reminders struct{ *conn }

// Outbox keeps the notices to be sent, what became of them, and who could not be told.
// Keys: {station}:ob, :told, :once, :untold.
type Outbox struct{ *conn }

// People keeps persons, their roles, invitations and lists, the codes with which a
// submission is taken over, and the erasures that are not complete.
// Keys: person, openid, bound, invite, takeover, visited, opened, unerased.
type People struct{ *conn }

// Consents keeps how a person may be told something: consents, the windows of the chat,
// and the lock of whoever tells them. Keys: consent, chat, listed, lane.
type Consents struct{ *conn }

// Sessions keeps sessions and what leads to one: logins on a screen, credentials, one-time
// codes, and the counts and rates that brake guessing.
// Keys: sess, seats, screen, cred, step, recover, sms, tries, rate, attempts.
type Sessions struct{ *conn }

// Stations keeps rosters, portraits, codes with their scans, models of topics and the
// requests for exports.
// Keys: stations, code, {station}:roster, :ver, :faces, :codes, :scans, :scanned, :filed,
// :topic, :export, :exports.
type Stations struct{ *conn }

// Uploads keeps the records of files, the checks of photos and the list of held ones.
// Keys: upload, {@check}, {station}:photos.
type Uploads struct{ *conn }

// AuditLog keeps who did what to whose data. Key: {station}:audit.
type AuditLog struct{ *conn }

// JobRegistry keeps how far jobs are, and their files. Keys: {station}:job, :jobs.
type JobRegistry struct{ *conn }

// Platform keeps what the platform pushed, and what processes share about it: tokens,
// counts of calls, values of its stand-in. Keys: {@push}, wx, budget, blob.
type Platform struct{ *conn }

// Upkeep keeps the form of the data: mark, seals, migration, verification, rewriting of
// Redis' files, gauges. It reads rosters and codes through Stations, so that Verify finds
// what a request would find. Keys: canary, healthy, rewritten.
type Upkeep struct{ *conn }
