package desk

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/casework"
	"mashang/fold"
	"mashang/station"
)

// A person in the chat names a matter by its number, 261123-0047, or by its last
// digits. Phones, keyboards and habits write that in many ways; whatever reads as
// the number of one of their matters decides, or is asked back.

// addressing is what a text says of the matter it is for.
type addressing struct {
	// to is the matter it is surely for, nil for none.
	to *casework.Submission
	// rest is the text without the number, if to is set.
	rest string
	// maybe are those it could be for, and unknown is a number that is none of
	// them; ask is the question about either.
	maybe   []casework.Submission
	unknown string
	ask     string
}

// run is a row of digits in a folded text.
type run struct{ from, to int }

var (
	digitRuns = regexp.MustCompile(`[0-9]+`)
	// joints stand between the halves of a number: a dash, what is mistaken for
	// one, or nothing but blanks.
	joints = regexp.MustCompile(`^ ?[-_~/.·=+一:]? ?$`)
	// named stands in front of what is surely meant as a number, hinted where it
	// is so if one has that number.
	named = regexp.MustCompile(`(?:#|编号|单号|工单|受理号|诉求号|号码|尾号|[末后]四位|(?:^|[^a-z])n[or]|number)[ .:#,是为"'(\[{<【〔《「『]*$`)
	hints = regexp.MustCompile(`(?:关于|对于|至于|针对|[答回]复|补充|第|[(\[{<【〔《「『"'])[ :"'(\[{<【〔《「『]*$`)
	// units make a quantity, a time or a place of the digits before them.
	units = regexp.MustCompile(`^ ?(?:元|块|角|毛钱|分|万|千|百|亿|%|‰|年|月|日|号楼|号院|号房|号门|号店|号铺|号线|号公路|号桌|栋|幢|座|室|房|楼|层|单元|户|人|名|位|次|个|件|米|m|公里|km|平|亩|斤|公斤|kg|克|吨|度|千瓦|点|时|小时|秒|天|周|℃|路|级|期|届|页|条|套|台|辆|字|只|头|棵|盏)`)
	// quantities that have no leading zero.
	places = regexp.MustCompile(`^ ?(?:年|月|日|号楼|号院|号房|号门|号店|号铺|号桌|栋|幢|座|室|房|楼|层|单元)`)
	// kinds of numbers that are written before the digits.
	valued = regexp.MustCompile(`(?:[¥$€]|人民币|电话|手机|座机|热线|tel|邮编|车牌|微信|qq|门牌|房号|栋|楼|室|单元|年)[ :.]*$`)
	// others are numbers of other kinds, which hold rows of digits of their own.
	others = []*regexp.Regexp{
		regexp.MustCompile(`1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}`),                                      // a mobile phone
		regexp.MustCompile(`0[1-9][0-9]{1,2}[ -][0-9]{3,4}[ -]?[0-9]{4}`),                                // a telephone
		regexp.MustCompile(`[48]00[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}`),                                       // a hotline
		regexp.MustCompile(`(?:19|20)[0-9]{2} ?[-/.年] ?[0-9]{1,2}(?: ?[-/.月] ?[0-9]{1,2}[日号]?)?`),        // a date
		regexp.MustCompile(`[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?`),                                          // a time of day
		regexp.MustCompile(`[0-9]+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?`),                       // an amount
		regexp.MustCompile(`(?:[0-9]+(?:[-/][0-9]+){2,})|[0-9]{17}[0-9x]|[0-9]{1,3}(?:\.[0-9]{1,3}){3}`), // chains of digits
	}
	// openers and closers stand around an address at the beginning or end.
	openers = regexp.MustCompile(`^(?:#|编号|单号|工单|受理号|诉求号|尾号|关于|对于|至于|针对|[答回]复|补充|no|nr|number|第|[ .:,是为"'(\[{<【〔《「『])*$`)
	words   = regexp.MustCompile(`关于|对于|至于|针对|[答回]复|补充|第`)
	closers = regexp.MustCompile(`^(?:号|[ .:,;!?、。"')\]}>】〕》」』#-])*`)
	tails   = regexp.MustCompile(`(?:#|编号|单号|工单|受理号|诉求号|尾号|no|nr|[ .:,;、。"'(\[{<【〔《「『-])*$`)
)

// addressed reads which of mine a text is for.
func addressed(text string, mine []casework.Submission, now time.Time) addressing {
	m := fold.Mapped(text)
	key := m.Key
	var runs []run
	for _, i := range digitRuns.FindAllStringIndex(key, -1) {
		runs = append(runs, run{i[0], i[1]})
	}
	r := reading{text: text, m: m, mine: mine}
	packed := strings.ReplaceAll(key, " ", "")
	for i := 0; i < len(runs); i++ {
		if n := r.whole(runs[i:], now); n > 0 {
			i += n - 1
			continue
		}
		if n := otherwise(key, runs[i:]); n > 0 {
			i += n - 1
			continue
		}
		r.short(runs[i])
	}
	if len(r.sure)+len(r.maybe) == 0 {
		// A number that other digits run into is asked about.
		for _, s := range mine {
			if strings.Contains(packed, s.Number) || strings.Contains(packed, strings.ReplaceAll(s.Number, "-", "")) {
				r.doubted([]casework.Submission{s}, s.Number, false)
			}
		}
	}
	return r.settle()
}

// reading gathers what a text's rows of digits mean.
type reading struct {
	text string
	m    fold.Map
	mine []casework.Submission

	sure    []casework.Submission
	at      run // of the first sure one
	maybe   []casework.Submission
	doubt   string // the digits that maybe is about
	leading bool   // they stand in front
	several string // digits that several have
	unknown string
}

// whole reads a whole number at the beginning of the runs and returns how many of
// them it is, 0 for none.
func (r *reading) whole(runs []run, now time.Time) int {
	key, first := r.m.Key, runs[0]
	digits, end, n := key[first.from:first.to], first.to, 1
	dashed := false
	if len(digits) == 6 && len(runs) > 1 && joints.MatchString(key[first.to:runs[1].from]) {
		if next := key[runs[1].from:runs[1].to]; len(next) >= 4 && len(next) <= 6 {
			dashed = strings.ContainsAny(key[first.to:runs[1].from], "-_~")
			digits, end, n = digits+next, runs[1].to, 2
		}
	}
	if len(digits) < 10 || len(digits) > 12 {
		return 0
	}
	number := digits[:6] + "-" + digits[6:]
	for _, s := range r.mine {
		if s.Number == number {
			r.add(s, run{first.from, end})
			return n
		}
	}
	day, err := time.ParseInLocation("060102", digits[:6], station.Zone)
	lately := err == nil && !day.After(now) && now.Sub(day) < 3*366*24*time.Hour
	if lately && (dashed || len(digits) == 10) && r.unknown == "" {
		r.unknown = number
		return n
	}
	if lately && dashed {
		return n
	}
	return 0
}

// otherwise returns how many of the runs are part of a number of another kind.
func otherwise(key string, runs []run) int {
	from := runs[0].from
	for _, other := range others {
		at := other.FindStringIndex(key[from:])
		if at == nil || at[0] != 0 {
			continue
		}
		end := from + at[1]
		n := 0
		for n < len(runs) && runs[n].to <= end {
			n++
		}
		if n > 0 && (n == len(runs) || runs[n].from >= end) {
			return n
		}
	}
	return 0
}

// short reads the last digits of a number.
func (r *reading) short(d run) {
	key := r.m.Key
	digits, before, after := key[d.from:d.to], key[:d.from], key[d.to:]
	isNamed := named.MatchString(before) || strings.HasSuffix(before, "第") && strings.HasPrefix(after, "号")
	hits := r.having(digits)
	if strings.HasPrefix(after, "号") && !places.MatchString(after) {
		after = after[len("号"):]
	}
	unit := units
	if strings.HasPrefix(digits, "0") {
		unit = places
	}
	leads := openers.MatchString(before)
	gap := leads && r.gap(d)
	hinted := hints.MatchString(before)
	switch {
	case isNamed && len(r.beginning(digits)) > 0:
		r.doubted(r.beginning(digits), digits, leads) // other digits run into it
	case len(digits) > 6:
	case unit.MatchString(key[d.to:]) || unit.MatchString(after) || valued.MatchString(before):
		// A quantity, a time, a place: no number of ours.
	case len(digits) < 4:
		if isNamed && len(hits) > 0 {
			r.doubted(hits, digits, leads)
		}
	case len(hits) == 0:
		if r.unknown == "" && (isNamed || gap || hinted && digits[0] == '0') {
			r.unknown = digits
		}
	case len(hits) > 1:
		r.several = digits
		r.maybe = append(r.maybe, hits...)
	case isNamed || hinted || gap:
		r.add(hits[0], d)
	default:
		r.doubted(hits, digits, leads)
	}
}

// having are the matters whose number ends so; leading zeros may be left out.
func (r *reading) having(digits string) (hits []casework.Submission) {
	for _, s := range r.mine {
		_, last, _ := strings.Cut(s.Number, "-")
		if last == digits || len(digits) < 4 && strings.TrimLeft(last, "0") == strings.TrimLeft(digits, "0") {
			hits = append(hits, s)
		}
	}
	return hits
}

// beginning are the matters whose last digits are followed by more digits in a row.
func (r *reading) beginning(digits string) (hits []casework.Submission) {
	for _, s := range r.mine {
		if _, last, _ := strings.Cut(s.Number, "-"); len(digits) > len(last) && strings.HasPrefix(digits, last) {
			hits = append(hits, s)
		}
	}
	return hits
}

// gap reports whether the digits are followed by a blank or a sign, or by nothing.
func (r *reading) gap(d run) bool {
	_, end := r.m.Span(d.from, d.to)
	rest := r.text[end:]
	if rest == "" {
		return true
	}
	c, _ := utf8.DecodeRuneInString(rest)
	return !fold.Visible(string(c)) || strings.ContainsRune("，,：:。、；;.)）]】」』》>”’\"'!！?？-—－", c)
}

func (r *reading) add(s casework.Submission, at run) {
	if len(r.sure) == 0 {
		r.at = at
	}
	if !slices.ContainsFunc(r.sure, func(o casework.Submission) bool { return o.ID == s.ID }) {
		r.sure = append(r.sure, s)
	}
}

func (r *reading) doubted(hits []casework.Submission, digits string, leading bool) {
	r.maybe, r.doubt, r.leading = append(r.maybe, hits...), digits, leading
}

// settle decides, or says what to ask.
func (r *reading) settle() addressing {
	one := len(r.sure) == 1
	if one {
		// Digits that could be another's are not overlooked, the matter's own are.
		r.maybe = slices.DeleteFunc(r.maybe, func(s casework.Submission) bool { return s.ID == r.sure[0].ID })
		if r.several != "" {
			_, last, _ := strings.Cut(r.sure[0].Number, "-")
			if last == r.several {
				r.maybe = nil
			}
		}
	}
	switch {
	case one && len(r.maybe) == 0:
		return addressing{to: &r.sure[0], rest: r.rest()}
	case len(r.sure) > 0:
		list := append(slices.Clone(r.sure), r.maybe...)
		return addressing{maybe: list, ask: "这段话里提到了多件诉求的编号，没有发出。请每件分开发，编号写在最前面。\n" + which(distinct(list))}
	case r.several != "":
		return addressing{maybe: r.maybe, ask: "有多件诉求的编号以 " + r.several + " 结尾，请写完整编号。\n" + which(distinct(r.maybe))}
	case len(r.maybe) > 0 && r.leading:
		return addressing{maybe: r.maybe, ask: "不能确定开头的 " + r.doubt + " 是不是编号，没有发出。要答复这一件，请在编号后加空格；不是编号，请先写上编号再写内容。\n" + which(distinct(r.maybe))}
	case len(r.maybe) > 0:
		return addressing{maybe: r.maybe, ask: "不能确定 " + r.doubt + " 是不是编号，没有发出。请把要答复的那件的编号写在最前面，再写内容。\n" + which(distinct(r.maybe))}
	case r.unknown != "":
		return addressing{unknown: r.unknown}
	default:
		return addressing{}
	}
}

// distinct leaves out what is there twice.
func distinct(list []casework.Submission) (out []casework.Submission) {
	for _, s := range list {
		if !slices.ContainsFunc(out, func(o casework.Submission) bool { return o.ID == s.ID }) {
			out = append(out, s)
		}
	}
	return out
}

// rest is the text without the address at its beginning or end; in the middle it
// is part of what is said.
func (r *reading) rest() string {
	key := r.m.Key
	before, after := key[:r.at.from], key[r.at.to:]
	end := r.at.to + len(closers.FindString(after))
	switch {
	case openers.MatchString(before) && (!words.MatchString(before) || end > r.at.to):
		if end == len(key) {
			return ""
		}
		from, _ := r.m.Span(end, len(key))
		return strings.TrimSpace(r.text[from:])
	case end == len(key):
		from := r.at.from - len(tails.FindString(before))
		if from == 0 || words.MatchString(before[max(0, from-len("关于")):]) {
			return r.text
		}
		_, to := r.m.Span(0, from)
		return strings.TrimSpace(r.text[:to])
	default:
		return r.text
	}
}
