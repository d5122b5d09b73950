package store_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"testing/iotest"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/desk"
	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
	"mashang/store/storetest"
)

var _ desk.Store = (*store.Store)(nil)

func zed(member string, score float64) redis.Z { return redis.Z{Member: member, Score: score} }

// everything calls every method of the contract once and returns the errors.
func everything(ctx context.Context, s *store.Store) map[string]error {
	a := filing(5, "m1", "m2")
	a.Submission.Dangers, a.Code = []danger.Kind{danger.Fire}, "k1"
	sub, _, admitted := s.Admit(ctx, a)
	if admitted != nil {
		sub = a.Submission
		sub.Version, sub.State, sub.Assignee = 1, casework.Assigned, "m1"
	}
	next := sub
	next.Version, next.State = 2, casework.Answered
	e := notice.Entry{ID: "n1", Submission: sub.ID, Purpose: notice.MemberUrge, Member: "m1", At: noon.UnixMilli()}
	in := record.Invite{Station: st, Role: "member", Ref: "m1"}
	arrival := record.InboundEvent{ID: "a1", Kind: "text"}
	only := func(_ any, err error) error { return err }
	errs := map[string]error{"Admit": admitted}
	errs["Remind"] = only(s.Remind(ctx, st, []record.Reminded{{
		Timer: record.Timer{Submission: sub.ID, At: sub.Clocks.NextAt}, Version: 1, Next: sub.Clocks.NextAt + 1,
	}}, []notice.Entry{e}, noon))
	_, _, errs["Turn"] = s.LockReminders(ctx, st, time.Second)
	_, errs["Commit"] = s.Commit(ctx, sub, next, []notice.Entry{e})
	errs["Load"] = only(s.Load(ctx, sub.ID))
	_, _, errs["Seen"] = s.FindReceipt(ctx, st, sub.Filer, a.Key, a.BodyHash)
	_, _, _, errs["Page"] = s.Page(ctx, st, record.Index{Name: record.All}, record.Cursor{}, 5)
	errs["Several"] = only(s.LoadMany(ctx, st, []string{sub.ID}))
	errs["Changes"] = only(s.Changes(ctx, st, ""))
	errs["Loads"] = only(s.Loads(ctx, st, []string{"m1", "m2"}))
	errs["Asked"] = only(s.LastAssigned(ctx, st))
	errs["Count"] = only(s.Count(ctx, st, record.Index{Name: record.Pool}))
	_, _, errs["Due"] = s.Due(ctx, st, noon, noon)
	errs["Timers"] = only(s.Timers(ctx, st, noon, 5))
	errs["PutModel"] = only(s.PutModel(ctx, st, []byte("m")))
	_, _, errs["Model"] = s.Model(ctx, st)
	errs["ModelVersion"] = only(s.ModelVersion(ctx, st))
	_, errs["CommitAll"] = s.CommitAll(ctx, st, []record.Change{{Was: next, Next: next}}, []notice.Entry{e})
	errs["Relays"] = only(s.PendingRelays(ctx, st, 5))
	errs["Heard"] = s.FinishRelay(ctx, sub.ID, 2)
	errs["Lease"] = only(s.Lease(ctx, st, noon, time.Second, 5))
	errs["Postpone"] = s.Postpone(ctx, st, e, noon)
	errs["Finish"] = s.Finish(ctx, st, e, notice.Receipt{Outcome: notice.Dead}, noon)
	errs["PutUntold"] = s.PutUndelivered(ctx, record.Undelivered{Submission: sub.ID, Receiver: "v", Purpose: notice.VisitorReply, Why: notice.Refused, Since: noon})
	errs["UntoldOf"] = only(s.UndeliveredOf(ctx, st, []string{sub.ID}))
	_, _, _, errs["Untold"] = s.UndeliveredPage(ctx, st, record.Cursor{}, 5)
	errs["TickUntold"] = s.ResolveUndelivered(ctx, st, "x.v.y")
	errs["DropUntold"] = s.DropUndelivered(ctx, sub.ID, "m.m1")
	errs["PersonByOpenID"] = only(s.PersonByOpenID(ctx, "o1", "u1"))
	errs["PersonByOpenID 2"] = only(s.PersonByOpenID(ctx, "o2", "u2"))
	errs["Person"] = only(s.Person(ctx, "u1"))
	errs["SetContact"] = s.SetContact(ctx, "u1", st+" m1")
	errs["Bind"] = s.Bind(ctx, "u1", in)
	errs["Bind 2"] = s.Bind(ctx, "u2", in)
	errs["Bind 3"] = s.Bind(ctx, "u2", record.Invite{Station: st, Role: "liaison", Ref: "l1"})
	errs["Bound"] = only(s.Bound(ctx, in))
	errs["BoundAll"] = only(s.BoundAll(ctx, []record.Invite{in}))
	errs["Bind 4"] = s.Bind(ctx, "u1", record.Invite{Station: st, Role: "department", Ref: "d1"})
	errs["Unbind"] = only(s.Unbind(ctx, record.Invite{Station: st, Role: "liaison", Ref: "l1"}))
	errs["EndSessions"] = s.EndSessions(ctx, "u2")
	errs["PutSession"] = s.PutSession(ctx, "h", "u1", time.Hour)
	errs["Session"] = only(s.Session(ctx, "h"))
	errs["DropSession"] = s.DropSession(ctx, "h")
	errs["PutLoginCode"] = s.PutLoginCode(ctx, "who", "h", time.Minute)
	_, errs["TryLoginCode"] = s.TryLoginCode(ctx, "who", "another", 5)
	screen := record.ScreenLogin{State: record.LoginWaiting, Number: "47"}
	errs["PutScreenLogin"] = s.PutScreenLogin(ctx, "sc", screen, time.Minute)
	errs["ScreenLogin"] = only(s.ScreenLogin(ctx, "sc"))
	_, errs["MoveScreenLogin"] = s.ChangeScreenLogin(ctx, "sc", screen, record.ScreenLogin{State: record.LoginSeen})
	errs["PutSeat"] = s.PutConsoleSession(ctx, "seat", "u1", record.ConsoleSession{By: "scan"}, time.Hour)
	errs["KeepSeat"] = s.TouchConsoleSession(ctx, "seat", "u1", record.ConsoleSession{By: "scan"}, time.Hour)
	errs["PutSeat 2"] = s.PutConsoleSession(ctx, "seat2", "u1", record.ConsoleSession{By: "scan"}, time.Hour)
	errs["Seats"] = only(s.ConsoleSessions(ctx, "u1"))
	errs["Seat"] = only(s.ConsoleSession(ctx, "u1", "seat"))
	errs["DropSeat"] = s.DropConsoleSession(ctx, "u1", "seat2")
	_, errs["ChangeCredentials"] = s.ChangeCredentials(ctx, "u1", record.Credentials{}, record.Credentials{Password: "p"})
	errs["DropCredentials"] = s.DropCredentials(ctx, "u2")
	errs["Credentials"] = only(s.Credentials(ctx, "u1"))
	_, errs["UseStep"] = s.UseStep(ctx, "u1", 5)
	errs["PutRecovery"] = s.PutRecovery(ctx, "u1", []string{"a", "b"})
	_, errs["UseRecovery"] = s.UseRecovery(ctx, "u1", "a")
	errs["LeftRecovery"] = only(s.CountRecovery(ctx, "u1"))
	errs["CountTry"] = only(s.CountTry(ctx, "l1@hk", 5, time.Minute))
	errs["TakeRate"] = only(s.TakeRate(ctx, "sms 1", 5, time.Minute))
	errs["ReturnRate"] = s.ReturnRate(ctx, "sms 1", 5, time.Minute)
	errs["TakeRate 2"] = only(s.TakeRate(ctx, "sms 2", 5, time.Minute))
	errs["ForgetRate"] = s.ForgetRate(ctx, "sms 2")
	errs["TakeRate 3"] = only(s.TakeRate(ctx, "sms 3", 5, time.Minute))
	errs["PutExportAsk"] = s.PutExportRequest(ctx, st, "x1", "sealed", time.Hour)
	errs["PutExportAsk 2"] = s.PutExportRequest(ctx, st, "x2", "sealed", time.Hour)
	errs["ExportAsk"] = only(s.ExportRequest(ctx, st, "x1"))
	errs["ExportAsks"] = only(s.ExportRequests(ctx, st))
	errs["ChangeExportAsk"] = only(s.ChangeExportRequest(ctx, st, "x1", "sealed", "agreed"))
	errs["TakeExportAsk"] = only(s.TakeExportRequest(ctx, st, "x2"))
	errs["PutAttempts"] = s.PutAttempts(ctx, []record.Attempt{{At: noon, Kind: record.AttemptDenied, Times: 1}})
	errs["Attempts"] = only(s.Attempts(ctx, "", 5))
	errs["CountTry 2"] = only(s.CountTry(ctx, "l2@hk", 5, time.Minute))
	errs["ForgetTries"] = s.ForgetTries(ctx, "l2@hk")
	errs["LookAt"] = s.StartViewing(ctx, sub.ID, "l1", noon, time.Minute)
	errs["LookAt 2"] = s.StartViewing(ctx, sub.ID, "l2", noon, time.Minute)
	errs["LookAway"] = s.StopViewing(ctx, sub.ID, "l2")
	errs["Lookers"] = only(s.Viewers(ctx, st, noon))
	errs["PersonKnown"] = only(s.FindPerson(ctx, "o1"))
	_, errs["ChangeHandover"] = s.ChangeHandover(ctx, sub.ID, "", "sealed", time.Hour)
	errs["Handover"] = only(s.Handover(ctx, sub.ID))
	_, errs["ChangeHandover 2"] = s.ChangeHandover(ctx, sub.ID, "sealed", "claimed", 0)
	errs["PutHandover"] = s.PutHandover(ctx, "t", sub.ID, time.Hour)
	errs["DropHandover"] = s.DropHandover(ctx, "t")
	errs["PutResult"] = s.PutResult(ctx, record.Result{Submission: sub.ID, Title: "好"})
	errs["Results"] = only(s.Results(ctx, st))
	errs["DropResult"] = s.DropResult(ctx, "lj-another")
	errs["PutUpload 9"] = s.PutUpload(ctx, record.Upload{ID: "f9", Hash: "same"})
	_, _, errs["UploadsOf"] = s.UploadsOf(ctx, "u1")
	errs["PutUnerased"] = s.PutPendingErasure(ctx, "u8", noon)
	errs["PutUnerased 2"] = s.PutPendingErasure(ctx, "u9", noon)
	errs["Unerased"] = only(s.PendingErasures(ctx))
	errs["DropUnerased"] = s.DropPendingErasure(ctx, "u9")
	errs["Rewrite"] = s.Rewrite(ctx)
	errs["Rewritten"] = only(s.Rewritten(ctx))
	errs["SharedFiles"] = only(s.SharedFiles(ctx, "u1", []string{"same"}))
	errs["DropUpload"] = s.DropUpload(ctx, "f9")
	errs["PersonByOpenID 9"] = only(s.PersonByOpenID(ctx, "o9", "u9"))
	errs["DropPerson"] = s.DropPerson(ctx, "u9")
	errs["WasSetUp"] = only(s.WasSetUp(ctx, st, true))
	errs["WasSetUp, asked"] = only(s.WasSetUp(ctx, st, false))
	errs["SetFace"] = s.SetPortrait(ctx, st, "m1", "f1")
	errs["Faces"] = only(s.Portraits(ctx, st))
	errs["PutPersonal"] = s.PutPersonal(ctx, "u1", record.Personal{
		Phrases: []string{"好"}, Views: []record.SavedView{{Name: "好", Query: "a=b"}}, Snoozes: []record.Snooze{{Submission: sub.ID, Version: 1, Until: casework.At(noon)}}, Hidden: []string{"start"},
	})
	_, errs["PutAnnotations"] = s.PutAnnotations(ctx, annotation.Set{Submission: sub.ID, Tags: []string{"好"}}, []notice.Entry{{ID: "n9", Submission: sub.ID, Purpose: notice.LiaisonUrge}})
	errs["Annotations"] = only(s.Annotations(ctx, st, []string{sub.ID}))
	_, errs["CommitDocuments"] = s.CommitDocuments(ctx, st, record.DocumentChange{
		Writes: []record.Document{
			{Kind: record.DocumentDay, ID: "a", At: 1, Body: []byte("{}")}, {Kind: record.DocumentBookings, ID: "a", Body: []byte("{}")},
		},
		Holds: []record.Document{{Kind: record.DocumentBooker, ID: "a"}}, Events: [][]byte{[]byte("{}")},
		Notices: []notice.Entry{{ID: "n8", Purpose: notice.LiaisonUrge}},
	})
	errs["Documents"] = only(s.Documents(ctx, st, record.DocumentDay, "a"))
	_, _, errs["DocumentsBetween"] = s.DocumentsBetween(ctx, st, record.DocumentDay, 0, 9, 5)
	errs["Personal"] = only(s.Personal(ctx, "u1"))
	errs["PutInvite"] = s.PutInvite(ctx, "h", in, "", time.Hour)
	_, _, errs["TakeInvite"] = s.TakeInvite(ctx, "h")
	errs["Visit"] = s.Visit(ctx, "u1", st)
	errs["Visited"] = only(s.Visited(ctx, "u1"))
	errs["SetOpened"] = s.SetOpened(ctx, "u1", sub.ID, noon)
	_, _, errs["Opened"] = s.Opened(ctx, "u1")
	errs["AddConsents"] = s.AddConsents(ctx, "u1", record.Grant{Purpose: notice.MemberNew, Count: 1}, noon)
	errs["SpendConsent"] = s.SpendConsent(ctx, "u1", notice.MemberNew)
	errs["ConsentsLeft"] = only(s.ConsentsLeft(ctx, "u1"))
	errs["ClearConsents"] = s.ClearConsents(ctx, "u1", notice.MemberNew)
	release, _, err := s.LockPerson(ctx, "u1", time.Hour)
	errs["OpenChat"] = s.OpenChat(ctx, "u1", record.Wrote, "a1", noon.Add(time.Hour), 5)
	errs["ChatLeft"] = only(s.ChatLeft(ctx, "u1", noon))
	errs["TakeChat"] = only(s.SpendChat(ctx, "u1", noon, 0))
	errs["ListedOn"] = only(s.MarkGreeted(ctx, "u1", "2026-07-15"))
	errs["CloseChat"] = s.CloseChat(ctx, "u3")
	errs["Lane"] = err
	release()
	errs["PutStation"] = only(s.PutStation(ctx, &station.Station{ID: st, Version: 1}, 0))
	errs["Station"] = only(s.Station(ctx, st))
	errs["StationVersion"] = only(s.StationVersion(ctx, st))
	errs["StationIDs"] = only(s.StationIDs(ctx))
	errs["PutCode"] = s.PutCode(ctx, code("k1", st))
	errs["ChangeCode"] = only(s.ChangeCode(ctx, "k1", func(c station.Code) (station.Code, error) { return c, nil }))
	errs["PutCode 2"] = s.PutCode(ctx, code("k2", st))
	errs["Code"] = only(s.Code(ctx, "k1"))
	errs["Codes"] = only(s.Codes(ctx, st))
	errs["PutUpload"] = s.PutUpload(ctx, record.Upload{ID: "f1"})
	errs["Attach"] = s.Attach(ctx, []string{"f1", "f2"}, sub.ID)
	errs["Upload"] = only(s.Upload(ctx, "f1"))
	errs["Arrive"] = s.PutEvent(ctx, arrival, noon)
	errs["LeaseArrivals"] = only(s.LeaseEvents(ctx, noon, time.Second, 5))
	errs["PostponeArrival"] = s.PostponeEvent(ctx, arrival, noon)
	errs["PutUnread"] = s.PutUnread(ctx, record.UnreadPush{ID: "a1", At: noon, Why: "shape"})
	errs["Unread"] = only(s.Unread(ctx))
	errs["FinishArrival"] = s.FinishEvent(ctx, "a1")
	check := record.PhotoCheck{Upload: "f1", Owner: "u1", Token: "k", Until: noon.Add(time.Hour).UnixMilli(), Trace: "t"}
	errs["QueueCheck"] = s.QueueCheck(ctx, check, noon)
	errs["LeaseChecks"] = only(s.LeaseChecks(ctx, noon, time.Second, 5))
	errs["PostponeCheck"] = s.PostponeCheck(ctx, check, noon)
	errs["Traced"] = only(s.UploadByTrace(ctx, "t"))
	errs["Peeked"] = only(s.UploadByToken(ctx, "k"))
	errs["Judge"] = only(s.Judge(ctx, "f1", record.Passed, false))
	errs["Safeties"] = only(s.Safeties(ctx, []string{"f1", "f2"}))
	errs["FinishCheck"] = s.FinishCheck(ctx, "f1")
	check.Upload, check.Token = "f2", "k2"
	errs["QueueCheck 2"] = s.QueueCheck(ctx, check, noon)
	errs["HoldPhoto 2"] = s.HoldPhoto(ctx, sub.ID, "f2", noon)
	errs["HoldPhoto"] = s.HoldPhoto(ctx, sub.ID, "f1", noon)
	_, _, _, errs["HeldPhotos"] = s.HeldPhotos(ctx, st, record.Cursor{}, 5)
	errs["ReleasePhoto"] = s.ReleasePhoto(ctx, sub.ID, "f1")
	errs["Tell"] = s.EnqueueNotice(ctx, st, e, noon)
	_, errs["AppendAudit"] = s.AppendAudit(ctx, st, "", record.Link{Audit: record.Audit{At: noon}, N: 1, MAC: "k1.x"})
	_, _, errs["LastAudit"] = s.LastAudit(ctx, st)
	errs["Audits"] = only(s.Audits(ctx, st, "", 5))
	errs["AuditsFrom"] = only(s.AuditsFrom(ctx, st, "", 5))
	errs["AddScans"] = s.AddScans(ctx, []record.Scans{{Station: st, Code: "k1", Day: "2026-07-15", N: 2}})
	errs["CodeUses"] = only(s.CodeUses(ctx, st, []string{"2026-07-15"}))
	job := record.Job{ID: "j1", Station: st, Person: "u1", Kind: "signs", State: record.JobRunning, Made: 1}
	_, errs["AddJob"] = s.AddJob(ctx, job)
	errs["PutJobFile"] = s.PutJobFile(ctx, st, "j1", []byte("x"))
	errs["PutJob"] = s.PutJob(ctx, job)
	errs["CancelJob"] = s.CancelJob(ctx, st, "j1")
	_, errs["JobCancelled"] = s.JobCancelled(ctx, st, "j1")
	errs["Job"] = only(s.Job(ctx, st, "j1"))
	errs["Jobs"] = only(s.Jobs(ctx, st, "u1"))
	errs["JobFile"] = only(s.JobFile(ctx, st, "j1"))
	errs["Healthy"] = s.Healthy(ctx)
	errs["Mark"] = only(s.Mark(ctx))
	errs["Plant"] = s.Initialize(ctx, "c")
	errs["Census"] = only(s.Census(ctx))
	errs["Verify"] = only(s.Verify(ctx, store.Verification{}))
	errs["Gauges"] = only(s.Gauges(ctx))
	errs["Waiting"] = only(s.Waiting(ctx))
	_, _, errs["Settings"] = s.Settings(ctx)
	errs["Tokens.Set"] = s.Tokens().Set(ctx, "t", "v", time.Hour)
	errs["Tokens.Get"] = only(s.Tokens().Get(ctx, "t"))
	errs["Tokens.DeleteIf"] = s.Tokens().DeleteIf(ctx, "t", "v")
	errs["Tokens.Claim"] = only(s.Tokens().Claim(ctx, "t.claim", time.Hour))
	_, _, _, errs["Budgets.Lease"] = s.Budgets("wx1").Lease(ctx, "/wxa/x", noon, 1, 0, 10, 100)
	errs["Budgets.Stop"] = s.Budgets("wx1").Stop(ctx, "/wxa/x", noon)
	errs["Blob.Save"] = s.Blob("b").Save(ctx, []byte("x"))
	errs["Blob.Load"] = only(s.Blob("b").Load(ctx))
	return errs
}

func TestEverythingWorks(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for name, err := range everything(t.Context(), s) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A cluster refuses each command and script that touches two slots, also through a key that is not declared to
// a script.
func TestEverythingStaysInOneSlot(t *testing.T) {
	t.Parallel()
	s, server := open(t, storetest.Cluster())
	for name, err := range everything(t.Context(), s) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := server.Client(t).Eval(t.Context(), `return redis.call('MGET', KEYS[1], '{other}:a')`, []string{"{lj}:a"}).Err()
	if err == nil {
		t.Error("this server would not notice a second slot")
	}
}

func TestScriptsAreFoundAgainAfterAFlush(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	if err := server.Client(t).ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	for name, err := range everything(t.Context(), s) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	equal(t, "filed once", must(s.Count(t.Context(), st, record.Index{Name: record.All}))(t), 1)
}

func TestWithoutRedisEverythingIsUnavailableAtOnceAndHeals(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	server.Kill(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for name, err := range everything(ctx, s) {
		wantCode(t, name, err, fault.Unavailable)
		if e, ok := errors.AsType[*fault.Error](err); ok && e.RetryAfter == 0 {
			t.Errorf("%s does not say when to come back", name)
		}
	}
	if ctx.Err() != nil {
		t.Error("all together took more than a minute")
	}
	server.Start(t)
	heals(t, s)
}

// heals waits until the store answers again.
func heals(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.Healthy(ctx)
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("does not heal: ", err)
		}
	}
}

func TestAServerThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	server := storetest.New(t)
	s := server.Open(t, func(o *store.Options) { o.Timeout = 100 * time.Millisecond })
	server.Hang(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	wantCode(t, "hanging", s.Healthy(ctx), fault.Unavailable)
	if ctx.Err() != nil {
		t.Error("is waited for without end")
	}
	cancel()
	wantCode(t, "cancelled", s.Healthy(ctx), fault.Unavailable)
	server.Resume(t)
	heals(t, s)
}

// Errors of a server that cannot serve are Unavailable; errors of a wrong request are Internal.
func TestAnswersOfAServerInTrouble(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	c := server.Client(t)
	if err := c.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Admit(t.Context(), filing(1, "m1"))
	wantCode(t, "no memory", err, fault.Unavailable)
	if err := c.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.Do(t.Context(), "REPLICAOF", "127.0.0.1", "1").Err(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "a replica", s.Healthy(t.Context()), fault.Unavailable)
	if err := c.Do(t.Context(), "REPLICAOF", "NO", "ONE").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.LPush(t.Context(), "{lj}:q:pool", "x").Err(); err != nil {
		t.Fatal(err)
	}
	_, err = s.Count(t.Context(), st, record.Index{Name: record.Pool})
	wantCode(t, "wrong type", err, fault.Internal)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	server := storetest.New(t, storetest.With("--requirepass", "secret-9"))
	_, err := store.Open(t.Context(), server.Options())
	wantCode(t, "no password", err, fault.Unavailable)
	o := server.Options()
	o.Password = "secret-9"
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Healthy(t.Context()), s.Close()); err != nil {
		t.Error(err)
	}
	o.Rand = iotest.ErrReader(errors.New("empty"))
	_, err = store.Open(t.Context(), o)
	wantCode(t, "no randomness", err, fault.Internal)
	o.Rand, o.Addr = nil, o.Addr+"-none"
	_, err = store.Open(t.Context(), o)
	wantCode(t, "no socket", err, fault.Unavailable)
	wantCode(t, "closed", s.Healthy(t.Context()), fault.Unavailable)
}

// Typical submissions with notices and everything stored beside them.
func TestBytesASubmission(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	c := server.Client(t)
	const n = 2000
	before := usedMemory(t, c)
	each(t, 8, func(ctx context.Context, i int) error {
		for range n / 8 {
			sub, _, err := s.Admit(ctx, filing(n, fmt.Sprint("m", i)))
			if err != nil {
				return err
			}
			if sub.State != casework.Assigned {
				return errors.New("pooled")
			}
		}
		return nil
	})
	filed := (usedMemory(t, c) - before) / n
	for _, id := range ids(t, s, record.Index{Name: record.All}, 500) {
		sub := load(t, s, id)
		sub = commit(t, s, sub, casework.Reply{Text: "已联系景区和商户，退还多收的钱，感谢您的反映。"}, noon)
		commit(t, s, sub, casework.Close{Text: "商户已退款并道歉，问题已解决。", Outcome: casework.Solved}, noon)
	}
	drainAll(t, s)
	for _, key := range must(c.Keys(t.Context(), "{lj}:idem:*").Result())(t) {
		if err := c.Del(t.Context(), key).Err(); err != nil {
			t.Fatal(err)
		}
	}
	closed := (usedMemory(t, c) - before) / n
	t.Logf("bytes a submission: %d on its first day, %d closed and a day later", filed, closed)
	if filed >= 3072 || closed >= filed {
		t.Errorf("%d bytes filed, %d closed", filed, closed)
	}
}

func drainAll(t *testing.T, s *store.Store) {
	t.Helper()
	for {
		list := must(s.Lease(t.Context(), st, noon.Add(time.Hour), time.Hour, 500))(t)
		if len(list) == 0 {
			return
		}
		for _, e := range list {
			if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: notice.Sent}, noon); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// usedMemory returns the server's memory in bytes.
func usedMemory(t *testing.T, c *redis.Client) int {
	t.Helper()
	info := must(c.InfoMap(t.Context(), "memory").Result())(t)
	n, err := strconv.Atoi(info["Memory"]["used_memory"])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
