package emulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"mashang/wechat/emulator"
)

// plan is the fault plan in the JSON of the people's side.
type plan struct {
	Items []struct {
		Path, Kind, Msg string
		Code            int64
		Status          int
		DelayMS         int `json:"delay_ms"`
		Times, Hits     int
		Chance          float64
	}
}

func TestControlFaults(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	var got plan
	b.control(http.MethodGet, "faults", "", http.StatusOK, &got)
	if got.Items == nil || len(got.Items) != 0 {
		t.Fatalf("a quiet platform: %+v", got)
	}
	const body = `{"items":[
		{"path":"/wxa/msg_sec_check","kind":"errcode","code":-1,"msg":"busy","times":2},
		{"kind":"status","status":503,"delay_ms":1500,"chance":0.5,"times":1,"path":"/sns/jscode2session"}]}`
	b.control(http.MethodPut, "faults", body, http.StatusOK, &got)
	if len(got.Items) != 2 || got.Items[0].Msg != "busy" || got.Items[1].DelayMS != 1500 || got.Items[1].Chance != 0.5 {
		t.Fatalf("set: %+v", got)
	}
	b.want(b.post("/wxa/msg_sec_check", "{}"), -1)
	w := request(t, b.ctl, http.MethodGet, "/_emulator/faults", "")
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Items[0].Hits != 1 {
		t.Fatalf("after a hit: %s, %v", w.Body, err)
	}
	b.control(http.MethodPut, "faults", w.Body.String(), http.StatusOK, &got) // what was read can be set
	if len(got.Items) != 2 || got.Items[0].Hits != 0 {
		t.Errorf("set again: %+v", got)
	}
	for _, bad := range []string{
		`{"items":[{"kind":"earthquake"}]}`, `{"items":[{"kind":"errcode"}]}`, `{"items":[{"kind":"delay","delay_ms":-1}]}`,
		`{"items":[{"kind":"html","path":"/x"}]}`, `{"faults":[]}`, `[`,
	} {
		b.control(http.MethodPut, "faults", bad, http.StatusUnprocessableEntity, nil)
	}
	if len(b.Faults()) != 2 {
		t.Error("a refused plan replaced the present one")
	}
	b.control(http.MethodDelete, "faults", "", http.StatusOK, &got)
	if len(b.Faults()) != 0 || len(got.Items) != 0 {
		t.Errorf("deleted: %+v", got)
	}
	b.control(http.MethodPost, "faults", body, http.StatusMethodNotAllowed, nil)
}

func TestControlCalls(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.want(b.send(nil), 40003)
	b.grant(1)
	b.want(b.send(nil), 0)
	var out struct {
		Items []struct {
			Path    string
			Calls   int
			Answers map[string]int
		}
	}
	b.control(http.MethodGet, "calls", "", http.StatusOK, &out)
	if len(out.Items) != 2 || out.Items[0].Path != sendPath || out.Items[0].Calls != 2 ||
		out.Items[0].Answers["0"] != 1 || out.Items[0].Answers["40003"] != 1 {
		t.Errorf("calls: %+v", out)
	}
}

type grants struct {
	Granted []struct {
		Template string `json:"template_id"`
		Left     int
	}
}

func TestControlRefusals(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) { o.Push, o.PushMode = s.push, emulator.Plain })
	events := func() (names []string) {
		for _, p := range s.got {
			names = append(names, members(t, p.body, emulator.JSON)["Event"])
		}
		s.got = nil
		return names
	}
	var out grants
	b.control(http.MethodPost, "users/"+someone+"/rejections", `{"template_id":"`+tpl+`"}`, http.StatusOK, &out)
	if got := events(); len(got) != 1 || got[0] != "subscribe_msg_popup_event" || len(out.Granted) != 1 {
		t.Errorf("refused: %v, %+v", got, out)
	}
	b.grant(3)
	b.control(http.MethodGet, "users/"+someone+"/grants", "", http.StatusOK, &out)
	if len(out.Granted) != 2 || out.Granted[0].Left != 3 || out.Granted[1].Left != 0 {
		t.Errorf("grants: %+v", out)
	}
	b.control(http.MethodPost, "users/"+someone+"/withdrawals", "", http.StatusOK, &out)
	if got := events(); len(got) != 2 || got[0] != "subscribe_msg_change_event" || b.Left(someone, tpl) != 0 || out.Granted[0].Left != 0 {
		t.Errorf("withdrawn: %v, %+v", got, out)
	}
	for _, what := range []string{"rejections", "withdrawals"} {
		b.control(http.MethodPost, "users/"+someone+"/"+what, `{"template_id":"nonsense"}`, http.StatusUnprocessableEntity, nil)
		b.control(http.MethodPost, "users/"+someone+"/"+what, `{"template":"x"}`, http.StatusUnprocessableEntity, nil)
	}
}

func TestControlVerdicts(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	var out struct{ Verdicts []string }
	b.control(http.MethodPost, "users/"+someone+"/verdicts", `{"verdicts":["risky"]}`, http.StatusOK, &out)
	b.control(http.MethodPost, "users/"+someone+"/verdicts", `{"verdicts":["pass","never"]}`, http.StatusOK, &out)
	if len(out.Verdicts) != 3 || out.Verdicts[0] != "risky" || out.Verdicts[2] != "never" {
		t.Errorf("to come: %v", out.Verdicts)
	}
	for _, body := range []string{"", `{"verdicts":[]}`, `{"verdicts":["maybe"]}`, `{"verdict":"pass"}`} {
		b.control(http.MethodPost, "users/"+someone+"/verdicts", body, http.StatusUnprocessableEntity, nil)
	}
}

func TestControlChatFiles(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) { o.Push, o.PushMode = s.push, emulator.Plain })
	send := func(contentType string, body []byte, status int) (line emulator.Line) {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_emulator/users/"+someone+"/chat", bytes.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		b.ctl.ServeHTTP(w, r)
		if w.Code != status {
			t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
		}
		var out struct{ Items []emulator.Line }
		if status == http.StatusOK {
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
				t.Fatal(err)
			}
			line = out.Items[len(out.Items)-1]
		}
		return line
	}
	for contentType, data := range map[string][]byte{"image/png": photoOf(t, "image/png"), "audio/amr": []byte("#!AMR\n12")} {
		header, body := form(t, "file", "x", data)
		line := send(header, body, http.StatusOK)
		w := request(t, b.ctl, http.MethodGet, "/_emulator/media/"+line.Media, "")
		if !bytes.Equal(w.Body.Bytes(), data) || w.Header().Get("Content-Type") != contentType || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v, %d bytes", contentType, w.Header(), w.Body.Len())
		}
	}
	header, body := form(t, "file", "x", []byte("<script>alert(1)</script>"))
	send(header, body, http.StatusUnprocessableEntity)
	header, body = form(t, "other", "x", photoOf(t, "image/png"))
	send(header, body, http.StatusUnprocessableEntity)
	if line := send("application/json", []byte(`{"card":{"title":"事项","page":"pages/index/index"}}`), http.StatusOK); line.Page == "" || line.Text != "[小程序] 事项" {
		t.Errorf("card: %+v", line)
	}
	send("application/json", []byte(`{"card":{"title":"事项","page":"pages/other/index"}}`), http.StatusUnprocessableEntity)
	send("application/json", []byte(`{"text":"a","card":{"title":"事项","page":"pages/index/index"}}`), http.StatusUnprocessableEntity)
	b.control(http.MethodGet, "media/nonsense", "", http.StatusNotFound, nil)
	if len(s.got) != 3 {
		t.Errorf("%d pushes, want 3", len(s.got))
	}
}

func TestFollowLink(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) { o.LinkBase = "https://example.test/_emulator/links/" })
	const body = `{"path":"pages/index/index","query":"scene=a%26b&c=1","expire_type":1,"expire_interval":1}`
	address := b.post(linkPath, body).address(t)
	id := address[len("https://example.test"):]
	w := request(t, b.ctl, http.MethodGet, id, "")
	if want := "/_emulator/?page=pages%2Findex%2Findex&query=scene%3Da%2526b%26c%3D1"; w.Code != http.StatusFound || w.Header().Get("Location") != want {
		t.Errorf("status %d to %q, want %q", w.Code, w.Header().Get("Location"), want)
	}
	b.control(http.MethodGet, "links/nonsense", "", http.StatusNotFound, nil)
}

// TestForeignPages: a page of another site, open in the browser of the emulator's operator, cannot act as a
// person.
func TestForeignPages(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for site, want := range map[string]int{"cross-site": http.StatusForbidden, "same-origin": http.StatusOK, "": http.StatusOK} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_emulator/users/"+someone+"/code", nil)
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		w := httptest.NewRecorder()
		b.ctl.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: status %d, want %d", site, w.Code, want)
		}
	}
}
