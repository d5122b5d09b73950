package casework

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/intake"
	"mashang/domain/station"
)

// The limits of texts, in characters, and of attachments.
const (
	MaxText   = 2000
	MaxReason = 500
	MaxName   = 40
	MaxPlace  = 100
	MaxPhotos = 9
	// MaxAmountFen is a thousand million yuan.
	MaxAmountFen = 100_000_000_000
)

// Runes counts characters, the unit of every limit.
func Runes(s string) int { return utf8.RuneCountInString(s) }

// Filing is what a visitor sends, cleaned but not yet checked. Its phone numbers are in clear and are encrypted
// before they are stored.
type Filing struct {
	Kind        Kind
	Category    string
	Visitor     Visitor
	Text        string
	Photos      []string
	Voice       string
	Place       *Place
	Phone       string
	Until       time.Time
	Anonymous   bool
	OnBehalf    *OnBehalf
	Against     *Against
	AboutMember bool
	// Intake is how a liaison heard it, nil for a filer's own.
	Intake *intake.Intake `json:",omitempty"`
}

// Check names every wrong field, or returns nil. Only what happened is compulsory.
func (f Filing) Check(st *station.Station, target station.Target, now time.Time) error {
	var c fault.Check
	c.Require(slices.Contains(Kinds, f.Kind), "kind", "请选择诉求类型")
	c.Require(f.Visitor.Chinese() != "", "visitor", "身份须为群众、游客或商户")
	c.Require(f.Text != "" || f.Voice != "", "text", "请写下或说出发生了什么事")
	c.Require(Runes(f.Text) <= MaxText, "text", "内容最多 %d 字，现在有 %d 字", MaxText, Runes(f.Text))
	c.Require(len(f.Photos) <= MaxPhotos, "photos", "照片最多 %d 张", MaxPhotos)
	if f.Category != "" {
		_, ok := st.Category(f.Category)
		c.Require(ok, "category", "没有这个类别，请重新选择")
	}
	c.Require(f.Phone == "" || ValidPhone(f.Phone), "contact.phone", "电话号码有误，请核对（座机请加区号）；不方便留电话可以不填")
	if !f.Until.IsZero() {
		c.Require(f.Until.After(now), "until", "可联系的截止时间已经过去，请重新选择")
		c.Require(f.Until.Before(now.AddDate(1, 0, 0)), "until", "可联系的截止时间太远，请选择一年以内")
	}
	c.Require(!f.AboutMember || target.Kind == station.ForMember || f.Against != nil, "about_member", "请写明反映的是哪位委员")
	f.checkParts(&c, now)
	return c.Err()
}

func (f Filing) checkParts(c *fault.Check, now time.Time) {
	if p := f.Place; p != nil {
		c.Require(Runes(p.Text) <= MaxPlace, "place.text", "地点最多 %d 字", MaxPlace)
		has := p.Lat != 0 || p.Lng != 0
		c.Require(p.Lat != 0 || !has, "place.lat", "位置只有经度，缺少纬度；请在地图上重新选点，或只写地点")
		c.Require(p.Lng != 0 || !has, "place.lng", "位置只有纬度，缺少经度；请在地图上重新选点，或只写地点")
		c.Require(p.Lat == 0 || p.Lng == 0 || station.Located(p.Lat, p.Lng), "place.lat", "位置不在中国境内；请在地图上重新选点，或只写地点")
		c.Require(p.Coord == "gcj02" || p.Coord == "wgs84" || !has && p.Coord == "", "place.coord", "坐标系须为 gcj02 或 wgs84")
	}
	if o := f.OnBehalf; o != nil {
		c.Require(o.Name != "", "on_behalf_of.name", "请填写当事人姓名")
		c.Require(Runes(o.Name) <= MaxName, "on_behalf_of.name", "姓名最多 %d 字", MaxName)
		c.Require(o.Relation != "", "on_behalf_of.relation", "请填写您与当事人的关系")
		c.Require(Runes(o.Relation) <= MaxName, "on_behalf_of.relation", "关系最多 %d 字", MaxName)
		c.Require(o.Phone == "" || ValidPhone(o.Phone), "on_behalf_of.phone", "当事人电话有误，请核对（座机请加区号）")
	}
	f.Intake.Check(c, now)
	if a := f.Against; a != nil {
		c.Require(a.Name != "", "against.name", "请填写被投诉的商户、地点或人")
		c.Require(Runes(a.Name) <= MaxPlace, "against.name", "名称最多 %d 字", MaxPlace)
		c.Require(Runes(a.Place) <= MaxPlace, "against.place", "地点最多 %d 字", MaxPlace)
		c.Require(a.AmountFen >= 0 && a.AmountFen <= MaxAmountFen, "against.amount_fen", "金额有误")
	}
}

// NormalPhone returns a number as it is dialled within China, without separators; see [fold.Phone]. +86 138
// 0013 8000 and 0086… become 13800138000, +86 931 … becomes 0931….
func NormalPhone(s string) string { return strings.ReplaceAll(fold.Phone(s), "-", "") }

// ValidPhone accepts a normalized mainland mobile number (11 digits from 13 to 19), a landline with its area
// code, a 400 or 800 service number, or a foreign number with its country code (ITU-T E.164: at most 15
// digits).
func ValidPhone(s string) bool {
	digits := strings.TrimPrefix(s, "+")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return false
	}
	switch s[0] {
	case '+':
		return len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0' && !strings.HasPrefix(digits, "86")
	case '1':
		return len(s) == 11 && s[1] >= '3'
	case '0':
		return len(s) >= 10 && len(s) <= 12 && s[1] != '0'
	default:
		return len(s) == 10 && (strings.HasPrefix(s, "400") || strings.HasPrefix(s, "800"))
	}
}

// MaskPhone shows the first three and last four characters, or the last two of a number shorter than a
// mobile's. At least four stay hidden in any mobile or landline number.
func MaskPhone(s string) string {
	r := []rune(s)
	head, tail := 3, 4
	if len(r) < 11 {
		head, tail = 0, min(2, len(r))
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}
