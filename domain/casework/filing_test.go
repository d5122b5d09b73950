package casework_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/intake"
	"mashang/domain/station"
)

var (
	roster = &station.Station{ID: "hh", Name: "黄河镇", Categories: []station.Category{{Key: "tour", Name: "文化旅游"}}}
	member = station.Target{Kind: station.ForMember, ID: "a"}
	place  = station.Target{Kind: station.ForPlace, ID: "p"}
)

func filing(change func(*casework.Filing)) casework.Filing {
	f := casework.Filing{Kind: casework.Complaint, Visitor: casework.Resident, Text: "路灯不亮"}
	if change != nil {
		change(&f)
	}
	return f
}

func TestFilingFaultsByName(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("字", n) }
	at := func(change func(*casework.Place)) func(*casework.Filing) {
		return func(f *casework.Filing) {
			f.Place = &casework.Place{Text: "码头", Lat: 36, Lng: 104, Coord: "gcj02"}
			change(f.Place)
		}
	}
	behalf := func(name, relation, phone string) func(*casework.Filing) {
		return func(f *casework.Filing) {
			f.OnBehalf = &casework.OnBehalf{Name: name, Relation: relation, Phone: phone}
		}
	}
	against := func(name, where string, fen int64) func(*casework.Filing) {
		return func(f *casework.Filing) {
			f.Against = &casework.Against{Name: name, Place: where, AmountFen: fen}
		}
	}
	heardBy := func(c intake.Channel, persons int, ago time.Duration) func(*casework.Filing) {
		return func(f *casework.Filing) {
			f.Intake = &intake.Intake{Channel: c, Persons: persons, HeardAt: noon.Add(-ago).UnixMilli()}
		}
	}
	for name, tc := range map[string]struct {
		change func(*casework.Filing)
		want   string // field names, in order, or "" when all is right
	}{
		"least":                  {nil, ""},
		"said on the phone":      {heardBy(intake.Call, 1, 0), ""},
		"twenty came":            {heardBy(intake.Reception, 20, 31*24*time.Hour), ""},
		"twenty-one came":        {heardBy(intake.Reception, 21, 0), "intake.persons"},
		"nobody came":            {heardBy(intake.Visit, 0, 0), "intake.persons"},
		"heard too long ago":     {heardBy(intake.Visit, 1, 31*24*time.Hour+time.Minute), "intake.heard_at"},
		"heard in the future":    {heardBy(intake.Visit, 1, -time.Minute), "intake.heard_at"},
		"scanned by the liaison": {heardBy(intake.Scan, 1, 0), "intake.channel"},
		"by pigeon":              {heardBy("pigeon", 1, 0), "intake.channel"},
		"no kind":                {func(f *casework.Filing) { f.Kind = "" }, "kind"},
		"other kind":             {func(f *casework.Filing) { f.Kind = "praise" }, "kind"},
		"no visitor":             {func(f *casework.Filing) { f.Visitor = "" }, "visitor"},
		"other visitor":          {func(f *casework.Filing) { f.Visitor = "member" }, "visitor"},
		"no words":               {func(f *casework.Filing) { f.Text = "" }, "text"},
		"a voice":                {func(f *casework.Filing) { f.Text, f.Voice = "", "f1" }, ""},
		"a photo says nothing":   {func(f *casework.Filing) { f.Text, f.Photos = "", []string{"f1"} }, "text"},
		"2000 characters":        {func(f *casework.Filing) { f.Text = long(2000) }, ""},
		"2001 characters":        {func(f *casework.Filing) { f.Text = long(2001) }, "text"},
		"2000 beyond the plane":  {func(f *casework.Filing) { f.Text = strings.Repeat("𠮷", 2000) }, ""},
		"9 photos":               {func(f *casework.Filing) { f.Photos = make([]string, 9) }, ""},
		"10 photos":              {func(f *casework.Filing) { f.Photos = make([]string, 10) }, "photos"},
		"known category":         {func(f *casework.Filing) { f.Category = "tour" }, ""},
		"unknown category":       {func(f *casework.Filing) { f.Category = "x" }, "category"},
		"good phone":             {func(f *casework.Filing) { f.Phone = "13800138000" }, ""},
		"bad phone":              {func(f *casework.Filing) { f.Phone = "1380013800" }, "contact.phone"},
		"until later":            {func(f *casework.Filing) { f.Until = noon.Add(time.Second) }, ""},
		"until now":              {func(f *casework.Filing) { f.Until = noon }, "until"},
		"until within a year":    {func(f *casework.Filing) { f.Until = noon.AddDate(1, 0, 0).Add(-time.Second) }, ""},
		"until in a year":        {func(f *casework.Filing) { f.Until = noon.AddDate(1, 0, 0) }, "until"},
		"place of 100":           {at(func(p *casework.Place) { p.Text = long(100) }), ""},
		"place of 101":           {at(func(p *casework.Place) { p.Text = long(101) }), "place.text"},
		"the southern Pacific":   {at(func(p *casework.Place) { p.Lat, p.Lng = -35.6, -103 }), "place.lat"},
		"the other way round":    {at(func(p *casework.Place) { p.Lat, p.Lng = 103, 35.6 }), "place.lat"},
		"no longitude":           {at(func(p *casework.Place) { p.Lng = 0 }), "place.lng"},
		"no latitude":            {at(func(p *casework.Place) { p.Lat = 0 }), "place.lat"},
		"the far north":          {at(func(p *casework.Place) { p.Lat, p.Lng = 53.5, 123.3 }), ""},
		"the far south":          {at(func(p *casework.Place) { p.Lat, p.Lng = 3.97, 112.3 }), ""},
		"no number":              {at(func(p *casework.Place) { p.Lat, p.Lng = math.NaN(), math.NaN() }), "place.lat"},
		"wgs84":                  {at(func(p *casework.Place) { p.Coord = "wgs84" }), ""},
		"unnamed coordinates":    {at(func(p *casework.Place) { p.Coord = "" }), "place.coord"},
		"other coordinates":      {at(func(p *casework.Place) { p.Coord = "bd09" }), "place.coord"},
		"a system without place": {at(func(p *casework.Place) { p.Lat, p.Lng, p.Coord = 0, 0, "bd09" }), "place.coord"},
		"words alone":            {at(func(p *casework.Place) { p.Lat, p.Lng, p.Coord = 0, 0, "" }), ""},
		"for a neighbour":        {behalf("王奶奶", "邻居", ""), ""},
		"and phone":              {behalf("王奶奶", "邻居", "09311234567"), ""},
		"for nobody":             {behalf("", "", ""), "on_behalf_of.name on_behalf_of.relation"},
		"long names":             {behalf(long(41), long(41), ""), "on_behalf_of.name on_behalf_of.relation"},
		"names of 40":            {behalf(long(40), long(40), ""), ""},
		"their bad phone":        {behalf("王奶奶", "邻居", "123"), "on_behalf_of.phone"},
		"against a farm":         {against("红旗农家乐", "河口村", 12_800), ""},
		"against nobody":         {against("", "河口村", 0), "against.name"},
		"against long names":     {against(long(101), long(101), 0), "against.name against.place"},
		"against names of 100":   {against(long(100), long(100), 0), ""},
		"less than nothing":      {against("x", "", -1), "against.amount_fen"},
		"a thousand million":     {against("x", "", casework.MaxAmountFen), ""},
		"and a fen":              {against("x", "", casework.MaxAmountFen+1), "against.amount_fen"},
		"everything at once": {func(f *casework.Filing) {
			*f = casework.Filing{Category: "x", Phone: "1", Until: noon, Photos: make([]string, 10), AboutMember: true}
		}, "about_member category contact.phone kind photos text until visitor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wrong(t, filing(tc.change).Check(roster, place, noon))
			same(t, "wrong fields", tc.want, strings.Join(got, " "))
		})
	}
}

func TestAMatterAboutAMemberSaysWhich(t *testing.T) {
	t.Parallel()
	about := filing(func(f *casework.Filing) { f.AboutMember = true })
	same(t, "their code", []string(nil), wrong(t, about.Check(roster, member, noon)))
	same(t, "a place", []string{"about_member"}, wrong(t, about.Check(roster, place, noon)))
	about.Against = &casework.Against{Name: "张三"}
	same(t, "a place and a name", []string(nil), wrong(t, about.Check(roster, place, noon)))
}

func TestTheCountIsTold(t *testing.T) {
	t.Parallel()
	err := filing(func(f *casework.Filing) { f.Text = strings.Repeat("字", 2345) }).Check(roster, place, noon)
	if m := faultOf(t, err).Message; !strings.Contains(m, "2345") || !strings.Contains(m, "2000") {
		t.Errorf("%q does not say by how much", m)
	}
}
