package e2e_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mashang/domain/notice"
	"mashang/wechat/emulator"
)

// TestSecretsStayInside: whatever the platform answers, and however it fails, no
// secret of the account, no token, no session key and no openid is in an answer,
// in the figures or in the log at its most talkative.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	site := newSite(t, map[string]string{"MASHANG_LIMITS_PERSON_PER_MINUTE": "10000", "MASHANG_LIMITS_SUBMISSIONS_PER_DAY": "1000"})
	s := newStage(t, site)
	site.start()
	site.ready()
	r := &secretsRun{T: t, stage: s, site: site}
	r.people()
	for _, f := range []emulator.Fault{
		{Kind: emulator.FaultDelay},
		{Kind: emulator.FaultErrcode, Code: -1, Msg: r.planted()},
		{Kind: emulator.FaultErrcode, Code: 40013, Msg: r.planted()},
		{Kind: emulator.FaultErrcode, Code: 40164, Msg: "invalid ip 10.1.2.3, not in whitelist " + r.planted()},
		{Kind: emulator.FaultErrcode, Code: 47003, Msg: "argument invalid! data.thing2.value " + r.planted()},
		{Kind: emulator.FaultErrcode, Code: 43101, Msg: r.planted()},
		{Kind: emulator.FaultErrcode, Code: 40001, Msg: r.planted()},
		{Kind: emulator.FaultRevoke},
		{Kind: emulator.FaultCutBefore},
		{Kind: emulator.FaultCutAfter},
		{Kind: emulator.FaultMalformed},
		{Kind: emulator.FaultHTML},
		{Kind: emulator.FaultStatus, Status: http.StatusBadGateway},
		{Kind: emulator.FaultStatus, Status: http.StatusFound},
	} {
		if err := s.emu.SetFaults(f); err != nil {
			t.Fatal(err)
		}
		r.round(string(f.Kind) + fmt.Sprint(f.Code))
	}
	if err := s.emu.SetFaults(); err != nil {
		t.Fatal(err)
	}
	r.forgeries()
	r.ask(http.MethodGet, "/metrics", "", nil)
	r.search()
}

type secretsRun struct {
	*testing.T

	stage   *stage
	site    *site
	visitor *phone
	member  *phone
	key     string
	rounds  int
	seen    bytes.Buffer // every answer of the product
}

// Openids are 28 characters long, as the platform makes them.
const secretVisitor, secretMember = "oSecretVisitor-0000000000001", "oSecretMember-00000000000001"

// planted is what a platform might repeat in an error text.
func (r *secretsRun) planted() string {
	return "hint: secret=" + accountSecret + " access_token=" + strings.Repeat("Tok3n", 20) + " touser " + secretVisitor
}

// ask asks the product and keeps the answer for the search.
func (r *secretsRun) ask(method, path, token string, body any, headers ...string) {
	r.Helper()
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	a, err := ask(r.Context(), method, r.site.Base+path, token, h, body)
	if err != nil {
		r.Fatal(err)
	}
	_, _ = fmt.Fprintf(&r.seen, "%v\n%s\n", a.header, a.body)
}

func (r *secretsRun) people() {
	invitations := filepath.Join(r.site.work, "invitations.csv")
	r.site.mustRun("roster", "import", "--invitations", invitations, smallRoster().folder(r.T))
	codes := readInvitations(r.T, invitations)
	r.visitor, r.member = r.stage.enter(r.site, secretVisitor), r.stage.enter(r.site, secretMember)
	r.member.call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": codes["黄土坡"]}, nil)
	liaison := r.stage.enter(r.site, "oSecretLiaison-00000000001")
	liaison.call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": codes["梁上燕"]}, nil)
	r.key = r.site.keyOf(liaison)
	r.stage.allows(secretMember, 50, notice.MemberNew, notice.MemberMessage)
	r.stage.allows(secretVisitor, 50, notice.VisitorReply)
}

// round makes the product call every endpoint it has while the platform fails.
func (r *secretsRun) round(name string) {
	r.rounds++
	r.ask(http.MethodPost, "/api/v1/sessions", "", object{"code": r.stage.emu.LoginCode(secretVisitor)})
	r.ask(http.MethodGet, "/api/v1/codes/"+r.key+"/wxacode", "", nil)
	r.ask(http.MethodGet, "/q/"+r.key+"/open", "", nil)
	r.ask(http.MethodPost, "/api/v1/submissions", r.visitor.Token, object{
		"scene": r.key, "kind": "help", "text": "第" + name + "回", "contact": object{"phone_code": r.stage.emu.PhoneCode("13912345678")},
	}, "Idempotency-Key", fmt.Sprintf("secrets-%04d", r.rounds))
	if _, err := r.visitor.upload(r.Context(), "p.jpg", photo(r.T, r.rounds+1)); err != nil {
		r.Fatal(err)
	}
	// The chat answers through the platform; a failing push is repeated by it.
	_ = r.stage.emu.Write(r.Context(), secretMember, "帮助")
}

// forgeries are pushes that hold what they should not know.
func (r *secretsRun) forgeries() {
	for _, query := range []url.Values{
		{}, {"signature": {accountToken}, "timestamp": {fmt.Sprint(time.Now().Unix())}, "nonce": {secretVisitor}, "echostr": {accountSecret}},
	} {
		r.ask(http.MethodPost, "/wechat/push?"+query.Encode(), "", object{"Encrypt": accountKey, "FromUserName": secretMember})
		r.ask(http.MethodGet, "/wechat/push?"+query.Encode(), "", nil)
	}
}

func (r *secretsRun) search() {
	r.Helper()
	needles := map[string]string{
		accountSecret: "the AppSecret", accountToken: "the push token", accountKey: "the AES key", strings.Repeat("Tok3n", 20): "a planted token",
		secretVisitor: "the visitor's openid", secretMember: "the member's openid", "13912345678": "a phone number",
	}
	kinds := map[string]int{}
	r.stage.mu.Lock()
	for secret, what := range r.stage.given {
		needles[secret] = what
		kinds[what]++
	}
	r.stage.mu.Unlock()
	if kinds["an access token"] < 1 || kinds["a session key"] < 3 {
		r.Errorf("too little passed to be looked for: %v", kinds)
	}
	for needle, what := range needles {
		r.site.secret(what, needle)
		if bytes.Contains(r.seen.Bytes(), []byte(needle)) {
			r.Errorf("%s is in an answer", what)
		}
	}
}
