package handlers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// leaves are the values of an answer by where they stand; lists are sets of theirs.
func leaves(at string, v any, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			leaves(at+"."+k, x, into)
		}
	case []any:
		for _, x := range v {
			leaves(at+"[]", x, into)
		}
	default:
		into[fmt.Sprintf("%s=%v", at, v)] = true
	}
}

// TestNoAnswerShowsMoreThanARead: after any act and any filing sent again, by anybody
// and whatever came before, what the answer shows is what the same caller reads
// before it or after it.
func TestNoAnswerShowsMoreThanARead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	people := map[string]string{
		"filer": b.login("villager"), "mother": b.login("the-mother"), "follower": b.login("tourist"), "stranger": b.login("passer"),
		"m1": b.as("ma", "hk", "member", "m1"), "m2": b.as("he", "hk", "member", "m2"), "m3": b.as("li", "hk", "member", "m3"),
		"liaison": b.as("sun", "hk", "liaison", "l1"), "department": b.as("gov", "hk", "department", "d1"),
		"admin": b.as("qian", "hk", "liaison", "a1"), "elsewhere": b.as("zhou", "xj", "liaison", "l9"),
	}
	names := []string{"filer", "mother", "follower", "stranger", "m1", "m2", "m3", "liaison", "department", "admin", "elsewhere"}
	acts := []string{
		"accept", "ask", "reply", "transfer", "return", "close", "extend", "assign", "messages", "withdraw", "rate", "reopen",
		"assist", "contribute", "decline", "recall", "attend", "merge", "split", "fulfil", "promise", "takeback", "askcall", "followup", "filed again", "taken over", "given", "left",
	}
	// What an act needs before it, so that each is done: acts, with what they are about.
	ways := [][]string{
		{},
		{"filed again"},
		{"taken over/mother"},
		{"given/mother", "messages", "accept", "reply", "left"},
		{"accept", "given/mother", "ask", "messages/filer", "left/filer"},
		{"accept", "ask", "messages", "reply", "takeback"},
		{"accept", "close/agreed", "promise", "fulfil"},
		{"return", "assign"},
		{"transfer"},
		{"extend"},
		{"accept", "close", "rate/low", "followup"},
		{"askcall"},
		{"close/invalid"},
		{"accept", "close", "reopen"},
		{"withdraw"},
		{"attend"},
		{"assign/m1", "assist/m3", "decline"},
		{"assign/m1", "assist/d1", "contribute"},
		{"assign/m1", "assist/m3", "recall/first"},
		{"merge", "split"},
	}
	fits := map[string]string{
		"messages": "filer", "withdraw": "filer", "rate": "filer", "reopen": "filer", "assign": "liaison", "attend": "liaison",
		"merge": "liaison", "split": "liaison", "followup": "liaison", "contribute": "department", "decline": "m3", "taken over": "stranger",
	}
	done, ended := map[string]int{}, 0
	property := func(t *rapid.T) {
		way := rapid.SampledFrom(ways).Draw(t, "way")
		b.clock.Advance(25 * time.Hour) // so that nobody's day is used up
		read := func(name, id string) map[string]bool {
			r := b.send("GET", "/api/v1/submissions/"+id, people[name], nil)
			seen := map[string]bool{}
			if r.Status != 200 {
				return seen
			}
			leaves("", r.JSON(b.t), seen)
			return seen
		}
		body := filing(map[string]any{
			"anonymous": rapid.Bool().Draw(t, "anonymous"), "contact": map[string]any{"phone": "13800138000"},
			"on_behalf_of": map[string]any{"name": "马老太太", "relation": "母亲", "phone": "13900139000"},
		})
		if slices.Contains(way, "attend") {
			body["text"] = "邻居家煤气泄漏了，快来人"
		}
		key := newKey()
		first := b.send("POST", "/api/v1/submissions", people["filer"], body, "Idempotency-Key", key)
		b.want(first, 201)
		id := at[string](first.JSON(b.t), "id")
		other := b.send("POST", "/api/v1/submissions", people["follower"], filing(nil), "Idempotency-Key", newKey())
		b.want(other, 201)
		into := at[string](other.JSON(b.t), "id")
		if rapid.Bool().Draw(t, "assisted") {
			b.send("POST", "/api/v1/submissions/"+id+"/assist", people["liaison"], map[string]any{"version": 1, "member": "m3", "text": "请看看"})
		}
		asked, assist := "m3", 1 // the member asked to assist, and the newest assist
		steps := len(way) + rapid.IntRange(4, 14).Draw(t, "steps")
		for step := range steps {
			name := rapid.SampledFrom(names).Draw(t, "who")
			act, about := rapid.SampledFrom(acts).Draw(t, "act"), ""
			if step < len(way) {
				act, about, _ = strings.Cut(way[step], "/")
			}
			b.clock.Advance(5 * time.Second)
			now := b.got(b.send("GET", "/api/v1/submissions/"+id, people["liaison"], nil))
			version := now["version"]
			if rapid.IntRange(0, 3).Draw(t, "fits") > 0 || step < len(way) { // else anybody tries
				name = fits[act]
				if has, ok := now["assignee"].(map[string]any); name == "" && ok {
					name = at[string](has, "id")
				}
				if people[name] == "" || about == "invalid" {
					name = "liaison"
				}
				if act == "decline" {
					name = asked
				}
				if slices.Contains([]string{"taken over", "given", "left", "messages"}, act) && about != "" {
					name = about
				}
			}
			before := read(name, id)
			var reply reply
			switch act {
			case "filed again":
				name = "filer"
				before = read(name, id)
				reply = b.send("POST", "/api/v1/submissions", people[name], body, "Idempotency-Key", key)
			case "taken over": // by six digits
				made := b.send("POST", "/api/v1/submissions/"+id+"/handover", people["filer"], map[string]any{"phone": "13900139000", "alone": rapid.Bool().Draw(t, "alone")})
				if made.Status != 200 {
					continue
				}
				b.clock.Advance(time.Hour) // so that nobody's tries are used up
				made = b.send("POST", "/api/v1/submissions/"+id+"/handover", people["filer"], map[string]any{"phone": "13900139000"})
				reply = b.send("POST", "/api/v1/takeovers", people[name], map[string]any{"code": made.JSON(b.t)["digits"], "phone_code": b.emu.PhoneCode("13900139000")})
			case "given": // by a link, from its filer to anybody
				made := b.send("POST", "/api/v1/submissions/"+id+"/handover", people["filer"], map[string]any{"alone": rapid.Bool().Draw(t, "alone")})
				if made.Status != 200 {
					continue
				}
				claim := b.send("POST", "/api/v1/handovers", people[name], map[string]any{"token": made.JSON(b.t)["token"]})
				if claim.Status != 200 {
					continue
				}
				name = "filer"
				before = read(name, id)
				reply = b.send("POST", "/api/v1/submissions/"+id+"/handover/confirm", people[name], map[string]any{"check": claim.JSON(b.t)["check"]})
			case "left":
				reply = b.send("DELETE", "/api/v1/submissions/"+id+"/proxy", people[name], nil)
			default:
				all := map[string]map[string]any{
					"transfer": {"to": rapid.SampledFrom([]string{"m1", "m2", "m3"}).Draw(t, "to"), "reason": "同事之间的原因", "note": "说明"},
					"assign":   {"to": rapid.SampledFrom([]string{"m1", "m2", "m3"}).Draw(t, "to"), "reason": "同事之间的原因"},
					"close":    {"outcome": rapid.SampledFrom([]string{"solved", "agreed"}).Draw(t, "outcome"), "text": "办好了", "without": true},
					"reply":    {"text": "答复", "without": true}, "ask": {"text": "哪里？"}, "messages": {"text": "补充"},
					"return": {"reason": "不归我管"}, "extend": {"days": 2, "reason": "要等材料"}, "withdraw": {}, "accept": {},
					"rate": {"solved": "partly", "satisfaction": "satisfied"}, "askcall": {"reason": "问地点"}, "reopen": {"reason": "没好"}, "attend": {"reason": "已核实"},
					"assist":     rapid.SampledFrom([]map[string]any{{"department": "d1", "text": "请看看", "contact": true}, {"member": "m3", "text": "请看看"}}).Draw(t, "whom"),
					"contribute": {"text": "我的意见"}, "decline": {"reason": "办不了"}, "recall": {"assist": assist, "reason": "不用了"},
					"merge": {"into": into, "reason": "同一件"}, "split": {"reason": "不是同一件"},
					"fulfil": {"text": "做好了"}, "promise": {"promised": "2026-06-30", "reason": "缺货"}, "takeback": {}, "followup": {"result": "reopen", "text": "还是没有好"},
				}
				sent := maps.Clone(all[act])
				switch about {
				case "agreed":
					sent["outcome"] = about
				case "low":
					sent["solved"] = "not"
				case "first":
					sent["assist"] = 1
				case "invalid":
					sent = map[string]any{"outcome": about, "reason": "试填"}
				case "m1":
					sent["to"] = about
				case "m3": // or another, for a matter that m3 has
					if has, ok := now["assignee"].(map[string]any); ok && has["id"] == "m3" {
						asked = "m2"
					}
					sent = map[string]any{"member": asked, "text": "请看看"}
				case "d1":
					sent = map[string]any{"department": about, "text": "请看看"}
				}
				if act != "contribute" && act != "decline" {
					sent["version"] = version
				}
				reply = b.send("POST", "/api/v1/submissions/"+id+"/"+act, people[name], sent)
			}
			if reply.Status >= 300 {
				continue
			}
			done[act]++
			if act == "assist" {
				assist = len(at[[]any](reply.JSON(b.t), "assists"))
			}
			if len(reply.Body) == 0 {
				ended++
				continue
			}
			var answer map[string]any
			if err := json.Unmarshal(reply.Body, &answer); err != nil {
				t.Fatal(err)
			}
			shown := map[string]bool{}
			leaves("", answer, shown)
			after := read(name, at[string](answer, "id"))
			for leaf := range shown {
				// A receipt says the state it was filed into, which may be an earlier one.
				if !before[leaf] && !after[leaf] && (act != "filed again" || len(answer) != 4) {
					t.Fatalf("%s by %s is answered with %s, which they read neither before nor after", act, name, leaf)
				}
			}
			if act == "filed again" && len(after) == 0 {
				t.Fatalf("a filing sent again is answered to whoever reads it no more")
			}
		}
	}
	// Each way is gone by itself as well, so that chance leaves no act out.
	all := ways
	for _, way := range all {
		ways = [][]string{way}
		rapid.Custom(func(t *rapid.T) bool {
			property(t)
			return rapid.Bool().Draw(t, "end")
		}).Example(1)
	}
	ways = all
	rapid.Check(t, property)
	for _, act := range acts {
		if done[act] == 0 {
			b.t.Errorf("%s was never done: %v", act, done)
		}
	}
	if ended == 0 {
		b.t.Error("no act ended anybody's part")
	}
}
