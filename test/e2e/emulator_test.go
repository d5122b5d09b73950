package e2e_test

import (
	"net/http"
	"testing"
)

// What can be done with an emulated phone beside the product: see what lies on
// it, tap "allow", write into the chat.

func (p *phone) emulated(method, what string, body, into any) {
	p.t.Helper()
	a, err := ask(p.t.Context(), method, p.site.Base+"/_emulator/users/"+p.OpenID+"/"+what, "", nil, body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.wants(http.StatusOK, a, into)
}

// messages are the notices on the phone, newest first.
func (p *phone) messages() []wireMessage {
	p.t.Helper()
	var page wirePage[wireMessage]
	p.emulated(http.MethodGet, "messages", nil, &page)
	return page.Items
}

// told counts the notices of a template that name the submission.
func (p *phone) told(template, number string) int {
	p.t.Helper()
	n := 0
	for _, m := range p.messages() {
		if m.TemplateID == template && m.says(number) {
			n++
		}
	}
	return n
}

// grant taps "allow" and returns how many messages may now be sent.
func (p *phone) grant(template string, count int) int {
	p.t.Helper()
	var out struct {
		Granted []struct {
			TemplateID string `json:"template_id"`
			Left       int    `json:"left"`
		} `json:"granted"`
	}
	p.emulated(http.MethodPost, "grants", object{"template_id": template, "count": count}, &out)
	for _, g := range out.Granted {
		if g.TemplateID == template {
			return g.Left
		}
	}
	return 0
}

// say writes into the customer-service chat.
func (p *phone) say(text string) {
	p.t.Helper()
	var chat struct {
		Open bool `json:"open"`
	}
	p.emulated(http.MethodGet, "chat", nil, &chat)
	if !chat.Open { // by the contact button of a page
		p.emulated(http.MethodPost, "chat", object{"open": object{"page": "pages/me/index"}}, nil)
	}
	p.emulated(http.MethodPost, "chat", object{"text": text}, nil)
}

// chat is the customer-service chat, oldest first.
func (p *phone) chat() []wireLine {
	p.t.Helper()
	var page wirePage[wireLine]
	p.emulated(http.MethodGet, "chat", nil, &page)
	return page.Items
}

// cast says who can be played and what can be scanned.
func (s *site) cast() wireCast {
	s.t.Helper()
	var c wireCast
	a, err := ask(s.t.Context(), http.MethodGet, s.Base+"/_emulator/cast", "", nil, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if a.status != http.StatusOK {
		s.t.Fatal(a)
	}
	if err := a.into(&c); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// member is the cast's member with the id.
func (c wireCast) member(t *testing.T, id string) castMember {
	t.Helper()
	for _, m := range c.Members {
		if m.ID == id {
			return m
		}
	}
	t.Fatalf("no member %q in the cast", id)
	return castMember{}
}

// other is a member who is none of these.
func (c wireCast) other(t *testing.T, not ...string) castMember {
	t.Helper()
next:
	for _, m := range c.Members {
		for _, id := range not {
			if m.ID == id {
				continue next
			}
		}
		return m
	}
	t.Fatal("no other member in the cast")
	return castMember{}
}

// code is the first code of a kind.
func (c wireCast) code(t *testing.T, kind string) castCode {
	t.Helper()
	for _, code := range c.Codes {
		if code.Kind == kind {
			return code
		}
	}
	t.Fatalf("no %s code in the cast", kind)
	return castCode{}
}

// template is the id of a purpose's template.
func (c wireCast) template(t *testing.T, purpose string) string {
	t.Helper()
	for _, x := range c.Templates {
		if x.Purpose == purpose {
			return x.ID
		}
	}
	t.Fatalf("no template for %s in the cast", purpose)
	return ""
}

// liaison is the cast's first liaison who is no administrator.
func (s *site) liaison(c wireCast) *phone {
	s.t.Helper()
	for _, l := range c.Liaisons {
		if p := s.user(l.OpenID); p.User.Role == "liaison" {
			return p
		}
	}
	s.t.Fatal("no liaison in the cast")
	return nil
}
