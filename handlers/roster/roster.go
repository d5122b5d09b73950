package roster

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// RosterChange is what an edit did, or would do.
type RosterChange struct {
	Version  int      `json:"version" doc:"The roster's version now."`
	Changes  []string `json:"changes" nullable:"false" doc:"What changes, in Chinese, whatever follows the edit included; empty when nothing does."`
	NewCodes int      `json:"new_codes" minimum:"0" doc:"How many codes are made for what has none."`
}

// SheetProblem is one thing to mend in a spreadsheet.
type SheetProblem struct {
	Sheet   string `json:"sheet"`
	Row     int    `json:"row,omitempty" doc:"As Excel counts, from 1; left out when the whole sheet is meant."`
	Column  string `json:"column,omitempty" doc:"Letter and header; left out when the whole row is meant."`
	Message string `json:"message" doc:"Chinese; says what to do."`
	Warning bool   `json:"warning,omitempty" doc:"It hinders no import: look whether it is meant so."`
}

// RosterImported is what an import did, or would do. With problems other than warnings it did nothing.
type RosterImported struct {
	RosterChange

	Problems []SheetProblem `json:"problems" nullable:"false"`
}

// RosterUndo is the body of taking the last edit back.
type RosterUndo struct {
	Version int `json:"version" minimum:"1" doc:"The version the caller saw."`
}

// RosterExport is the body of asking for the roster as a spreadsheet.
type RosterExport struct {
	Reason        string `json:"reason" doc:"At most 500 characters, written down."`
	WithoutPhones bool   `json:"without_phones,omitempty" doc:"In place of numbers stands 保留, with which an import leaves them as they are."`
}

// RosterReason is the body of asking for a number.
type RosterReason struct {
	Reason string `json:"reason" doc:"At most 500 characters, written down."`
}

// RosterPhone is a number in clear.
type RosterPhone struct {
	Phone string `json:"phone"`
}

type (
	rosterRemoveIn struct {
		Table   entryTable `path:"table"`
		ID      string     `path:"id" doc:"The entry's id; a category's key, a sector's name."`
		Version int        `query:"version" required:"true" minimum:"1" doc:"The version the caller saw."`
		Dry     bool       `query:"dry_run" doc:"Only say what would change."`
	}
	rosterUndoIn   struct{ Body RosterUndo }
	rosterExportIn struct{ Body RosterExport }
	rosterPhoneIn  struct {
		Table phoneTable `path:"table"`
		ID    string     `path:"id" doc:"The entry's id."`
		Body  RosterReason
	}
	rosterImportIn struct {
		Version int  `query:"version" minimum:"0" doc:"The version the caller saw; left out of a dry run."`
		Dry     bool `query:"dry_run" doc:"Only say what would change."`
	}
)

// entryTable is the key of a table that entries are removed from, phoneTable that of
// one whose entries have phones.
type (
	entryTable string
	phoneTable string
)

// Schema implements huma.SchemaProvider.
func (entryTable) Schema(huma.Registry) *huma.Schema {
	return tableSchema(func(t *station.Table) bool { return !t.Single })
}

// Schema implements huma.SchemaProvider.
func (phoneTable) Schema(huma.Registry) *huma.Schema {
	return tableSchema(func(t *station.Table) bool {
		_, ok := t.SealedPhone()
		return ok
	})
}

// tableSchema is a choice of tables.
func tableSchema(chosen func(t *station.Table) bool) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, t := range station.Tables {
		if chosen(t) {
			s.Enum = append(s.Enum, t.Key)
		}
	}
	return s
}

const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (rt *routes) addRoster() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/roster", "roster", "The whole roster, without phone numbers: who is on it, who has bound a WeChat.").
		By(web.StaffOrAdmin).Compressed().Fails(http.StatusForbidden), rt.roster)
	rt.addRosterEntries()
	web.Handle(rt.api, web.Op(http.MethodDelete, "/station/roster/{table}/{id}", "removeFromRoster", "Take an entry out of the roster, and what only it gave a sense to; members and staff stay as gone. Written down first.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity), rt.removeFromRoster)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/roster/undo", "undoRoster", "Bring back what the last edit or import replaced; for an hour, while nothing else changed the roster.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusConflict), rt.undoRoster)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/roster/import", "importRoster", "Take a spreadsheet in as the roster, all or nothing: xlsx, or a zip of csv files, at most 5 MiB. Written down first.").
		By(web.StaffOrAdmin).Writes().
		Fails(http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity), rt.importRoster)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/roster/export", "exportRoster", "The roster as a spreadsheet; who asked and why is written down first.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden).Binary(sheetType), rt.exportRoster)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/roster/{table}/{id}/phone", "revealRosterPhone", "The number of a member, liaison or department; who looked and why is written down first.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.rosterPhone)
}

func changed(c roster.Change, err error) (*wire.Output[RosterChange], error) {
	if err != nil {
		return nil, err
	}
	return &wire.Output[RosterChange]{Body: changeOf(c)}, nil
}

func changeOf(c roster.Change) RosterChange {
	return RosterChange{Version: c.Version, Changes: wire.Filled(c.Changes), NewCodes: c.NewCodes}
}

func (rt *routes) removeFromRoster(ctx context.Context, c access.Caller, in *rosterRemoveIn) (*wire.Output[RosterChange], error) {
	return changed(rt.desk.roster.RemoveEntry(ctx, c, string(in.Table), roster.Edit{Version: in.Version, Dry: in.Dry, ID: in.ID}))
}

func (rt *routes) undoRoster(ctx context.Context, c access.Caller, in *rosterUndoIn) (*wire.Output[RosterChange], error) {
	return changed(rt.desk.roster.UndoRoster(ctx, c, in.Body.Version))
}

func (rt *routes) exportRoster(ctx context.Context, c access.Caller, in *rosterExportIn) (*web.Picture, error) {
	data, err := rt.desk.roster.ExportRoster(ctx, c, in.Body.Reason, !in.Body.WithoutPhones)
	if err != nil {
		return nil, err
	}
	name := c.Station + "-roster-" + rt.api.Options.Now().In(station.Zone).Format("20060102") + ".xlsx"
	return &web.Picture{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", sheetType)
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		ctx.SetHeader("Cache-Control", "no-store")
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(data) // whoever asked has gone
	}}, nil
}

func (rt *routes) rosterPhone(ctx context.Context, c access.Caller, in *rosterPhoneIn) (*wire.Output[RosterPhone], error) {
	phone, err := rt.desk.roster.RosterPhone(ctx, c, string(in.Table), in.ID, in.Body.Reason)
	return &wire.Output[RosterPhone]{Body: RosterPhone{phone}}, err
}

// maxRosterFile bounds a spreadsheet; the form around it has room beside it.
const (
	maxRosterFile = 5 << 20
	formRoom      = 64 << 10
)

func (rt *routes) importRoster(ctx context.Context, c access.Caller, in *rosterImportIn) (*wire.Output[RosterImported], error) {
	g := web.VisitOf(ctx).Gin
	name, data, err := oneFileOf(http.MaxBytesReader(g.Writer, g.Request.Body, maxRosterFile+formRoom), g.Request.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	change, problems, err := rt.desk.roster.ImportRoster(ctx, c, roster.Import{Version: in.Version, Dry: in.Dry, Name: name, Data: data})
	if err != nil {
		return nil, err
	}
	return &wire.Output[RosterImported]{Body: RosterImported{changeOf(change), problemsOf(problems)}}, nil
}

func problemsOf(list []record.SheetProblem) []SheetProblem {
	out := make([]SheetProblem, len(list))
	for i, p := range list {
		out[i] = SheetProblem(p)
	}
	return out
}

// oneFileOf reads a form whose one part is a file.
func oneFileOf(body io.Reader, contentType string) (name string, data []byte, err error) {
	form, err := web.PartsOf(body, contentType)
	if err != nil {
		return "", nil, err
	}
	part, err := form.NextPart()
	if err != nil {
		return "", nil, web.FormFault(err)
	}
	if part.FormName() != "file" {
		return "", nil, web.OneFile()
	}
	only := &web.OnlyPart{Part: part, Form: form}
	data, err = io.ReadAll(io.LimitReader(only, maxRosterFile+1))
	switch {
	case only.Wrong != nil:
		return "", nil, only.Wrong
	case err != nil:
		return "", nil, web.FormFault(err)
	case len(data) > maxRosterFile:
		return "", nil, web.TooLargeFile()
	}
	return part.FileName(), data, nil
}
