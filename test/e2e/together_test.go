package e2e_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTogether walks through what several people report: the second is offered the
// first's matter while writing and joins it; the answer reaches both, also after
// the server was killed in between; the third is merged by the liaison, who sees it
// rise; an extension is told to all.
func TestTogether(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	cast := s.cast()
	code := cast.Codes[slices.IndexFunc(cast.Codes, func(c castCode) bool { return c.Kind == "place" })]
	const words = "渡口候船亭的顶棚漏雨，下雨天老人没地方躲"
	s.secret("the text of a submission", words)
	file := func(p *phone, key string, more object) wireSubmission {
		body := object{"scene": code.Key, "kind": "suggestion", "text": words}
		maps.Copy(body, more)
		return p.filed(key, body)
	}
	one, two, three := s.user("villager-together-1"), s.user("villager-together-2"), s.user("villager-together-3")
	first := file(one, "together-key-0001", nil)
	var topics struct {
		Sure   bool `json:"sure"`
		Topics []struct {
			Key string `json:"key"`
		} `json:"topics"`
	}
	two.call(http.StatusOK, http.MethodPost, "/codes/"+code.Key+"/topics", object{"text": "校车座位不够，老师也不管"}, &topics)
	if topics.Sure || len(topics.Topics) == 0 {
		t.Errorf("by words alone: %+v", topics)
	}
	type offers struct {
		Items []struct {
			ID, Sentence, Text string
			People             int
			Likely             bool
			Offer              string
		} `json:"items"`
	}
	var offered offers
	a := two.call(http.StatusOK, http.MethodPost, "/codes/"+code.Key+"/similar", object{"text": "渡口候船亭顶棚漏雨，老人没地方躲雨"}, &offered)
	if len(offered.Items) != 1 || offered.Items[0].ID != "" || offered.Items[0].Offer == "" || !offered.Items[0].Likely || strings.Contains(string(a.body), "没地方躲") {
		t.Fatalf("offered %v", a)
	}
	second := file(two, "together-key-0002", object{"same_as": offered.Items[0].Offer, "text": "渡口候船亭顶棚漏雨，老人没地方躲雨"})
	if second.Number == first.Number || second.assignee() != first.assignee() {
		t.Errorf("%+v", second)
	}
	third := file(three, "together-key-0003", nil)
	l := s.liaison(cast)
	var alike offers
	l.call(http.StatusOK, http.MethodGet, "/submissions/"+third.ID+"/similar", nil, &alike)
	if len(alike.Items) != 2 {
		t.Errorf("the liaison is shown %+v", alike.Items)
	}
	l.act(third.ID, "merge", object{"version": 1, "into": first.ID, "reason": "同一座候船亭"})
	var hot struct {
		Items []struct{ Recent int } `json:"items"`
	}
	l.call(http.StatusOK, http.MethodGet, "/station/hot", nil, &hot)
	if len(hot.Items) == 0 || hot.Items[0].Recent != 3 {
		t.Errorf("rising: %+v", hot.Items)
	}
	member := s.user(cast.Members[slices.IndexFunc(cast.Members, func(m castMember) bool { return m.ID == first.assignee() })].OpenID)
	member.act(first.ID, "accept", object{"version": member.read(first.ID).Version})
	due := member.read(first.ID).DueAt
	later := member.act(first.ID, "extend", object{"version": member.read(first.ID).Version, "days": 5, "reason": "等船务所排期"})
	if !later.DueAt.After(due.Add(4 * 24 * time.Hour)) {
		t.Errorf("extended from %v to %v", due, later.DueAt)
	}
	member.refusal(http.StatusUnprocessableEntity, "wrong_state", http.MethodPost, "/submissions/"+first.ID+"/extend",
		object{"version": later.Version, "days": 1, "reason": "再等等"})
	s.kill()
	s.start()
	s.ready()
	// An answer to one of those that follow is an answer to all.
	member.act(third.ID, "reply", object{"version": member.read(third.ID).Version, "text": "顶棚下周换"})
	for _, x := range []struct {
		p  *phone
		id string
	}{{one, first.ID}, {two, second.ID}, {three, third.ID}} {
		got := x.p.read(x.id)
		if n := len(got.Timeline); got.State != "answered" || got.Timeline[n-1].Text != "顶棚下周换" || !got.DueAt.Equal(later.DueAt) {
			t.Errorf("%s: %s, due %v, %+v", x.id, got.State, got.DueAt, got.Timeline[n-1])
		}
	}
	two.act(second.ID, "withdraw", object{})
	if got := one.read(first.ID); got.State != "answered" {
		t.Errorf("a withdrawal of one left the other %s", got.State)
	}
}
