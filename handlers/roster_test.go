package handlers_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"mashang/adapters/sheets"
)

const rosterPath = "/api/v1/station/roster"

// importing sends a spreadsheet.
func (b *bundle) importing(token, query string, data []byte) reply {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "r.xlsx")
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.http.URL+rosterPath+"/import"+query, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	return b.do(r)
}

func TestRosterIsReadAndEdited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.as("sun", "hk", "liaison", "l1")
	r := b.send("GET", rosterPath, l, nil)
	b.want(r, 200)
	if strings.Contains(string(r.Body), "13900000001") {
		t.Fatal("a number is in the roster")
	}
	m := obj(at[[]any](r.JSON(t), "members")[0])
	if m["has_phone"] != true || m["bound"] != false || m["name"] != "马晓舟" {
		t.Errorf("%v", m)
	}
	slot := obj(at[[]any](r.JSON(t), "duty")[0])
	body := map[string]any{"version": 1, "member": "m1", "place": "p1", "weekday": 2, "from": "08:30", "to": "24:00"}
	id := at[string](slot, "id")
	would := b.send("PUT", rosterPath+"/duty/"+id+"?dry_run=true", l, body)
	b.want(would, 200)
	if at[float64](would.JSON(t), "version") != 1 || len(at[[]any](would.JSON(t), "changes")) != 2 {
		t.Errorf("%s", would.Body)
	}
	b.want(b.send("PUT", rosterPath+"/duty/"+id, l, body), 200)
	slot = obj(at[[]any](b.send("GET", rosterPath, l, nil).JSON(t), "duty")[0])
	if slot["from"] != "08:30" || slot["to"] != "24:00" || slot["weekday"] != 2.0 || slot["id"] == id {
		t.Errorf("%v", slot)
	}
	body["version"], body["to"] = 2, "24:01"
	if r := b.send("PUT", rosterPath+"/duty/new", l, body); r.Status != 422 || strings.Join(fields(r.JSON(t)), " ") != "to" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	// A sector is named in the path as people write it.
	b.want(b.send("PUT", rosterPath+"/sectors/文化旅游", l, map[string]any{"version": 2, "name": "文旅"}), 200)
	r = b.send("GET", rosterPath, l, nil)
	sector := obj(at[[]any](r.JSON(t), "sectors")[0])
	was := obj(at[[]any](sector, "was")[0])
	if sector["name"] != "文旅" || was["name"] != "文化旅游" || was["until"] != "2026-05-11" {
		t.Errorf("%v", sector)
	}
	if undo := at[map[string]any](r.JSON(t), "undo"); undo["by"] != "孙联络" || !strings.Contains(at[string](undo, "what"), "文旅") {
		t.Errorf("%v", undo)
	}
	b.want(b.send("POST", rosterPath+"/undo", l, map[string]any{"version": 3}), 200)
	b.want(b.send("DELETE", rosterPath+"/members/m3?version=4", l, nil), 200)
	r = b.send("PUT", rosterPath+"/members/m2", l, map[string]any{"version": 5, "name": "", "sector": "无"})
	if r.Status != 422 || strings.Join(fields(r.JSON(t)), " ") != "name sector" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	page := b.send("GET", "/api/v1/members/m3/page", l, nil)
	b.want(page, 200)
	if at[map[string]any](page.JSON(t), "member")["gone"] != true {
		t.Errorf("%s", page.Body)
	}
}

// The body of an entry is what the description of its table says, and nothing else.
func TestRosterBodiesAreAsDescribed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.as("sun", "hk", "liaison", "l1")
	for _, c := range []struct{ path, body, field string }{
		{"/members/m9", `{"version":1,"name":"新","sector":"教育","capacity":1e3,"age":3}`, "age"},
		{"/members/m9", `{"version":1,"name":"新","sector":"教育","capacity":1e3}`, "capacity"},
		{"/members/m9", `{"version":1,"name":"新","sector":"教育","capacity":"3"}`, "capacity"},
		{"/members/m9", `{"version":1,"name":"新","sector":"教育","capacity":1001}`, "capacity"},
		{"/members/m9", `{"version":1,"name":"新","sector":"教育","id":"m9"}`, "id"},
		{"/members/m9", `{"version":1,"name":"新","sector":"教育","absences":[]}`, "absences"},
		{"/members/m9", `{"version":1,"sector":"教育"}`, "name"},
		{"/members/m9", `{"name":"新","sector":"教育"}`, "version"},
		{"/rooms/r9", `{"version":1,"name":"室","lat":91,"lng":103}`, "lat"},
		{"/rooms/r9", `{"version":1,"name":"室","lat":51.5,"lng":-0.1}`, "coord"},
		{"/duty/new", `{"version":1,"member":"m1","weekday":8,"from":"08:30","to":"12:00"}`, "weekday"},
		{"/duty/new", `{"version":1,"member":"m1","weekday":1,"from":"半夜","to":"12:00"}`, "from"},
		{"/rooms/r9", `{"version":1,"name":"室","merge":true}`, "merge"},
		{"/station", `{"version":1,"name":"站"}`, "phone"},
		{"/station", `{"version":1,"name":"站","phone":"0930-7654321","means":["pigeon"]}`, "means"},
	} {
		r := b.send("PUT", rosterPath+c.path, l, json.RawMessage(c.body))
		if r.Status != 422 || strings.Join(fields(r.JSON(t)), " ") != c.field {
			t.Errorf("%s %s: %d %s", c.path, c.body, r.Status, r.Body)
		}
	}
	b.want(b.send("PUT", rosterPath+"/rooms/r9", l, json.RawMessage(`{"version":1,"name":"室","lat":35.6,"lng":103.2}`)), 200)
	for _, x := range at[[]any](b.send("GET", rosterPath, l, nil).JSON(t), "rooms") {
		if room := obj(x); room["id"] == "r9" && (room["lat"] != 35.6 || room["lng"] != 103.2) {
			t.Errorf("%v", room)
		}
	}
}

func TestRosterComesAndGoesAsASpreadsheet(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.as("sun", "hk", "liaison", "l1")
	st := testStation()
	st.Phone, st.Rooms[0].Name = "0930-7654321", "上滩村议事室"
	for i := range st.Members {
		st.Members[i].Phone = ""
	}
	data, err := sheets.Write(st)
	if err != nil {
		t.Fatal(err)
	}
	r := b.importing(l, "?dry_run=true", data)
	b.want(r, 200)
	if len(at[[]any](r.JSON(t), "changes")) != 5 || len(at[[]any](r.JSON(t), "problems")) != 0 {
		t.Errorf("%s", r.Body)
	}
	b.want(b.importing(l, "?version=7", data), 409)
	b.want(b.importing(l, "?version=1", data), 200)
	r = b.send("POST", rosterPath+"/export", l, map[string]any{"reason": "核对"})
	b.want(r, 200)
	read, problems, err := sheets.Read("r.xlsx", r.Body)
	if err != nil || len(problems) > 0 || read.Rooms[0].Name != "上滩村议事室" {
		t.Errorf("%v %v", problems, err)
	}
	if name := r.Header.Get("Content-Disposition"); !strings.Contains(name, "hk-roster-20260511.xlsx") {
		t.Error(name)
	}
	st.Members[0].Sector = "没有"
	if data, err = sheets.Write(st); err != nil {
		t.Fatal(err)
	}
	r = b.importing(l, "?dry_run=true", data)
	b.want(r, 200)
	problem := obj(at[[]any](r.JSON(t), "problems")[0])
	if problem["sheet"] != "委员" || problem["row"] != 2.0 || !strings.Contains(at[string](problem, "column"), "界别") {
		t.Errorf("%v", problem)
	}
	b.want(b.importing(l, "?version=2", []byte("no sheet")), 422)
	b.want(b.importing(l, "?version=2", make([]byte, 6<<20)), 413)
}

func TestManyAreInvitedAndOneUnbound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.as("qian", "hk", "liaison", "a1")
	m := b.as("he", "hk", "member", "m2")
	r := b.send("POST", "/api/v1/station/invitations", a, map[string]any{})
	b.want(r, 201)
	items := at[[]any](r.JSON(t), "items")
	if len(items) != 4 || obj(items[0])["role"] != "liaison" || at[string](obj(items[0]), "invitation") == "" {
		t.Errorf("%s", r.Body)
	}
	b.want(b.send("GET", "/api/v1/me", m, nil), 200)
	b.want(b.send("DELETE", "/api/v1/station/bindings/member/m2", a, nil), 204)
	b.want(b.send("GET", "/api/v1/me", m, nil), 401)
	b.want(b.send("DELETE", "/api/v1/station/bindings/member/m2", a, nil), 404)
	audit := b.send("GET", "/api/v1/station/audit?what=unbind", a, nil)
	if line := obj(at[[]any](audit.JSON(t), "items")[0]); line["what_name"] != "解除微信绑定" || line["thing"] != "member/m2" {
		t.Errorf("%v", line)
	}
}
