package handlers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// blank are texts that look empty and are made of characters.
var blank = []string{
	"\u3164\u3164", "\u2800\u2800", "\u200d\u200d\u200d", "\u00ad\u00ad", "\u3000 \t", "\u200b\ufeff", "\u202e\u2066", "\u0301\ufe0f", "\U000e0041\u115f",
}

// door is a place where somebody must write something. The request is right but
// for what is written.
type door struct {
	// route and field are as docs/openapi.json has them.
	route, field string
	as           string
	// state is what the submission asked about is: "" for none.
	state string
	body  string // with TEXT and VERSION
}

// named reports whether a refusal names the door's field.
func (d door) named(problem map[string]any) bool {
	return slices.ContainsFunc(fields(problem), func(f string) bool { return f == d.field || strings.HasPrefix(f, d.field+".") })
}

const theSub = "/api/v1/submissions/{id}"

// doors are all places where a text is required.
var doors = []door{
	{"POST /api/v1/submissions", "text", "visitor", "", `{"scene":"maxzmaxzma","kind":"complaint","text":TEXT}`},
	{"POST /api/v1/submissions", "against.name", "visitor", "", `{"scene":"maxzmaxzma","kind":"complaint","text":"多收","against":{"name":TEXT}}`},
	{"POST /api/v1/submissions", "on_behalf_of.name", "visitor", "", `{"scene":"maxzmaxzma","kind":"complaint","text":"多收","on_behalf_of":{"name":TEXT,"relation":"邻居"}}`},
	{"POST /api/v1/submissions", "on_behalf_of.relation", "visitor", "", `{"scene":"maxzmaxzma","kind":"complaint","text":"多收","on_behalf_of":{"name":"王奶奶","relation":TEXT}}`},
	{"POST " + theSub + "/ask", "text", "member", "accepted", `{"version":VERSION,"text":TEXT}`},
	{"POST " + theSub + "/reply", "text", "member", "accepted", `{"version":VERSION,"text":TEXT}`},
	{"POST " + theSub + "/close", "text", "member", "accepted", `{"version":VERSION,"outcome":"solved","text":TEXT}`},
	{"POST " + theSub + "/close", "reason", "liaison", "accepted", `{"version":VERSION,"outcome":"invalid","reason":TEXT}`},
	{"POST " + theSub + "/askcall", "reason", "member", "accepted", `{"version":VERSION,"reason":TEXT}`},
	{"POST " + theSub + "/fulfil", "text", "member", "agreed", `{"version":VERSION,"text":TEXT}`},
	{"POST " + theSub + "/promise", "reason", "liaison", "agreed", `{"version":VERSION,"promised":"2026-05-29","reason":TEXT}`},
	{"POST " + theSub + "/transfer", "reason", "member", "accepted", `{"version":VERSION,"to":"m3","reason":TEXT}`},
	{"POST " + theSub + "/return", "reason", "member", "accepted", `{"version":VERSION,"reason":TEXT}`},
	{"POST " + theSub + "/extend", "reason", "member", "accepted", `{"version":VERSION,"days":2,"reason":TEXT}`},
	{"POST " + theSub + "/assist", "text", "member", "accepted", `{"version":VERSION,"department":"d1","text":TEXT}`},
	{"POST " + theSub + "/recall", "reason", "member", "assisted", `{"version":VERSION,"assist":1,"reason":TEXT}`},
	{"POST " + theSub + "/contribute", "text", "department", "assisted", `{"text":TEXT}`},
	{"POST " + theSub + "/decline", "reason", "department", "assisted", `{"reason":TEXT}`},
	{"POST " + theSub + "/assign", "reason", "liaison", "accepted", `{"version":VERSION,"to":"m3","reason":TEXT}`},
	{"POST " + theSub + "/attend", "reason", "liaison", "danger", `{"version":VERSION,"reason":TEXT}`},
	{"POST " + theSub + "/followup", "text", "liaison", "rated low", `{"version":VERSION,"result":"reached","text":TEXT}`},
	{"POST " + theSub + "/notes", "text", "liaison", "accepted", `{"text":TEXT}`},
	{"POST " + theSub + "/messages", "text", "visitor", "accepted", `{"text":TEXT}`},
	{"POST " + theSub + "/reopen", "reason", "visitor", "closed", `{"version":VERSION,"reason":TEXT}`},
	{"POST " + theSub + "/merge", "reason", "liaison", "accepted", `{"version":VERSION,"into":"ANOTHER","reason":TEXT}`},
	{"POST " + theSub + "/split", "reason", "liaison", "merged", `{"version":VERSION,"reason":TEXT}`},
	{"POST " + theSub + "/phone", "reason", "liaison", "accepted", `{"reason":TEXT}`},
	{"POST " + theSub + "/dossier", "reason", "liaison", "accepted", `{"reason":TEXT}`},
	{"PUT " + theSub + "/result", "title", "liaison", "closed", `{"title":TEXT,"text":"已修好"}`},
	{"PUT " + theSub + "/result", "text", "liaison", "closed", `{"title":"路灯","text":TEXT}`},
	{"POST /api/v1/station/submissions/assign", "reason", "liaison", "accepted", `{"items":[{"id":"ID","version":VERSION}],"to":"m3","reason":TEXT}`},
	{"POST /api/v1/station/submissions/by-phone", "reason", "liaison", "", `{"phone":"13800138000","reason":TEXT}`},
	{"POST /api/v1/station/submissions/by-phone", "phone", "liaison", "", `{"phone":TEXT,"reason":"来电"}`},
	{"POST /api/v1/station/submissions/export", "reason", "liaison", "", `{"reason":TEXT}`},
	{"POST /api/v1/station/exports", "reason", "liaison", "", `{"reason":TEXT}`},
	{"POST /api/v1/station/roster/export", "reason", "liaison", "", `{"reason":TEXT}`},
	{"POST /api/v1/station/roster/{table}/{id}/phone", "reason", "liaison", "", `{"reason":TEXT}`},
	{"POST /api/v1/uploads/{id}/verdict", "reason", "liaison", "photo", `{"show":true,"reason":TEXT}`},
	{"PUT /api/v1/me/phrases", "items", "member", "", `{"items":[TEXT]}`},
	{"PUT /api/v1/me/views", "items", "liaison", "", `{"items":[{"name":TEXT,"query":"due=overdue"}]}`},
	{"PUT /api/v1/station/calendar/{date}", "name", "liaison", "", `{"work":false,"name":TEXT}`},
	{"PUT /api/v1/station/rules", "words.travel.0", "liaison", "", `{"version":0,"words":{"travel":[TEXT]}}`},
	{"POST /api/v1/station/rules/trial", "words.travel.0", "liaison", "", `{"rules":{"version":0,"words":{"travel":[TEXT]}}}`},
	{"PUT /api/v1/station/roster/station", "name", "liaison", "", `{"version":ROSTER,"name":TEXT,"phone":"0930-2345678"}`},
	{"PUT /api/v1/station/roster/station", "phone", "liaison", "", `{"version":ROSTER,"name":"河口镇委员工作站","phone":TEXT}`},
	{"PUT /api/v1/station/roster/sectors/{id}", "name", "liaison", "", `{"version":ROSTER,"name":TEXT}`},
	{"PUT /api/v1/station/roster/rooms/{id}", "name", "liaison", "", `{"version":ROSTER,"name":TEXT}`},
	{"PUT /api/v1/station/roster/places/{id}", "name", "liaison", "", `{"version":ROSTER,"name":TEXT}`},
	{"PUT /api/v1/station/roster/members/{id}", "name", "liaison", "", `{"version":ROSTER,"name":TEXT,"sector":"教育"}`},
	{"PUT /api/v1/station/roster/members/{id}", "sector", "liaison", "", `{"version":ROSTER,"name":"新委员","sector":TEXT}`},
	{"PUT /api/v1/station/roster/departments/{id}", "name", "liaison", "", `{"version":ROSTER,"name":TEXT}`},
	{"PUT /api/v1/station/roster/liaisons/{id}", "name", "admin", "", `{"version":ROSTER,"name":TEXT}`},
	{"PUT /api/v1/station/roster/categories/{id}", "name", "liaison", "", `{"version":ROSTER,"name":TEXT}`},
	{"PUT /api/v1/station/roster/receptions/{id}", "name", "liaison", "", `{"version":ROSTER,"name":TEXT,"repeat":"每周五","from":"09:00","to":"12:00"}`},
	{"POST /api/v1/reception/days", "name", "liaison", "", `{"name":TEXT,"date":"2026-06-30","from":"09:00","to":"12:00","kind":"station","terms":{}}`},
	{"POST /api/v1/reception/days/{day}/cancel", "reason", "liaison", "", `{"revision":0,"reason":TEXT}`},
	{"POST /api/v1/reception/days/{day}/postpone", "reason", "liaison", "", `{"revision":0,"reason":TEXT,"date":"2026-06-01","from":"09:00","to":"12:00"}`},
	{"POST /api/v1/reception/days/{day}/parties/{party}/phone", "reason", "liaison", "", `{"reason":TEXT}`},
	{"PUT /api/v1/station/roster/squads/{id}", "name", "liaison", "", `{"version":ROSTER,"name":TEXT,"leader":"m1"}`},
}

// optional are the texts that may be left out: what looks blank is nothing, and
// is stored nowhere.
var optional = []string{
	"POST /api/v1/submissions place.text", "POST /api/v1/submissions against.place", "POST /api/v1/submissions contact.phone",
	"POST /api/v1/submissions on_behalf_of.phone", "PUT " + theSub + "/contact phone", "POST " + theSub + "/handover phone",
	"POST " + theSub + "/transfer note", "POST " + theSub + "/assign note", "POST /api/v1/station/submissions/assign note",
	"PUT " + theSub + "/reminder text", "POST " + theSub + "/withdraw reason", "POST " + theSub + "/rate reason",
	"POST /api/v1/me/absences reason", "POST /api/v1/members/{id}/absences reason", "PUT /api/v1/station/calendar/{date} reason",
	"PUT /api/v1/station/surge note", "POST /api/v1/station/untold/{id}/done note",
	"PUT /api/v1/station/roster/station address", "PUT /api/v1/station/roster/rooms/{id} village", "PUT /api/v1/station/roster/places/{id} village",
	"PUT /api/v1/station/roster/members/{id} village", "PUT /api/v1/station/roster/members/{id} title", "PUT /api/v1/station/roster/members/{id} phone",
	"PUT /api/v1/station/roster/members/{id} expertise", "PUT /api/v1/station/roster/departments/{id} phone", "PUT /api/v1/station/roster/liaisons/{id} phone",
	"PUT /api/v1/station/roster/receptions/{id} expertise", "POST /api/v1/reception/days terms.expertise", "POST /api/v1/reception/days/{day}/outline note",
	"POST /api/v1/reception/days/{day}/parties name", "POST /api/v1/reception/days/{day}/parties phone",
	"POST /api/v1/stations/{station}/receptions/{day}/bookings name", "POST /api/v1/stations/{station}/receptions/{day}/bookings phone",
	// Filters and numbers that are looked up: what is not there finds nothing.
	"POST /api/v1/station/submissions/export sector", "POST /api/v1/station/exports sector", "POST /api/v1/station/signs village", "POST /api/v1/sessions phone", "POST /api/v1/sessions/sms phone",
	"POST /api/v1/codes/{key}/similar text", "POST /api/v1/codes/{key}/similar place.text", "POST /api/v1/codes/{key}/topics text",
	"POST /api/v1/emergencies text",
}

// written are the names of fields that hold what people write, by which a door
// that is in neither list is noticed.
var written = []string{"text", "reason", "note", "name", "title", "relation", "address", "village", "phone", "expertise", "sector", "items"}

// TestBlankLookingTextsAreEmptyAtEveryDoor drives each door with texts in which
// there is nothing to see, and once with one in which there is.
func TestBlankLookingTextsAreEmptyAtEveryDoor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	staff := map[string]string{
		"member": b.as("ma", "hk", "member", "m1"), "department": b.as("gov", "hk", "department", "d1"), "liaison": b.as("sun", "hk", "liaison", "l1"),
		"admin": b.as("qian", "hk", "liaison", "a1"),
	}
	b.want(b.send("PUT", "/api/v1/station/guard", staff["admin"], `{"second_person":true}`), 200)
	for i, d := range doors {
		tokens := map[string]string{"visitor": b.login(fmt.Sprint("visitor-", i))}
		maps.Copy(tokens, staff)
		s, another := subject(t, b, d.state, tokens)
		photo := ""
		if d.state == "photo" {
			photo = at[string](s, "photo")
		}
		knock := func(text string) reply {
			quoted, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			roster := b.got(b.send("GET", "/api/v1/station/roster", tokens["liaison"], nil))
			version, err := json.Marshal(roster["version"])
			if err != nil {
				t.Fatal(err)
			}
			subject, err := json.Marshal(s["version"])
			if err != nil {
				t.Fatal(err)
			}
			fill := strings.NewReplacer("TEXT", string(quoted), "ROSTER", string(version), "VERSION", string(subject), "ID", at[string](s, "id"), "ANOTHER", at[string](another, "id"))
			method, path, _ := strings.Cut(d.route, " ")
			path = strings.NewReplacer("uploads/{id}", "uploads/"+photo, "submissions/{id}", "submissions/"+at[string](s, "id"), "{table}/{id}", "members/m1",
				"{day}/postpone", "20260529-j01/postpone", "{day}", aFriday, "{party}", "none", "{date}", "2026-05-20", "sectors/{id}", "sectors/new", "{id}", "new").Replace(path)
			return b.send(method, path, tokens[d.as], fill.Replace(d.body), "Idempotency-Key", newKey())
		}
		for _, text := range blank {
			r := knock(text)
			if r.Status != 422 || !d.named(r.JSON(t)) {
				t.Errorf("%s: %s %+q: %d %s", d.route, d.field, text, r.Status, r.Body)
			}
		}
		if r := knock(good(d)); r.Status == 422 && d.named(r.JSON(t)) {
			t.Errorf("%s: %s: what can be seen is refused: %d %s", d.route, d.field, r.Status, r.Body)
		}
		for _, over := range []map[string]any{s, another} { // the member has room for the next
			b.send("POST", "/api/v1/submissions/"+at[string](over, "id")+"/withdraw", tokens["visitor"], `{}`)
		}
	}
}

// good is a text that the door takes.
func good(d door) string {
	switch d.field {
	case "phone":
		return "0930-2345678"
	case "sector":
		return "农业"
	default:
		return "原因写在这里十个字"
	}
}

// subject is a submission in a state, with the version its next act names, and
// another of the same visitor.
func subject(t *testing.T, b *bundle, state string, tokens map[string]string) (s, another map[string]any) {
	t.Helper()
	none := map[string]any{"id": "", "version": 0}
	text := map[string]any{"contact": map[string]any{"phone": "13800138000"}}
	switch state {
	case "":
		return none, none
	case "photo":
		photo := b.upload(tokens["visitor"], "photo.png", png(t, 40, 30))
		text["photos"] = []any{photo["id"]}
	case "danger":
		text["text"] = "天然气泄漏了"
	}
	s = b.file(tokens["visitor"], text)
	another = b.file(tokens["visitor"], map[string]any{"text": "路灯不亮"})
	switch state {
	case "photo":
		s["photo"] = at[[]any](text, "photos")[0]
		return s, another
	case "danger":
		return s, another
	case "merged":
		return b.done(tokens["liaison"], s, "merge", map[string]any{"into": another["id"], "reason": "同一件事"}), another
	}
	s = b.done(tokens["member"], s, "accept", nil)
	switch state {
	case "assisted":
		s = b.done(tokens["member"], s, "assist", map[string]any{"department": "d1", "text": "请核实"})
	case "closed", "rated low":
		s = b.done(tokens["member"], s, "close", map[string]any{"outcome": "solved", "text": "已修好"})
		if state == "rated low" {
			s = b.done(tokens["visitor"], s, "rate", map[string]any{"solved": "not"})
		}
	case "agreed":
		s = b.done(tokens["member"], s, "close", map[string]any{"outcome": "agreed", "text": "月底前修好"})
	}
	return s, another
}

// TestEveryDoorIsListed: a field that people write into is required or may be
// left out, and stands in one of the lists.
func TestEveryDoorIsListed(t *testing.T) {
	t.Parallel()
	listed := slices.Clone(optional)
	for _, d := range doors {
		listed = append(listed, d.route+" "+d.field)
	}
	data, err := os.ReadFile("../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var api map[string]any
	if err := json.Unmarshal(data, &api); err != nil {
		t.Fatal(err)
	}
	schemas := obj(obj(api["components"])["schemas"])
	count := 0
	var walk func(route, path string, schema map[string]any)
	walk = func(route, path string, schema map[string]any) {
		if ref, ok := schema["$ref"].(string); ok {
			schema = obj(schemas[ref[strings.LastIndex(ref, "/")+1:]])
		}
		for name, field := range obj(schema["properties"]) {
			inner, field := strings.TrimPrefix(path+"."+name, "."), obj(field)
			text := field["type"] == "string" && field["enum"] == nil && field["format"] == nil
			if items := obj(field["items"]); items["type"] == "string" && items["enum"] == nil {
				text = true
			}
			if text && slices.Contains(written, name) {
				if count++; !slices.Contains(listed, route+" "+inner) {
					t.Errorf("%s %s is in no list", route, inner)
				}
				continue
			}
			walk(route, inner, field)
		}
	}
	for path, methods := range obj(api["paths"]) {
		for method, op := range obj(methods) {
			body := obj(obj(obj(obj(obj(op)["requestBody"])["content"])["application/json"])["schema"])
			walk(strings.ToUpper(method)+" "+path, "", body)
		}
	}
	if count < 60 {
		t.Errorf("only %d fields were looked at", count)
	}
}
