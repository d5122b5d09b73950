package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

// TestHeldAndPooled files what no member may see yet and what nobody fits, and
// lets the liaison give it to somebody.
func TestHeldAndPooled(t *testing.T) {
	t.Parallel()
	s := serving(t, map[string]string{"MASHANG_LIMITS_BINDINGS_PER_HOUR": "3"})
	cast := s.cast()
	liaison, visitor := s.liaison(cast), s.user("visitor-held-1")
	place, owner := cast.code(t, "place"), cast.code(t, "member")
	accused := s.user(owner.MemberOpenID)
	for i, text := range []string{"这里有测试违规的话", "这里有测试复审的话", "这里有测试未活跃的话"} {
		sub := visitor.filed(fmt.Sprintf("held-key-%d", i), object{"scene": place.Key, "kind": "complaint", "text": text})
		if sub.State != "held" || sub.Assignee != nil || len(sub.Reasons) == 0 {
			t.Errorf("%s: %+v", text, sub)
		}
		inPool(t, liaison, sub.ID, true)
		got := liaison.read(sub.ID)
		to := cast.Members[i]
		member := s.user(to.OpenID)
		member.refusal(http.StatusNotFound, "not_found", http.MethodGet, "/submissions/"+sub.ID, nil)
		liaison.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, "/submissions/"+sub.ID+"/assign", object{"version": got.Version, "to": "nonesuch", "reason": "试"})
		member.refusal(http.StatusForbidden, "denied", http.MethodPost, "/submissions/"+sub.ID+"/assign", object{"version": got.Version, "to": to.ID, "reason": "试"})
		sub = liaison.act(sub.ID, "assign", object{"version": got.Version, "to": to.ID, "reason": "请受理"})
		if sub.State != "assigned" || sub.assignee() != to.ID {
			t.Errorf("assigned: %+v", sub)
		}
		inPool(t, liaison, sub.ID, false)
		// Back to the pool, and the member who had it is told who moved it.
		stale := sub.Version
		member.call(http.StatusNoContent, http.MethodPost, "/submissions/"+sub.ID+"/return", object{"version": stale, "reason": "不归我管"}, nil)
		sub = liaison.read(sub.ID)
		if sub.State != "pooled" || sub.Assignee != nil {
			t.Errorf("returned: %+v", sub)
		}
		inPool(t, liaison, sub.ID, true)
		p := member.refusal(http.StatusConflict, "conflict", http.MethodPost, "/submissions/"+sub.ID+"/reply", object{"version": stale, "text": "好"})
		if p.ActedBy == nil || p.ActedBy.Role != "member" {
			t.Errorf("the conflict names %+v", p.ActedBy)
		}
		if got := visitor.act(sub.ID, "withdraw", object{}); got.State != "withdrawn" {
			t.Errorf("withdrawn: %+v", got)
		}
		inPool(t, liaison, sub.ID, false)
	}
	about := visitor.filed("held-key-about", object{"scene": owner.Key, "kind": "complaint", "text": "这位委员答应的事没有办", "about_member": true})
	if about.assignee() == accused.User.MemberID {
		t.Error("a complaint about a member went to that member")
	}
	accused.refusal(http.StatusNotFound, "not_found", http.MethodGet, "/submissions/"+about.ID, nil)
	mine := visitor.filed("held-key-owner", object{"scene": owner.Key, "kind": "inquiry", "text": "医保怎么报销"})
	if mine.assignee() != accused.User.MemberID {
		t.Errorf("filed under a member's code, it went to %+v: %v", mine.Assignee, mine.Reasons)
	}
	guesses(t, visitor)
	revoked(t, s, liaison, cast.code(t, "room"))
}

func inPool(t *testing.T, liaison *phone, id string, want bool) {
	t.Helper()
	got := slices.ContainsFunc(all[wireSubmission](liaison, "/pool", 2), func(s wireSubmission) bool { return s.ID == id })
	if got != want {
		t.Errorf("in the pool: %v, want %v", got, want)
	}
}

// guesses tries invitations until the limit answers.
func guesses(t *testing.T, p *phone) {
	t.Helper()
	for range 3 {
		p.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, "/bindings", object{"invitation": "nosuchinvitation"})
	}
	var problem wireProblem
	a := p.call(http.StatusTooManyRequests, http.MethodPost, "/bindings", object{"invitation": "nosuchinvitation"}, &problem)
	p.wellFormed(a, problem, "too_many")
	if a.header.Get("Retry-After") == "" {
		t.Errorf("429 without Retry-After: %v", a)
	}
}

// revoked takes a code out of use and points another elsewhere.
func revoked(t *testing.T, s *site, liaison *phone, code castCode) {
	t.Helper()
	liaison.call(http.StatusOK, http.MethodPatch, "/codes/"+code.Key, object{"revoked": true}, nil)
	visitor := s.person("visitor-held-2")
	o := visitor.login(code.Key)
	if o.Target != nil || o.TargetError != "revoked" {
		t.Errorf("a revoked code opened %+v", o)
	}
	a, err := visitor.file(t.Context(), "revoked-key-1", object{"scene": code.Key, "kind": "help", "text": "好"})
	if err != nil || a.status != http.StatusUnprocessableEntity {
		t.Errorf("filed under a revoked code: %v %v", err, a)
	}
	liaison.call(http.StatusOK, http.MethodPatch, "/codes/"+code.Key, object{"revoked": false}, nil)
	if o = visitor.login(code.Key); o.Target == nil {
		t.Errorf("the restored code opened %+v", o)
	}
	visitor.refusal(http.StatusForbidden, "denied", http.MethodPatch, "/codes/"+code.Key, object{"revoked": true})
}
