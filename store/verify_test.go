package store_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
	"mashang/store/storetest"
)

func TestCensusFindsWhatIsLost(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	found(t, s)
	equal(t, "empty", must(s.Census(t.Context()))(t), map[string]store.Count{st: {}})
	var last casework.Submission
	for range 3 {
		last = admit(t, s, filing(5, "m1"))
	}
	equal(t, "full", must(s.Census(t.Context()))(t), map[string]store.Count{st: {Counter: 3, Listed: 3}})
	if err := server.Client(t).ZRem(t.Context(), "{lj}:all", last.ID[3:]).Err(); err != nil {
		t.Fatal(err)
	}
	equal(t, "lost", must(s.Census(t.Context()))(t), map[string]store.Count{st: {Counter: 3, Listed: 2}})
}

// Every kind of damage is found and named, and nothing else is.
func TestVerifyFindsDamage(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	found(t, s)
	c := server.Client(t)
	first := admit(t, s, filing(5, "m1"))
	admit(t, s, filing(5, "m2"))
	closed := admit(t, s, filing(5, "m3"))
	untold := record.Undelivered{Submission: first.ID, Receiver: "v", Purpose: notice.VisitorReply, Why: notice.NoConsent, Since: noon}
	if err := s.PutUndelivered(t.Context(), untold); err != nil {
		t.Fatal(err)
	}
	commit(t, s, closed, casework.Reply{Text: "好"}, noon)
	report := must(s.Verify(t.Context(), store.Verification{}))(t)
	equal(t, "whole", report, store.Report{Stations: 1, Submissions: 3})

	local := first.ID[3:]
	kept := must(c.Get(t.Context(), "{lj}:s:"+local).Result())(t)
	for _, damage := range []struct {
		what, finds string
		do, undo    *redis.Cmd
	}{
		{"left a list", "不在列表 {lj}:q:in:m1 中", do(t, "ZREM", "{lj}:q:in:m1", local), do(t, "ZADD", "{lj}:q:in:m1", int64(first.DueAt), local)},
		{"is in two queues", "列表 {lj}:q:pool：诉求 " + first.ID + " 不该在其中", do(t, "ZADD", "{lj}:q:pool", 1, local), do(t, "ZREM", "{lj}:q:pool", local)},
		{"is at a wrong place", "列表 {lj}:due 中的位置不对", do(t, "ZADD", "{lj}:due", 1, local), do(t, "ZADD", "{lj}:due", int64(first.DueAt), local)},
		{"cannot be read", "诉求 " + first.ID, do(t, "SET", "{lj}:s:"+local, "x"), do(t, "SET", "{lj}:s:"+local, kept)},
		{"is gone", "诉求 " + first.ID, do(t, "DEL", "{lj}:s:"+local), do(t, "SET", "{lj}:s:"+local, kept)},
		{"is not counted", "累计提交 4 件，清单中有 3 件", do(t, "INCR", "{lj}:count"), do(t, "DECR", "{lj}:count")},
		{"left the index", "待告知 " + untold.ID() + " 在 {lj}:untold 中，不在 {lj}:untold:x 中", do(t, "ZREM", "{lj}:untold:x", untold.ID()), do(t, "ZADD", "{lj}:untold:x", 0, untold.ID())},
		{"is in the index alone", "待告知 other.v.x 在 {lj}:untold:x 中，不在 {lj}:untold 中", do(t, "ZADD", "{lj}:untold:x", 0, "other.v.x"), do(t, "ZREM", "{lj}:untold:x", "other.v.x")},
		{"is misplaced in the index", "分值不是 0", do(t, "ZADD", "{lj}:untold:x", 5, untold.ID()), do(t, "ZADD", "{lj}:untold:x", 0, untold.ID())},
		{"has no why", "不在 {lj}:untold:d 中", do(t, "HDEL", "{lj}:untold:d", untold.ID()), do(t, "HSET", "{lj}:untold:d", untold.ID(), "no_consent")},
		{"is on a stranger's list", "列表 {lj}:mine:u9：诉求 " + first.ID + " 不该在其中", do(t, "ZADD", "{lj}:mine:u9", 1, local), do(t, "DEL", "{lj}:mine:u9")},
		{"is with who was never there", "列表 {lj}:q:in:m99：诉求 " + first.ID + " 不该在其中", do(t, "ZADD", "{lj}:q:in:m99", 1, local), do(t, "DEL", "{lj}:q:in:m99")},
		{"is gone from a stranger's list", "列表 {lj}:mine:u9：其中的诉求 lj-x 不存在", do(t, "ZADD", "{lj}:mine:u9", 1, "x"), do(t, "DEL", "{lj}:mine:u9")},
		{"no time of the last matter", "列表 {lj}:asked：有 1 项读不出", do(t, "HSET", "{lj}:asked", "m9", "x"), do(t, "HDEL", "{lj}:asked", "m9")},
		{"more came by codes than came", "各码共提交 9 件，多于累计提交的 3 件", do(t, "HSET", "{lj}:filed", "k", 9), do(t, "HDEL", "{lj}:filed", "k")},
		{"no count of a code", "列表 {lj}:filed：有 1 项读不出", do(t, "HSET", "{lj}:filed", "k", "x"), do(t, "HDEL", "{lj}:filed", "k")},
		{"no revision of the notes", "诉求 " + first.ID + "：内部备注读不出", do(t, "HSET", "{lj}:notes", local, "x"), do(t, "HDEL", "{lj}:notes", local)},
		{"no notes", "诉求 " + first.ID + "：内部备注读不出", do(t, "HSET", "{lj}:notes", local, "1\t{"), do(t, "HDEL", "{lj}:notes", local)},
		{"notes of another kind", "工作站 lj：内部备注读不出", do(t, "SET", "{lj}:notes", "x"), do(t, "DEL", "{lj}:notes")},
		{"lost the roster", "工作站 lj", do(t, "RENAME", "{lj}:roster", "{lj}:r"), do(t, "RENAME", "{lj}:r", "{lj}:roster")},
	} {
		if err := c.Process(t.Context(), damage.do); err != nil {
			t.Fatal(damage.what, err)
		}
		report := must(s.Verify(t.Context(), store.Verification{}))(t)
		if !strings.Contains(strings.Join(report.Faults, "\n"), damage.finds) {
			t.Errorf("%s: found %q", damage.what, report.Faults)
		}
		if err := c.Process(t.Context(), damage.undo); err != nil {
			t.Fatal(damage.what, err)
		}
	}
	// An urge that was put off is no damage.
	if err := c.ZAdd(t.Context(), "{lj}:urge", zed(local, 9e12)).Err(); err != nil {
		t.Fatal(err)
	}
	equal(t, "mended", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
}

func do(t *testing.T, args ...any) *redis.Cmd {
	t.Helper()
	return redis.NewCmd(t.Context(), args...)
}

func TestVerifyShowsEachSubmission(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	found(t, s)
	const n = 130
	for range n {
		admit(t, s, filing(n, "m1"))
	}
	seen := map[string]int{}
	report := must(s.Verify(t.Context(), store.Verification{Submission: func(sub casework.Submission) error {
		seen[sub.Phone]++
		return errors.New("does not open")
	}}))(t)
	equal(t, "seen", seen, map[string]int{filing(1).Submission.Phone: n})
	equal(t, "named", len(report.Faults), 100)
	equal(t, "more", report.More, n-100)
}

func TestVerifyOfManyStations(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for i := range 5 {
		id := fmt.Sprintf("st%d", i)
		if ok, err := s.PutStation(t.Context(), &station.Station{ID: id, Version: 1}, 0); err != nil || !ok {
			t.Fatal(ok, err)
		}
		a := filing(5, "m1")
		a.Submission.Station, a.Submission.ID = id, id+"-x"
		admit(t, s, a)
	}
	equal(t, "report", must(s.Verify(t.Context(), store.Verification{}))(t), store.Report{Stations: 5, Submissions: 5})
}

func TestGauges(t *testing.T) {
	t.Parallel()
	server := storetest.New(t)
	now := noon
	s := server.Open(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	found(t, s)
	gauge := func() store.Gauge { return must(s.Gauges(t.Context()))(t)[st] }
	g := gauge()
	equal(t, "overdue", g.Overdue, 0)
	equal(t, "oldest", g.OldestPooled, 0)

	admit(t, s, filing(1, "m1"))
	admit(t, s, filing(1, "m1"))
	now = noon.Add(25 * time.Hour)
	g = gauge()
	equal(t, "assigned", g.InState[casework.Assigned], 1)
	equal(t, "pooled", g.InState[casework.Pooled], 1)
	equal(t, "states", len(g.InState), len(casework.States))
	equal(t, "overdue", g.Overdue, 1)
	equal(t, "oldest", g.OldestPooled, 25*time.Hour)
	equal(t, "outbox", g.Outbox, 1)
	equal(t, "lag", g.OutboxLag, 25*time.Hour)
	drain(t, s)
	g = gauge()
	equal(t, "outbox", g.Outbox, 0)
	equal(t, "lag", g.OutboxLag, 0)
	equal(t, "told", g.Told, map[string]int{"sent": 1})
	if err := server.Client(t).HSet(t.Context(), "{lj}:told:n", "sent", "x").Err(); err != nil {
		t.Fatal(err)
	}
	_, err := s.Gauges(t.Context())
	wantCode(t, "damaged", err, fault.Internal)
}

func TestSettingsWarnOfWhatEndangersData(t *testing.T) {
	t.Parallel()
	s, server := open(t, storetest.Durable())
	set, warnings, err := s.Settings(t.Context())
	if err != nil || len(warnings) != 0 {
		t.Error(warnings, err)
	}
	equal(t, "settings", set, store.Settings{
		Version: set.Version, AppendOnly: "yes", AppendFsync: "always", MaxMemoryPolicy: "noeviction", AOFStatus: "ok",
	})
	c := server.Client(t)
	for _, change := range [][3]string{
		{"appendfsync", "everysec", "always"}, {"maxmemory-policy", "allkeys-lru", "noeviction"}, {"appendonly", "no", "yes"},
	} {
		if err := c.ConfigSet(t.Context(), change[0], change[1]).Err(); err != nil {
			t.Fatal(err)
		}
		_, warnings, err := s.Settings(t.Context())
		if err != nil || len(warnings) != 1 || !strings.HasPrefix(warnings[0], change[0]+" 为 "+change[1]) {
			t.Errorf("%s: %q %v", change[0], warnings, err)
		}
		if err := c.ConfigSet(t.Context(), change[0], change[2]).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSettingsOfAServerThatDoesNotTell(t *testing.T) {
	t.Parallel()
	s, _ := open(t, storetest.With("--rename-command", "CONFIG", ""))
	set, warnings, err := s.Settings(t.Context())
	if err != nil || set.AppendOnly != "" || len(warnings) != 1 || !strings.Contains(warnings[0], "无法读取") {
		t.Error(set, warnings, err)
	}
}

func TestWarningsOfOldAndBrokenServers(t *testing.T) {
	t.Parallel()
	good := store.Settings{Version: "7.0.15", AppendOnly: "yes", AppendFsync: "always", MaxMemoryPolicy: "noeviction", AOFStatus: "ok"}
	for want, change := range map[string]func(*store.Settings){
		"版本为 \"6.2.14\"": func(s *store.Settings) { s.Version = "6.2.14" },
		"版本为 \"\"":       func(s *store.Settings) { s.Version = "" },
		"写盘失败":           func(s *store.Settings) { s.AOFStatus = "err" },
	} {
		set := good
		change(&set)
		if list := set.Warnings(); len(list) != 1 || !strings.Contains(list[0], want) {
			t.Errorf("%s: %q", want, list)
		}
	}
	good.Version = "10.1.0"
	equal(t, "newer", good.Warnings(), nil)
}

func TestTheMarkIsSetOnce(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	equal(t, "none", must(s.Mark(t.Context()))(t), store.Mark{})
	if err := s.Initialize(t.Context(), "c1"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "again", s.Initialize(t.Context(), "c2"), fault.Conflict)
	server.Kill(t)
	server.Start(t)
	heals(t, s)
	equal(t, "planted", must(s.Mark(t.Context()))(t), store.Mark{ID: "c1", Format: store.Format})
}

func TestTokensAndBlobs(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	tokens := s.Tokens()
	equal(t, "none", must(tokens.Get(t.Context(), "a"))(t), "")
	if err := tokens.Set(t.Context(), "a", "v", time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := tokens.DeleteIf(t.Context(), "a", "older"); err != nil {
		t.Fatal(err)
	}
	equal(t, "kept", must(tokens.Get(t.Context(), "a"))(t), "v")
	if ttl := server.Client(t).TTL(t.Context(), "wx:a").Val(); ttl <= 0 {
		t.Error("a token is kept for ever")
	}
	if err := tokens.DeleteIf(t.Context(), "a", "v"); err != nil {
		t.Fatal(err)
	}
	equal(t, "deleted", must(tokens.Get(t.Context(), "a"))(t), "")

	blob := s.Blob("emulator")
	_, err := blob.Load(t.Context())
	wantCode(t, "never saved", err, fault.NotFound)
	for _, value := range [][]byte{{0, 1, 255}, []byte("{}")} {
		if err := blob.Save(t.Context(), value); err != nil {
			t.Fatal(err)
		}
		equal(t, "value", must(blob.Load(t.Context()))(t), value)
	}
}

// TestReportsAreBounded: all faults are counted, and listed up to a bound.
func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	var r store.Report
	for i := range 150 {
		r.Add("fault %d", i)
	}
	equal(t, "listed", len(r.Faults), 100)
	equal(t, "more", r.More, 50)
}

// TestVerifyOfWhatIsNoList: a key of another kind is a fault of its own, and keeps
// nothing else from being looked at.
func TestVerifyOfWhatIsNoList(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	found(t, s)
	c := server.Client(t)
	sub := admit(t, s, filing(5, "m1"))
	if err := s.PutUpload(t.Context(), record.Upload{ID: "f1", Owner: "u1"}); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"{lj}:q:in:m1", "{lj}:due", "{lj}:all", "{lj}:mine:" + sub.Filer, "{lj}:count", "{lj}:asked", "{lj}:codes", "{lj}:untold", "upload:f1"} {
		kept := c.Exists(t.Context(), key).Val() > 0
		if kept {
			c.Rename(t.Context(), key, "{lj}:kept")
		}
		if err := c.RPush(t.Context(), key, "x").Err(); err != nil {
			t.Fatal(err)
		}
		c.Set(t.Context(), "upload:f2", "x", 0)
		report, err := s.Verify(t.Context(), store.Verification{})
		all := strings.Join(report.Faults, "\n")
		if err != nil || !strings.Contains(all, "附件 f2") || strings.Count(all, "\n") == 0 {
			t.Errorf("%s: %v, %q", key, err, report.Faults)
		}
		c.Del(t.Context(), key, "upload:f2")
		if kept {
			c.Rename(t.Context(), "{lj}:kept", key)
		}
	}
	equal(t, "mended", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
}

// TestExtraEntriesAreCheckedInBatches: a list that has another number than was counted is
// walked in few trips.
func TestExtraEntriesAreCheckedInBatches(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	found(t, s)
	c := server.Client(t)
	const n = 700
	for range n {
		admit(t, s, filing(n, "m1"))
	}
	if err := c.ZAdd(t.Context(), "{lj}:q:in:m1", zed("x", 9e12)).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.ConfigResetStat(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	report := must(s.Verify(t.Context(), store.Verification{}))(t)
	equal(t, "found", report.Faults, []string{"列表 {lj}:q:in:m1：其中的诉求 lj-x 不存在"})
	var trips int
	for line := range strings.Lines(must(c.Info(t.Context(), "commandstats").Result())(t)) {
		if rest, ok := strings.CutPrefix(line, "cmdstat_exec:calls="); ok {
			count, _, _ := strings.Cut(rest, ",")
			trips = must(strconv.Atoi(count))(t)
		}
	}
	if trips == 0 || trips > 20 {
		t.Errorf("%d looks at %d submissions", trips, n)
	}
}
