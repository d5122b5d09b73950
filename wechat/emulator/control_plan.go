package emulator

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// routePlan adds the routes of the platform's state: faults, templates, calls.
func (e *Emulator) routePlan(route func(string, action)) {
	route("GET /_emulator/faults", func(*http.Request, []byte) (any, error) { return items(e.wireFaults()), nil })
	route("PUT /_emulator/faults", func(_ *http.Request, body []byte) (any, error) {
		var in struct {
			Items []wireFault `json:"items"`
		}
		if err := decode(body, &in); err != nil {
			return nil, err
		}
		plan := make([]Fault, len(in.Items))
		for i, f := range in.Items {
			plan[i] = f.fault()
		}
		if err := e.SetFaults(plan...); err != nil {
			return nil, err
		}
		return items(e.wireFaults()), nil
	})
	route("DELETE /_emulator/faults", func(*http.Request, []byte) (any, error) {
		if err := e.SetFaults(); err != nil {
			return nil, err
		}
		return items(e.wireFaults()), nil
	})
	route("GET /_emulator/templates", func(*http.Request, []byte) (any, error) { return items(e.wireTemplates()), nil })
	route("GET /_emulator/calls", func(*http.Request, []byte) (any, error) { return items(e.wireCalls()), nil })
}

// wireFault is a line of the fault plan in JSON. Hits is ignored in requests.
type wireFault struct {
	Path    string    `json:"path"`
	Kind    FaultKind `json:"kind"`
	Code    int64     `json:"code,omitempty"`
	Msg     string    `json:"msg,omitempty"`
	Status  int       `json:"status,omitempty"`
	DelayMS int64     `json:"delay_ms,omitempty"`
	Times   int       `json:"times,omitempty"`
	Chance  float64   `json:"chance,omitempty"`
	Hits    int       `json:"hits"`
}

// maxDelayMS keeps a delay within reason and within the range of a time.Duration.
const maxDelayMS = 3_600_000

func (f wireFault) fault() Fault {
	return Fault{
		Path: f.Path, Kind: f.Kind, Code: f.Code, Msg: f.Msg, Status: f.Status,
		Delay: time.Duration(min(f.DelayMS, maxDelayMS)) * time.Millisecond, Times: f.Times, Chance: f.Chance,
	}
}

func (e *Emulator) wireFaults() []wireFault {
	var out []wireFault
	for _, f := range e.Faults() {
		out = append(out, wireFault{
			Path: f.Path, Kind: f.Kind, Code: f.Code, Msg: f.Msg, Status: f.Status,
			DelayMS: f.Delay.Milliseconds(), Times: f.Times, Chance: f.Chance, Hits: f.Hits,
		})
	}
	return out
}

type wireTemplate struct {
	ID      string      `json:"id"`
	Title   string      `json:"title"`
	Purpose string      `json:"purpose"`
	Fields  []wireField `json:"fields"`
}

type wireField struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

func (e *Emulator) wireTemplates() []wireTemplate {
	var out []wireTemplate
	for _, t := range e.opts.Templates {
		w := wireTemplate{ID: t.ID, Title: cmp.Or(t.Title, t.ID), Purpose: t.Purpose, Fields: make([]wireField, len(t.Fields))}
		for i, f := range t.Fields {
			w.Fields[i] = wireField{f.Key, cmp.Or(f.Name, f.Key)}
		}
		out = append(out, w)
	}
	return out
}

type wireCall struct {
	Path    string        `json:"path"`
	Calls   int           `json:"calls"`
	Answers map[int64]int `json:"answers"`
}

func (e *Emulator) wireCalls() []wireCall {
	calls := e.Calls()
	var out []wireCall
	for _, path := range slices.Sorted(maps.Keys(calls)) {
		out = append(out, wireCall{path, calls[path], e.Answers(path)})
	}
	return out
}

// showMedia answers with a picture or recording, for a phone's page.
func (e *Emulator) showMedia(w http.ResponseWriter, r *http.Request) {
	f, ok := e.media.get(r.PathValue("id"))
	if !ok {
		writeNotFound(w, "no media of this id, or older than three days")
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=3600")
	_, _ = w.Write(f.data)
}

// followLink redirects from a URL link, if LinkBase points here, to the emulator's page, which acts as if the
// phone opened the program.
func (e *Emulator) followLink(w http.ResponseWriter, r *http.Request) {
	to, ok := e.Link(e.opts.LinkBase + r.PathValue("id"))
	if !ok {
		writeNotFound(w, "no link of this id, or it has expired")
		return
	}
	where := url.Values{"page": {to.Path}, "query": {to.Query}}
	http.Redirect(w, r, "/_emulator/?"+where.Encode(), http.StatusFound)
}
