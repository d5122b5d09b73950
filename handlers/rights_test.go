package handlers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Who asks. other is a liaison of another station.
var actors = []string{"nobody", "visitor", "member", "liaison", "department", "admin", "other"}

// right is one route's row: the status each actor gets, in the order of
// actors. The submission asked about is another visitor's and waits for the
// member m1; "member" here is m2, so nobody but the liaison has a part in it.
type right struct {
	method, path string
	// body is sent, or is the query when it begins with "?".
	body string
	want [7]int
}

// open is for everybody alike, and session for everybody with one.
func open(status int) [7]int {
	return [7]int{status, status, status, status, status, status, status}
}

func session(status int) [7]int {
	return [7]int{401, status, status, status, status, status, status}
}

// The acts of the member (or also the liaison) and of the filer on what is not
// theirs; the first row of each kind is the rule of access.
var (
	memberAct = [7]int{401, 403, 404, 403, 403, 403, 403}
	eitherAct = [7]int{401, 403, 404, 422, 403, 403, 404}
	helperAct = [7]int{401, 403, 404, 403, 404, 403, 403}
	filerAct  = [7]int{401, 404, 404, 403, 404, 404, 404}
	staffRead = [7]int{401, 403, 403, 200, 403, 403, 200}
	staffDo   = [7]int{401, 403, 403, 200, 403, 200, 200}
	// staffClash is what the staff do with a version that is not the thing's.
	staffClash = [7]int{401, 403, 403, 409, 403, 409, 409}
	// Of reception days: an edit with a revision that is not the day's, what is not there, and a seat that is not the
	// member's.
	dayClash   = [7]int{401, 403, 403, 409, 403, 403, 404}
	dayNone    = [7]int{401, 403, 403, 404, 403, 403, 404}
	memberSeat = [7]int{401, 403, 404, 403, 403, 403, 403}
	staffNone  = [7]int{401, 403, 403, 404, 403, 404, 404} // of what is not there
)

const sub = "/api/v1/submissions/:id"

var rights = []right{
	{"POST", "/api/v1/sessions", `{"code":"none"}`, open(422)},
	{"GET", "/api/v1/sessions/ways", "", open(200)},
	{"POST", "/api/v1/sessions/sms", `{"phone":"12"}`, open(422)},
	{"DELETE", "/api/v1/sessions", "", session(204)},
	{"POST", "/api/v1/bindings", `{"invitation":"none"}`, session(422)},
	{"GET", "/api/v1/codes/:key", "", open(200)},
	{"GET", "/api/v1/stations", "", open(200)},
	{"GET", "/api/v1/codes/:key/qr.png", "", open(200)},
	{"GET", "/api/v1/codes/:key/qr.svg", "", open(200)},
	{"GET", "/api/v1/codes/:key/wxacode", "", open(200)},
	{"GET", "/api/v1/codes/:key/link", "", [7]int{401, 403, 403, 200, 403, 200, 404}},
	{"GET", "/q/:key/open", "", open(302)},
	{"GET", "/api/v1/codes", "", staffDo},
	{"POST", "/api/v1/codes", `{"target":{"kind":"station"}}`, [7]int{401, 403, 403, 201, 403, 201, 201}},
	{"PATCH", "/api/v1/codes/:key", `{"revoked":false}`, [7]int{401, 403, 403, 200, 403, 200, 404}},
	{"POST", "/api/v1/uploads", "", session(415)},
	{"GET", "/api/v1/uploads/:id", "", session(404)},
	{"GET", "/api/v1/uploads/:id/thumb", "", session(404)},
	{"POST", "/api/v1/submissions", `{}`, session(422)},
	{"GET", "/api/v1/submissions", "", session(200)},
	{"GET", sub, "", [7]int{401, 404, 404, 200, 404, 404, 404}},
	{"POST", sub + "/phone", `{"reason":"回访"}`, [7]int{401, 403, 404, 200, 404, 403, 404}},
	{"POST", sub + "/assist", `{"version":1,"department":"d0","text":"x"}`, eitherAct},
	{"POST", sub + "/recall", `{"version":1,"assist":1,"reason":"x"}`, eitherAct},
	{"POST", sub + "/contribute", `{"text":"x"}`, helperAct},
	{"POST", sub + "/decline", `{"reason":"x"}`, helperAct},
	{"GET", "/api/v1/assists", "", [7]int{401, 403, 200, 403, 200, 403, 403}},
	{"GET", "/api/v1/station/assists", "", staffRead},
	{"GET", "/api/v1/departments", "", [7]int{401, 403, 200, 200, 403, 200, 200}},
	{"POST", sub + "/accept", `{"version":1}`, memberAct},
	{"POST", sub + "/ask", `{"version":1,"text":"x"}`, memberAct},
	{"POST", sub + "/reply", `{"version":1,"text":"x"}`, memberAct},
	{"POST", sub + "/takeback", `{"version":1}`, memberAct},
	{"POST", sub + "/askcall", `{"version":1,"reason":"x"}`, memberAct},
	{"POST", sub + "/return", `{"version":1,"reason":"x"}`, memberAct},
	{"POST", sub + "/transfer", `{"version":1,"to":"m0","reason":"x"}`, eitherAct},
	{"POST", sub + "/close", `{"version":1,"outcome":"solved","text":"x"}`, eitherAct},
	{"POST", sub + "/assign", `{"version":1,"to":"m0","reason":"x"}`, [7]int{401, 403, 403, 422, 403, 403, 404}},
	{"POST", sub + "/messages", `{"text":"x"}`, filerAct},
	{"POST", sub + "/withdraw", `{}`, filerAct},
	{"POST", sub + "/rate", `{"version":1,"solved":"solved","satisfaction":"satisfied"}`, filerAct},
	{"POST", sub + "/reopen", `{"version":1,"reason":"x"}`, filerAct},
	{"GET", "/api/v1/inbox", "", [7]int{401, 403, 200, 403, 403, 403, 403}},
	{"GET", "/api/v1/inbox/summary", "", [7]int{401, 403, 200, 200, 200, 403, 200}},
	{"GET", "/api/v1/pool", "", staffRead},
	{"GET", "/api/v1/station/submissions", "", staffRead},
	{"POST", "/api/v1/station/submissions/assign", `{"items":[{"id":"hk-x","version":1}],"to":"m9","reason":"x"}`, [7]int{401, 403, 403, 422, 403, 403, 200}},
	{"GET", "/api/v1/station/choices", "", staffRead},
	{"GET", "/api/v1/station/start", "", staffDo},
	{"POST", "/api/v1/station/platform-check", "", staffDo},
	{"PUT", "/api/v1/me/start", `{"hidden":true}`, [7]int{401, 403, 403, 204, 403, 204, 204}},
	{"GET", "/api/v1/me/views", "", staffDo},
	{"PUT", "/api/v1/me/views", `{"items":[{"name":"超期","query":"due=overdue"}]}`, staffDo},
	{"GET", "/api/v1/station/today", "", staffRead},
	{"GET", "/api/v1/station/alarms", "", staffRead},
	{"GET", "/api/v1/station/photos", "", staffRead},
	{"GET", "/api/v1/station/untold", "", staffRead},
	{"GET", "/api/v1/station/unread-pushes", "", staffDo},
	{"GET", "/api/v1/station/surge", "", staffRead},
	{"PUT", "/api/v1/station/surge", `{"until":"2000-01-01T00:00:00Z"}`, [7]int{401, 403, 403, 422, 403, 403, 422}},
	{"DELETE", "/api/v1/station/surge", "", staffRead},
	{"GET", "/api/v1/station/board", "", staffRead},
	{"POST", "/api/v1/station/untold/:id/done", `{}`, [7]int{401, 403, 403, 404, 403, 403, 404}},
	{"POST", "/api/v1/uploads/:id/verdict", `{"show":true,"reason":"x"}`, [7]int{401, 403, 403, 404, 403, 403, 404}},
	{"POST", "/api/v1/codes/:key/topics", `{"text":"x"}`, session(200)},
	{"POST", "/api/v1/emergencies", `{"text":"x"}`, open(200)},
	{"POST", "/api/v1/codes/:key/similar", `{"text":"x"}`, session(200)},
	{"GET", sub + "/similar", "", [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"POST", "/api/v1/station/submissions/by-phone", `{"phone":"13800138000","reason":"来电"}`, staffRead},
	{"GET", sub + "/worksheet", "", [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"POST", sub + "/merge", `{"version":9,"into":"hk-x","reason":"x"}`, [7]int{401, 403, 403, 409, 403, 403, 404}},
	{"POST", sub + "/split", `{"version":9,"reason":"x"}`, [7]int{401, 403, 403, 409, 403, 403, 404}},
	{"GET", "/api/v1/station/hot", "", staffRead},
	{"GET", "/api/v1/station/figures", "", [7]int{401, 403, 403, 200, 403, 200, 200}},
	{"GET", "/api/v1/station/figures/excluded", "", staffRead},
	{"GET", "/api/v1/station/figures/grid", "", staffDo},
	{"GET", "/api/v1/station/figures/series", "", staffDo},
	{"GET", "/api/v1/station/figures/places", "", staffDo},
	{"GET", "/api/v1/station/figures/list", "", [7]int{401, 403, 403, 422, 403, 403, 422}},
	{"GET", "/api/v1/station/screen", "", staffDo},
	{"POST", "/api/v1/station/reports", `{"period":"2026-05","format":"xlsx"}`, [7]int{401, 403, 403, 202, 403, 202, 202}},
	{"POST", "/api/v1/station/submissions/export", `{"reason":"x"}`, [7]int{401, 403, 403, 202, 403, 403, 202}},
	{"GET", "/api/v1/me/figures", "", [7]int{401, 403, 200, 403, 403, 403, 403}},
	{"POST", sub + "/dossier", `{"reason":"移送"}`, [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"POST", sub + "/extend", `{"version":9,"days":3,"reason":"x"}`, [7]int{401, 403, 404, 409, 403, 403, 404}},
	{"POST", sub + "/fulfil", `{"version":1,"text":"x"}`, eitherAct},
	{"POST", sub + "/promise", `{"version":9,"promised":"2026-12-01","reason":"x"}`, [7]int{401, 403, 404, 409, 403, 403, 404}},
	{"POST", sub + "/attend", `{"version":1,"reason":"x"}`, [7]int{401, 403, 403, 422, 403, 403, 404}},
	{"POST", sub + "/followup", `{"version":1,"result":"satisfied"}`, [7]int{401, 403, 403, 422, 403, 403, 404}},
	{"GET", sub + "/notes", "", [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"POST", sub + "/notes", `{"text":"x"}`, [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"DELETE", sub + "/notes/:note", "", [7]int{401, 403, 403, 404, 403, 403, 404}},
	{"POST", sub + "/notes/seen", "", [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"PATCH", sub + "/tags", `{"add":["x"]}`, [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"PUT", sub + "/tags", `{"tags":["x"]}`, [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"PUT", sub + "/reminder", `{"day":"2000-01-01"}`, [7]int{401, 403, 403, 422, 403, 403, 404}},
	{"DELETE", sub + "/reminder", "", [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"POST", sub + "/nudge", "", [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"GET", "/api/v1/station/tags", "", [7]int{401, 403, 403, 200, 403, 403, 200}},
	{"PUT", "/api/v1/me/snoozes/:id", `{"version":1,"until":"2000-01-01T00:00:00Z"}`, [7]int{401, 403, 403, 422, 403, 403, 422}},
	{"DELETE", "/api/v1/me/snoozes/:id", "", [7]int{401, 403, 403, 204, 403, 403, 204}},
	{"GET", "/check/:token", "", open(404)},
	{"GET", "/api/v1/me", "", session(200)},
	{"GET", "/api/v1/members", "", [7]int{401, 403, 200, 200, 403, 200, 200}},
	{"POST", "/api/v1/members/:id/invitations", "", [7]int{401, 403, 403, 201, 403, 201, 404}},
	{"GET", "/api/v1/roster/template.xlsx", "", staffDo},
	{"GET", "/api/v1/station/roster", "", staffDo},
	{"POST", "/api/v1/station/roster/undo", `{"version":99}`, staffClash},
	{"POST", "/api/v1/station/roster/import", "", [7]int{401, 403, 403, 415, 403, 415, 415}},
	{"POST", "/api/v1/station/roster/export", `{"reason":"上报","without_phones":true}`, staffDo},
	{"POST", "/api/v1/station/roster/:table/:id/phone", `{"reason":"联系"}`, [7]int{401, 403, 403, 404, 403, 404, 404}},
	{"DELETE", "/api/v1/station/roster/:table/:id", "", [7]int{401, 403, 403, 422, 403, 422, 422}},
	{"PUT", "/api/v1/station/roster/station", `{"version":99,"name":"x","phone":"0930-7654321"}`, staffClash},
	{"PUT", "/api/v1/station/roster/sectors/:id", `{"version":99,"name":"x"}`, staffClash},
	{"PUT", "/api/v1/station/roster/rooms/:id", `{"version":99,"name":"x"}`, staffClash},
	{"PUT", "/api/v1/station/roster/places/:id", `{"version":99,"name":"x"}`, staffClash},
	{"PUT", "/api/v1/station/roster/members/:id", `{"version":99,"name":"x","sector":"教育"}`, staffClash},
	{"PUT", "/api/v1/station/roster/departments/:id", `{"version":99,"name":"x"}`, staffClash},
	{"PUT", "/api/v1/station/roster/liaisons/:id", `{"version":99,"name":"x"}`, staffClash},
	{"PUT", "/api/v1/station/roster/categories/:id", `{"version":99,"name":"x"}`, staffClash},
	{"PUT", "/api/v1/station/roster/squads/:id", `{"version":99,"name":"x","leader":"m1"}`, staffClash},
	{"PUT", "/api/v1/station/roster/duty/:id", `{"version":99,"member":"m1","weekday":1,"from":"08:00","to":"09:00"}`, staffClash},
	{"PUT", "/api/v1/station/roster/receptions/:id", `{"version":99,"name":"x","repeat":"每周五","from":"08:00","to":"09:00"}`, staffClash},
	{"GET", "/api/v1/codes/:key/receptions", "", open(200)},
	{"GET", "/api/v1/stations/:station/receptions", "", open(200)},
	{"GET", "/api/v1/me/bookings", "", session(200)},
	{"GET", "/api/v1/stations/:station/receptions/:day", "", open(404)}, // a draft
	{"GET", "/api/v1/stations/:station/bookings", "", session(200)},
	{"POST", "/api/v1/stations/:station/receptions/:day/bookings", `{"slot":"09:00","persons":1}`, session(404)},
	{"GET", "/api/v1/stations/:station/receptions/:day/bookings/:booking", "", session(404)},
	{"POST", "/api/v1/stations/:station/receptions/:day/bookings/:booking/move", `{"slot":"09:00"}`, session(404)},
	{"POST", "/api/v1/stations/:station/receptions/:day/bookings/:booking/cancel", "", session(404)},
	{"POST", "/api/v1/stations/:station/receptions/:day/bookings/:booking/accept", "", session(404)},
	{"POST", "/api/v1/stations/:station/receptions/:day/bookings/:booking/arrive", `{"code":"` + codeOfMa + `"}`, session(404)},
	{"GET", "/api/v1/reception/days", "", [7]int{401, 403, 200, 200, 403, 200, 200}},
	{"GET", "/api/v1/reception/figures", "", [7]int{401, 403, 200, 200, 403, 200, 200}},
	{"GET", "/api/v1/reception/days/:day", "", [7]int{401, 403, 200, 200, 403, 200, 404}},
	{"GET", "/api/v1/reception/days/:day/announcement", "", [7]int{401, 403, 422, 422, 403, 422, 404}}, // a draft
	{"POST", "/api/v1/reception/days", `{"name":"","date":"2026-05-30","from":"09:00","to":"10:00","kind":"station","terms":{}}`, [7]int{401, 403, 403, 422, 403, 403, 422}},
	{"POST", "/api/v1/reception/days/:day/roster", `{"revision":99,"members":[]}`, dayClash},
	{"POST", "/api/v1/reception/days/:day/outline", `{"revision":99,"theme":"","sectors":[],"not_for":"","note":""}`, dayClash},
	{"POST", "/api/v1/reception/days/:day/publish", `{"revision":99}`, dayClash},
	{"POST", "/api/v1/reception/days/:day/cancel", `{"revision":99,"reason":"x"}`, dayClash},
	{"POST", "/api/v1/reception/days/:day/restore", `{"revision":99}`, dayClash},
	{"POST", "/api/v1/reception/days/:day/keep", `{"revision":99}`, dayClash},
	{"POST", "/api/v1/reception/days/:day/postpone", `{"revision":99,"reason":"x","date":"2026-05-30","from":"09:00","to":"10:00"}`, dayClash},
	{"POST", "/api/v1/reception/days/:day/close", `{"revision":99,"present":[]}`, dayClash},
	{"GET", "/api/v1/reception/fill", "", [7]int{401, 403, 403, 200, 403, 403, 200}},
	{"POST", "/api/v1/reception/fill", `{"days":[{"day":"20260522-j01","revision":99,"members":[]}]}`, dayClash},
	{"GET", "/api/v1/reception/mine", "", [7]int{401, 403, 200, 403, 403, 403, 403}},
	{"GET", "/api/v1/me/reception/wishes", "", [7]int{401, 403, 200, 403, 403, 403, 403}},
	{"PUT", "/api/v1/me/reception/wishes/:day", `{"wish":"wants"}`, [7]int{401, 403, 200, 403, 403, 403, 403}},
	{"POST", "/api/v1/reception/days/:day/confirm", `{"out":false}`, memberSeat},
	{"GET", "/api/v1/reception/days/:day/candidates", "", [7]int{401, 403, 200, 200, 403, 403, 404}},
	{"POST", "/api/v1/reception/days/:day/swaps", `{"reason":"生病"}`, [7]int{401, 403, 404, 403, 403, 403, 404}},
	{"POST", "/api/v1/reception/days/:day/swaps/:swap/agree", `{}`, [7]int{401, 403, 404, 403, 403, 403, 404}},
	{"POST", "/api/v1/reception/days/:day/swaps/:swap/decline", "", memberSeat},
	{"POST", "/api/v1/reception/days/:day/swaps/:swap/withdraw", "", memberSeat},
	{"POST", "/api/v1/reception/days/:day/swaps/:swap/approve", `{}`, dayNone},
	{"POST", "/api/v1/reception/days/:day/swaps/:swap/refuse", `{"why":"x"}`, dayNone},
	{"GET", "/api/v1/reception/days/:day/hour", "", [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"POST", "/api/v1/reception/days/:day/parties", `{"persons":1,"slot":"09:00"}`, [7]int{401, 403, 403, 422, 403, 403, 404}},
	{"POST", "/api/v1/reception/days/:day/parties/:party/arrive", "", dayNone},
	{"POST", "/api/v1/reception/days/:day/parties/:party/receive", `{"outcome":"answered"}`, dayNone},
	{"POST", "/api/v1/reception/days/:day/parties/:party/unreceive", "", dayNone},
	{"POST", "/api/v1/reception/days/:day/parties/:party/unarrive", `{}`, dayNone},
	{"POST", "/api/v1/reception/days/:day/parties/:party/change", `{"slot":"09:00"}`, dayNone},
	{"POST", "/api/v1/reception/days/:day/parties/:party/cancel", "", dayNone},
	{"POST", "/api/v1/reception/days/:day/parties/:party/phone", `{"reason":"x"}`, dayNone},
	{"GET", "/api/v1/reception/boards", "", staffDo},
	{"POST", "/api/v1/station/invitations", `{"who":[{"role":"member","id":"m3"}]}`, [7]int{401, 403, 403, 201, 403, 201, 422}},
	{"DELETE", "/api/v1/station/bindings/:role/:id", "", [7]int{401, 403, 403, 404, 403, 404, 404}},
	{"GET", "/api/v1/members/:id/page", "", [7]int{401, 403, 403, 200, 403, 200, 404}},
	{"GET", sub + "/routing", "", [7]int{401, 404, 404, 200, 404, 404, 404}},
	{"GET", sub + "/candidates", "", [7]int{401, 403, 403, 200, 403, 403, 404}},
	{"GET", "/api/v1/station/rules", "", staffDo},
	{"PUT", "/api/v1/station/rules", `{"version":0}`, [7]int{401, 403, 403, 200, 403, 409, 200}},
	{"POST", "/api/v1/station/rules/undo", `{"version":9}`, [7]int{401, 403, 403, 409, 403, 409, 409}},
	{"POST", "/api/v1/station/rules/trial", `{"rules":{"version":0}}`, staffDo},
	{"GET", "/api/v1/station/calendar", "", staffDo},
	{"PUT", "/api/v1/station/calendar/:date", `{"work":true,"name":"x"}`, [7]int{401, 403, 403, 422, 403, 422, 422}},
	{"DELETE", "/api/v1/station/calendar/:date", "", [7]int{401, 403, 403, 422, 403, 422, 422}},
	{"GET", "/api/v1/station/templates", "", staffDo},
	{"GET", "/api/v1/me/absences", "", [7]int{401, 403, 200, 403, 403, 403, 403}},
	{"POST", "/api/v1/me/absences", `{"from":"2026-05-20","to":"2026-05-20"}`, [7]int{401, 403, 201, 403, 403, 403, 403}},
	{"DELETE", "/api/v1/me/absences/:absence", "", [7]int{401, 403, 404, 403, 403, 403, 403}},
	{"GET", "/api/v1/members/:id/absences", "", [7]int{401, 403, 403, 200, 403, 200, 404}},
	{"POST", "/api/v1/members/:id/absences", `{"from":"2026-05-20","to":"2026-05-20"}`, [7]int{401, 403, 403, 201, 403, 201, 404}},
	{"DELETE", "/api/v1/members/:id/absences/:absence", "", [7]int{401, 403, 403, 404, 403, 404, 404}},
	{"GET", "/api/v1/me/calendar", "", [7]int{401, 403, 200, 200, 403, 200, 200}},
	{"POST", "/api/v1/me/calendar", "", [7]int{401, 403, 201, 201, 403, 201, 201}},
	{"DELETE", "/api/v1/me/calendar", "", [7]int{401, 403, 204, 204, 403, 204, 204}},
	{"GET", "/calendar/:station/:file", "", open(404)},
	{"HEAD", "/calendar/:station/:file", "", open(404)},
	{"GET", "/api/v1/me/duty", "", [7]int{401, 403, 200, 403, 403, 403, 403}},
	{"GET", "/api/v1/me/codes", "", [7]int{401, 403, 200, 403, 403, 403, 403}},
	{"GET", "/api/v1/me/phrases", "", [7]int{401, 403, 200, 200, 200, 403, 200}},
	{"PUT", "/api/v1/me/phrases", `{"items":["已联系您"]}`, [7]int{401, 403, 200, 200, 200, 403, 200}},
	{"PUT", "/api/v1/me/photo", `{"photo":"none"}`, [7]int{401, 403, 422, 403, 403, 403, 403}},
	{"DELETE", "/api/v1/me/photo", "", [7]int{401, 403, 204, 403, 403, 403, 403}},
	{"PUT", "/api/v1/members/:id/photo", `{"photo":"none"}`, [7]int{401, 403, 403, 422, 403, 422, 404}},
	{"DELETE", "/api/v1/members/:id/photo", "", [7]int{401, 403, 403, 204, 403, 204, 404}},
	{"GET", "/api/v1/codes/:key/photo", "", open(404)},
	{"GET", "/api/v1/station/audit", "", staffDo},
	{"GET", "/api/v1/station/audit/head", "", staffDo},
	{"POST", "/api/v1/station/signs", `{"template":"door","keys":["2222222222"]}`, [7]int{401, 403, 403, 422, 403, 422, 422}},
	{"GET", "/api/v1/codes/:key/sign.png", "", [7]int{401, 403, 403, 200, 403, 200, 404}},
	{"GET", "/api/v1/station/jobs", "", staffDo},
	{"GET", "/api/v1/station/jobs/:id", "", staffNone},
	{"DELETE", "/api/v1/station/jobs/:id", "", staffNone},
	{"GET", "/api/v1/station/jobs/:id/file", "", staffNone},
	{"GET", "/api/v1/me/data", "", session(200)},
	{"POST", "/api/v1/me/erasure", `{"confirm":"no"}`, session(422)},
	{"POST", "/api/v1/takeovers", `{"code":"none"}`, session(422)},
	{"GET", "/api/v1/codes/:key/results", "", open(200)},
	{"POST", sub + "/handover", `{}`, filerAct},
	{"GET", sub + "/handover", "", filerAct},
	{"DELETE", sub + "/handover", "", filerAct},
	{"POST", sub + "/handover/confirm", `{"check":"10"}`, filerAct},
	{"DELETE", sub + "/proxy", "", filerAct},
	{"POST", "/api/v1/handovers", `{"token":"none"}`, session(404)},
	{"PUT", sub + "/contact", `{}`, filerAct},
	{"PUT", sub + "/result", `{"title":"路灯修好","text":"已请电力所修好"}`, [7]int{401, 403, 403, 422, 403, 403, 404}},
	{"DELETE", sub + "/result", "", [7]int{401, 403, 403, 204, 403, 403, 404}},
	{"GET", "/api/v1/me/contact", "", session(200)},
	{"PUT", "/api/v1/me/contact", `{"scene":"` + codeOfMa + `"}`, session(200)},
	{"DELETE", "/api/v1/me/contact", "", session(204)},
	{"POST", "/api/v1/subscriptions", `{"grants":[]}`, session(200)},
	{"GET", "/api/v1/subscriptions/templates", "", session(200)},
	{"POST", "/api/v1/console/logins", "", open(201)},
	{"GET", "/api/v1/console/logins/:id/events", "", open(404)},
	{"GET", "/api/v1/console/logins/:id", "", [7]int{401, 403, 403, 404, 403, 404, 404}},
	{"POST", "/api/v1/console/logins/:id/answer", `{"allow":false}`, [7]int{401, 403, 403, 404, 403, 404, 404}},
	{"POST", "/api/v1/console/logins/:id/session", "", open(404)},
	{"POST", "/api/v1/console/sessions", `{"account":"","password":"x","code":"x"}`, open(422)},
	{"GET", "/api/v1/console/session", "", staffDo},
	{"DELETE", "/api/v1/console/session", "", [7]int{401, 403, 403, 204, 403, 204, 204}},
	{"GET", "/api/v1/console/sessions", "", staffDo},
	{"DELETE", "/api/v1/console/sessions/:id", "", [7]int{401, 403, 403, 404, 403, 404, 404}},
	{"GET", "/api/v1/me/credentials", "", staffDo},
	{"PUT", "/api/v1/me/password", `{"password":"short"}`, [7]int{401, 403, 403, 422, 403, 422, 422}},
	{"POST", "/api/v1/me/authenticator", `{"before":""}`, [7]int{401, 403, 403, 422, 403, 422, 422}},
	{"PUT", "/api/v1/me/authenticator", `{"code":"000000"}`, [7]int{401, 403, 403, 422, 403, 422, 422}},
	{"GET", "/api/v1/station/attempts", "", [7]int{401, 403, 403, 403, 403, 200, 403}}, // the administrator alone
	{"GET", "/api/v1/station/guard", "", staffDo},
	{"PUT", "/api/v1/station/guard", `{}`, [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"POST", "/api/v1/station/guard/lift", `{"role":"member","id":"none"}`, [7]int{401, 403, 403, 403, 403, 404, 403}},
	{"GET", "/api/v1/station/exports", "", staffDo},
	{"POST", "/api/v1/station/exports", `{"reason":"x"}`, [7]int{401, 403, 403, 422, 403, 403, 422}},
	{"POST", "/api/v1/station/exports/:id/answer", `{"agree":true}`, staffNone},
	{"POST", "/api/v1/station/exports/:id/file", "", [7]int{401, 403, 403, 404, 403, 403, 404}},
	{"DELETE", "/api/v1/station/exports/:id", "", [7]int{401, 403, 403, 404, 403, 403, 404}},
	{"GET", "/api/v1/station/now", "", staffRead},
	{"GET", "/api/v1/station/live", "?once=1", staffRead},
	{"GET", "/console/*path", "", open(200)},
	{"HEAD", "/console/*path", "", open(200)},
	{"GET", "/", "", open(200)},
	{"HEAD", "/", "", open(200)},
	{"GET", "/m/*path", "", open(200)},
	{"HEAD", "/m/*path", "", open(200)},
	{"GET", "/q/:key", "", open(200)},
	{"HEAD", "/q/:key", "", open(200)},
	{"GET", "/Ab12cD.txt", "", open(200)},
	{"GET", "/q/Ab12cD.txt", "", open(200)},
	{"GET", "/healthz", "", open(200)},
	{"GET", "/readyz", "", open(200)},
	{"HEAD", "/healthz", "", open(200)},
	{"HEAD", "/readyz", "", open(200)},
	{"GET", "/openapi.json", "", open(200)},
	{"GET", "/wechat/push", "", open(403)},
	{"POST", "/wechat/push", "{}", open(403)},
}

// Every registered route has a row, and every row holds for every actor.
func TestRights(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tokens := map[string]string{
		"nobody": "", "visitor": b.login("tourist"), "member": b.as("he", "hk", "member", "m2"),
		"liaison": b.as("sun", "hk", "liaison", "l1"), "department": b.as("gov", "hk", "department", "d1"),
		"admin": b.as("qian", "hk", "liaison", "a1"), "other": b.as("zhou", "xj", "liaison", "l9"),
	}
	person := map[string]string{"visitor": "tourist", "member": "he", "liaison": "sun", "department": "gov", "admin": "qian", "other": "zhou"}
	owner := b.login("villager")
	s := b.file(owner, map[string]any{"contact": map[string]any{"phone": "13800138000"}})
	photo := b.upload(owner, "photo.png", png(t, 40, 30))
	fill := func(path string) string {
		path = strings.Replace(path, sub, "/api/v1/submissions/"+at[string](s, "id"), 1)
		path = strings.Replace(path, "uploads/:id", "uploads/"+at[string](photo, "id"), 1)
		path = strings.Replace(path, "members/:id", "members/m1", 1)
		path = strings.Replace(path, "roster/:table/:id", "roster/members/m0", 1)
		path = strings.Replace(path, "bindings/:role/:id", "bindings/member/m3", 1)
		path = strings.NewReplacer(":station", "hk", ":day", aFriday).Replace(path)
		return strings.Replace(path, ":key", codeOfMa, 1)
	}
	for _, row := range rights {
		for i, actor := range actors {
			token := tokens[actor]
			if row.path == "/api/v1/sessions" && row.method == "DELETE" && token != "" {
				token = b.login("person-of-" + actor)
			}
			if row.path == "/api/v1/console/session" && row.method == "DELETE" && token != "" {
				token = b.login(person[actor]) // theirs is needed further on
			}
			address := fill(row.path)
			var body any
			switch {
			case strings.HasPrefix(row.body, "?"):
				address += row.body
			case row.body != "":
				body = row.body
			}
			r := b.send(row.method, address, token, body, "Idempotency-Key", newKey())
			if r.Status != row.want[i] {
				t.Errorf("%s %s as %s: %d, want %d: %.200s", row.method, row.path, actor, r.Status, row.want[i], r.Body)
			}
			if r.Status == 404 && row.method != "HEAD" && !strings.Contains(string(r.Body), `"not_found"`) {
				t.Errorf("%s %s as %s: %s", row.method, row.path, actor, r.Body)
			}
		}
	}
	// Nothing changed by all that was refused.
	r := b.send("GET", "/api/v1/submissions/"+at[string](s, "id"), owner, nil)
	b.want(r, 200)
	if got := r.JSON(t); got["version"] != 1.0 || got["state"] != "assigned" {
		t.Errorf("changed by a refused act: %v %v", got["version"], got["state"])
	}

	var known []string
	for _, row := range rights {
		known = append(known, row.method+" "+row.path)
	}
	for _, route := range b.face.Routes() {
		if name := route.Method + " " + route.Path; !slices.Contains(known, name) && !strings.HasPrefix(route.Path, "/_emulator/") {
			t.Errorf("%s has no row in the table of rights", name)
		}
	}
}

// What is not there and what is not yours are told apart by nothing.
func TestMissingAndForeignLookAlike(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner, stranger := b.login("villager"), b.login("tourist")
	id := at[string](b.file(owner, nil), "id")
	foreign := b.send("GET", "/api/v1/submissions/"+id, stranger, nil)
	for _, guess := range []string{"hk-0000000000000000", "zz-0000000000000000", "nonsense", "hk-", "-", strings.Repeat("a", 500)} {
		r := b.send("GET", "/api/v1/submissions/"+guess, stranger, nil)
		if r.Status != foreign.Status || string(r.Body) != string(foreign.Body) {
			t.Errorf("%.20s: %d %s, a stranger's: %d %s", guess, r.Status, r.Body, foreign.Status, foreign.Body)
		}
	}
}

// A member whose binding moved to another WeChat, and a left session, are out
// with the next request.
func TestRoleEndsAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.as("ma", "hk", "member", "m1")
	b.want(b.send("GET", "/api/v1/inbox", first, nil), 200)
	second := b.as("ma-new-phone", "hk", "member", "m1")
	b.problem(b.send("GET", "/api/v1/inbox", first, nil), 403, "denied")
	b.want(b.send("GET", "/api/v1/inbox", second, nil), 200)
}

// Fields by role: what each reader of one submission is shown, and never more.
func TestFieldsByRole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	liaison := b.as("sun", "hk", "liaison", "l1")
	always := []string{
		"id", "number", "station", "station_name", "station_phone", "target", "kind", "kind_name", "category",
		"category_name", "visitor", "state", "state_name", "version", "text", "photos", "anonymous", "about_member",
		"assignee", "reasons", "channel", "channel_name", "persons", "filed_at", "due_at", "first_due_at", "timeline",
	}
	person, has := []string{"phone_mask", "on_behalf_of"}, []string{"return", "call"}
	for _, anonymous := range []bool{false, true} {
		s := b.file(visitor, map[string]any{
			"anonymous": anonymous, "category": "travel",
			"contact":      map[string]any{"phone": "13800138000"},
			"on_behalf_of": map[string]any{"name": "李桂花", "relation": "母亲", "phone": "13912345678"},
		})
		for reader, allowed := range map[string][]string{
			visitor: slices.Concat(always, person), liaison: slices.Concat(always, person), ma: slices.Concat(always, person, has),
		} {
			if reader == ma && anonymous {
				allowed = slices.Concat(always, has)
			}
			r := b.send("GET", "/api/v1/submissions/"+at[string](s, "id"), reader, nil)
			b.want(r, 200)
			for name := range r.JSON(t) {
				if !slices.Contains(allowed, name) {
					t.Errorf("anonymous %v: %s is shown to a reader it is not for", anonymous, name)
				}
			}
			for _, secret := range []string{"13800138000", "13912345678", "person-", "openid", "filer"} {
				if strings.Contains(string(r.Body), secret) {
					t.Errorf("anonymous %v: %s is shown: %s", anonymous, secret, r.Body)
				}
			}
			if reader == ma && anonymous && strings.Contains(string(r.Body), "李桂花") {
				t.Error("the member reads the name of an unnamed visitor's mother")
			}
		}
		for _, list := range []struct{ path, token string }{
			{"/api/v1/inbox", ma}, {"/api/v1/submissions", visitor}, {"/api/v1/station/submissions", liaison},
		} {
			r := b.send("GET", list.path, list.token, nil)
			b.want(r, 200)
			if strings.Contains(string(r.Body), "13800138000") {
				t.Errorf("%s shows a phone number", list.path)
			}
		}
	}
}

// The liaison sees the number, and only after that was written down.
func TestPhone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison := b.login("villager"), b.as("sun", "hk", "liaison", "l1")
	s := b.file(visitor, map[string]any{
		"contact":      map[string]any{"phone_code": b.emu.PhoneCode("13800138000")},
		"on_behalf_of": map[string]any{"name": "李桂花", "relation": "母亲", "phone": "13912345678"},
	})
	path := "/api/v1/submissions/" + at[string](s, "id") + "/phone"
	b.problem(b.send("POST", path, liaison, `{"reason":" "}`), 422, "invalid")
	b.problem(b.send("POST", path, liaison, `{}`), 422, "invalid")
	r := b.send("POST", path, liaison, `{"reason":"回访核实"}`)
	b.want(r, 200)
	if m := r.JSON(t); m["phone"] != "13800138000" || m["on_behalf_of_phone"] != "13912345678" {
		t.Errorf("numbers %v", m)
	}
	none := b.file(visitor, nil)
	b.problem(b.send("POST", "/api/v1/submissions/"+at[string](none, "id")+"/phone", liaison, `{"reason":"回访核实"}`), 404, "not_found")
	for _, secret := range []string{"13800138000", "13912345678", at[string](s, "id"), "person-", liaison, "停车场", "回访"} {
		if strings.Contains(b.log.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
	if !strings.Contains(b.log.String(), `"route":"`+sub+`/phone"`) {
		t.Error("the log lacks the route: ", b.log.String())
	}
}

// A held text is the liaison's until they looked at it.
func TestHeld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	liaison := b.as("sun", "hk", "liaison", "l1")
	for text, hold := range map[string]string{"测试违规": "risky", "测试复审": "review", "测试未活跃": "inactive"} {
		s := b.file(visitor, map[string]any{"text": text})
		if s["state"] != "held" || s["hold"] != nil || len(at[[]any](s, "reasons")) == 0 {
			t.Errorf("%s: the visitor sees %v, hold %v", text, s["state"], s["hold"])
		}
		path := "/api/v1/submissions/" + at[string](s, "id")
		b.problem(b.send("GET", path, ma, nil), 404, "not_found")
		r := b.send("GET", path, liaison, nil)
		b.want(r, 200)
		if got := r.JSON(t)["hold"]; got != hold {
			t.Errorf("%s: hold %v, want %s", text, got, hold)
		}
		s = b.done(liaison, s, "assign", map[string]any{"to": "m1", "reason": "内容无碍"})
		b.want(b.send("GET", path, ma, nil), 200)
		if s["hold"] != nil {
			t.Errorf("%s: still held after assigning: %v", text, s["hold"])
		}
	}
}

func TestStationQueries(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison := b.login("villager"), b.as("sun", "hk", "liaison", "l1")
	a := b.file(visitor, map[string]any{"text": "公厕没有水"})
	c := b.file(visitor, map[string]any{"scene": codeOfHe, "kind": "inquiry", "text": "报名时间"})
	for query, want := range map[string][]string{
		"": {at[string](a, "id"), at[string](c, "id")}, "kind=inquiry": {at[string](c, "id")}, "member=m1": {at[string](a, "id")},
		"q=公厕": {at[string](a, "id")}, "state=assigned": {at[string](a, "id"), at[string](c, "id")}, "state=closed": {},
		fmt.Sprint("q=", c["number"]): {at[string](c, "id")},
		"state=open,closed":           {at[string](a, "id"), at[string](c, "id")}, "state=over": {}, "kind=inquiry,dispute&member=-": {},
		"sort=oldest&limit=2": {at[string](a, "id"), at[string](c, "id")}, "flag=danger,untold": {}, "visitor=resident&from=2026-05-11&to=2026-05-11&q=%E5%85%AC%E5%8E%95%20%E6%B2%A1%E6%9C%89": {at[string](a, "id")},
	} {
		r := b.send("GET", "/api/v1/station/submissions?"+query, liaison, nil)
		b.want(r, 200)
		if got := ids(r.JSON(t)); !slices.Equal(sorted(got), sorted(want)) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	choices := b.send("GET", "/api/v1/station/choices", liaison, nil)
	b.want(choices, 200)
	if m := choices.JSON(t); obj(at[[]any](m, "members")[0])["id"] != "m1" || len(at[[]any](m, "sectors")) == 0 || len(at[[]any](m, "categories")) == 0 {
		t.Errorf("choices %v", m)
	}
	for _, bad := range []string{"state=gone", "state=open,gone", "flag=red", "sort=x", "due=x", "from=11.5.2026", "limit=101"} {
		b.problem(b.send("GET", "/api/v1/station/submissions?"+bad, liaison, nil), 422, "invalid")
	}
	r := b.send("GET", "/api/v1/station/submissions?state=assigned", liaison, nil)
	b.want(r, 200)
	if m := r.JSON(t); m["total"] != 2.0 || obj(m["states"])["assigned"] != 2.0 || obj(m["states"])["closed"] != 0.0 ||
		len(at[[]any](obj(at[[]any](m, "items")[0]), "flags")) != 0 {
		t.Errorf("%v", m)
	}
	r = b.send("POST", "/api/v1/station/submissions/assign", liaison, map[string]any{"to": "m2", "reason": "更熟悉", "items": []any{
		map[string]any{"id": a["id"], "version": 1}, map[string]any{"id": c["id"], "version": 7}, map[string]any{"id": "hk-0000000000000000", "version": 1},
	}})
	b.want(r, 200)
	given := at[[]any](r.JSON(t), "items")
	if one := obj(given[0]); one["code"] != "" || obj(one["before"])["id"] != "m1" || obj(obj(one["submission"])["assignee"])["id"] != "m2" {
		t.Errorf("given: %v", one)
	}
	for i, want := range map[int]string{1: "conflict", 2: "not_found"} {
		if one := obj(given[i]); one["code"] != want || one["detail"] == "" || one["submission"] != nil || one["before"] != nil {
			t.Errorf("not given: %v", one)
		}
	}
	r = b.send("GET", "/api/v1/station/today", liaison, nil)
	b.want(r, 200)
	m := r.JSON(t)
	if m["date"] != "2026-05-11" || m["assigned"] != 2.0 || m["pooled"] != 0.0 || m["oldest_waiting"] != nil {
		t.Errorf("today %v", m)
	}
	if duty := at[[]any](m, "on_duty"); len(duty) != 1 || obj(obj(duty[0])["member"])["name"] != "何淑英" {
		t.Errorf("on duty %v", m["on_duty"])
	}
}
