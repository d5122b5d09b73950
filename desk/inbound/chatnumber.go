package inbound

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/numbers"
	"mashang/domain/station"
)

// A person in the chat names a matter by its number, 261123-0047, or by its last
// digits. Phones, keyboards and habits write that in many ways; whatever reads as
// the number of one of their matters decides, or is asked back.

// address is what a text says of the matter it is for.
type address struct {
	// to is the matter it is surely for, nil for none.
	to *casework.Submission
	// rest is the text without the number, if to or same is set.
	rest string
	// maybe are those it could be for, ask is the question about them, and same
	// tells that they have one number. unknown is a number that is none of theirs.
	maybe   []casework.Submission
	ask     string
	same    bool
	unknown string
}

var (
	// openers and closers stand around an address at the beginning or end.
	openers = regexp.MustCompile(`^[答回]?(?:` + numbers.Words + `|` + numbers.Letters + `|` + numbers.AboutWords + `|[ .:,@*是为"'(\[{<【〔《「『])*$`)
	words   = regexp.MustCompile(numbers.AboutWords)
	closers = regexp.MustCompile(`^[ .:,;!?、。"')\]}>】〕》」』#-]*`)
	tails   = regexp.MustCompile(`(?:` + numbers.Words + `|` + numbers.Letters + `|[ .:,;、。"'(\[{<【〔《「『-])*$`)

	// counters stand right behind a number, of which markers make no quantity of it.
	counters = regexp.MustCompile(`^[号件#]`)
	markers  = regexp.MustCompile(`^[号#]`)
	// dayOf joins a day and a count of it: 11月23日第47件.
	dayOf = regexp.MustCompile(`^[日号]的?(第?)$`)
	// likeDigits are four signs in front that a number is mistyped with.
	likeDigits   = regexp.MustCompile(`^[0-9oil]{4}\b`)
	letterDigits = strings.NewReplacer("o", "0", "i", "1", "l", "1")
	// years begin a day.
	years = regexp.MustCompile(`^(?:20[0-9]{2}[-/.年]|[0-9]{2}年)[0-9]`)
	// signs are what is written between the digits of one number.
	signs = regexp.MustCompile(`[ ._·/年月日-]`)
)

// parseAddress reads which of mine a text is for.
func parseAddress(text string, mine []casework.Submission, now time.Time) address {
	m := fold.Mapped(text)
	r := addressParser{text: text, m: m, mine: mine, now: now}
	runs := runsOf(m.Key)
	for i := 0; i < len(runs); i++ {
		n := 0
		for _, read := range []func([]run) int{r.whole, r.ofDay, r.apart, func(runs []run) int { return matchOther(m.Key, runs) }} {
			if n = read(runs[i:]); n > 0 {
				break
			}
		}
		if n > 0 {
			i += n - 1
			continue
		}
		r.short(runs[i])
	}
	if len(r.sure)+len(r.maybe) == 0 {
		r.mistyped()
	}
	if len(r.sure)+len(r.maybe) == 0 {
		// A number that other digits or signs run into is asked about.
		packed := signs.ReplaceAllString(spelled(m.Key), "")
		for _, s := range mine {
			if strings.Contains(packed, strings.ReplaceAll(s.Number, "-", "")) {
				r.doubted([]casework.Submission{s}, s.Number, false)
			}
		}
	}
	return r.settle()
}

// addressParser gathers what a text's rows of digits mean.
type addressParser struct {
	text string
	m    fold.Map
	mine []casework.Submission
	now  time.Time

	sure    []casework.Submission
	at      run // of the first sure one, or of what several have
	maybe   []casework.Submission
	doubt   string // the digits that maybe is about
	leading bool   // they stand in front
	several string // digits that several have
	unknown string
}

// whole reads a whole number at the beginning of the runs and returns how many of
// them it is, 0 for none. Behind a sign its second half may lack its zeros.
func (r *addressParser) whole(runs []run) int {
	key, first := r.m.Key, runs[0]
	digits, end, n := first.digits, first.to, 1
	if (len(digits) == 8 || len(digits) >= 12) && strings.HasPrefix(digits, "20") {
		if _, err := time.ParseInLocation("20060102", digits[:8], station.Zone); err == nil {
			digits = digits[2:] // the year in full
		}
	}
	dashed, halved := false, false
	if len(digits) == 6 && len(runs) > 1 && joints.MatchString(key[first.to:runs[1].from]) {
		joint, next := key[first.to:runs[1].from], runs[1]
		chained := len(runs) > 2 && strings.ContainsAny(key[next.to:runs[2].from], "-/") && runs[2].from-next.to == 1
		if len(next.digits) <= 6 && (len(next.digits) >= 4 || !chained) {
			dashed = strings.ContainsAny(joint, "-_~")
			halved = len(next.digits) < 4
			digits, end, n = digits+numbers.End(next.digits), next.to, 2
			if halved && !dashed && !strings.ContainsAny(joint, "·/") {
				return r.half(digits, run{first.from, end, digits})
			}
		}
	}
	if len(digits) < 10 || len(digits) > 12 {
		return 0
	}
	number := digits[:6] + "-" + digits[6:]
	hits := r.numbered(func(s casework.Submission) bool { return s.Number == number })
	if len(hits) > 0 {
		r.found(hits, number, run{first.from, end, digits})
		return n
	}
	day, err := time.ParseInLocation("060102", digits[:6], station.Zone)
	lately := err == nil && !day.After(r.now) && r.now.Sub(day) < 3*366*24*time.Hour
	if lately && (dashed || len(digits) == 10 && !halved) && r.unknown == "" {
		r.unknown = number
		return n
	}
	if lately && dashed {
		return n
	}
	return 0
}

// half asks about two numbers in a row that may be the halves of one.
func (r *addressParser) half(digits string, at run) int {
	hits := r.numbered(func(s casework.Submission) bool { return s.Number == digits[:6]+"-"+digits[6:] })
	if len(hits) == 0 {
		return 0
	}
	r.doubted(hits, r.m.Key[at.from:at.to], openers.MatchString(r.m.Key[:at.from]))
	return 2
}

// ofDay reads a day, with its year or without, and which matter of it.
func (r *addressParser) ofDay(runs []run) int {
	key := r.m.Key
	if years.MatchString(key[runs[0].from:]) && len(runs) > 3 {
		if n := r.ofDay(runs[1:]); n > 0 {
			return n + 1
		}
		return 0
	}
	if len(runs) < 3 || len(runs[0].digits) > 2 || len(runs[1].digits) > 2 || len(runs[2].digits) > 6 {
		return r.ofPlainDay(runs)
	}
	joint := dayOf.FindStringSubmatch(key[runs[1].to:runs[2].from])
	if joint == nil || key[runs[0].to:runs[1].from] != "月" {
		return r.ofPlainDay(runs)
	}
	d, after := runs[2], key[runs[2].to:]
	counted := strings.HasPrefix(after, "件") || strings.HasPrefix(after, "号") && !r.quantity(d)
	if joint[1] == "" && (!counted || strings.HasPrefix(after, "件")) || !counted && r.quantity(d) {
		return 0 // 12月4日3件: how many
	}
	day, last := numbers.End(runs[0].digits)[2:]+numbers.End(runs[1].digits)[2:], numbers.End(d.digits)
	hits := r.numbered(func(s casework.Submission) bool { return s.Number[2:] == day+"-"+last })
	at := run{runs[0].from, d.to, key[runs[0].from:d.to]}
	if strings.HasPrefix(after, "件") {
		at.to += len("件")
	}
	switch {
	case len(hits) > 0 && joint[1] != "":
		r.found(hits, at.digits, at)
	case len(hits) > 0:
		r.doubted(hits, at.digits, openers.MatchString(key[:at.from]))
	case joint[1] != "" && counted && r.unknown == "":
		r.unknown = at.digits
	default:
		return 0
	}
	return 3
}

// ofPlainDay asks about a day without its year that is written in digits and signs
// before the last ones: 1123-47, 11.23-47.
func (r *addressParser) ofPlainDay(runs []run) int {
	key, day, n := r.m.Key, "", 0
	for ; n < len(runs)-1 && len(day) < 4; n++ {
		if len(runs[n].digits) > 4 || !joints.MatchString(key[runs[n].to:runs[n+1].from]) {
			return 0
		}
		day += strings.Repeat("0", max(0, 2-len(runs[n].digits))) + runs[n].digits
	}
	if n == 0 || len(day) != 4 {
		return 0
	}
	d := runs[n]
	hits := r.numbered(func(s casework.Submission) bool { return s.Number[2:] == day+"-"+numbers.End(d.digits) })
	if len(hits) == 0 {
		return 0
	}
	r.doubted(hits, key[runs[0].from:d.to], openers.MatchString(key[:runs[0].from]))
	return n + 1
}

// apart reads last digits that are written with blanks or signs between them, and
// asks about them.
func (r *addressParser) apart(runs []run) int {
	key, digits := r.m.Key, ""
	for n, d := range runs {
		if len(d.digits) > 3 || n > 0 && !split.MatchString(key[runs[n-1].to:d.from]) {
			return 0
		}
		if digits += d.digits; len(digits) < 4 {
			continue
		}
		hits := r.having(digits)
		if n == 0 || len(digits) > 4 || digits[0] != '0' || len(hits) == 0 {
			return 0
		}
		r.doubted(hits, key[runs[0].from:d.to], openers.MatchString(key[:runs[0].from]))
		return n + 1
	}
	return 0
}

// mistyped asks about last digits in front in which letters stand for zeros and ones.
func (r *addressParser) mistyped() {
	word := likeDigits.FindString(r.m.Key)
	if hits := r.having(letterDigits.Replace(word)); strings.ContainsAny(word, "oil") && len(hits) > 0 {
		r.doubted(hits, word, true)
	}
}

// short reads the last digits of a number, or its day without the year and them.
func (r *addressParser) short(d run) {
	key, digits := r.m.Key, d.digits
	before, after := key[:d.from], key[d.to:]
	quantity := r.quantity(d)
	number := markers.MatchString(after) && r.behind(d, counters) && !quantity
	ordinal := strings.HasSuffix(before, "第") && (number || strings.HasPrefix(after, "件"))
	isNamed, hinted := named.MatchString(before) || ordinal, hints.MatchString(before)
	hits := r.having(digits)
	leads := openers.MatchString(before)
	gap := leads && (r.gap(d.from, d.to) || number && r.gap(d.from, d.to+len(markers.FindString(after))))
	switch {
	case isNamed && len(r.beginning(digits)) > 0:
		r.doubted(r.beginning(digits), digits, leads) // other digits run into it
	case len(digits) > 6 && len(hits) == 0:
	case quantity && !isNamed && (digits[0] != '0' || !leads && !hinted || r.behind(d, sites)) || valued.MatchString(before):
		// A quantity, a time, a place: no number of ours.
	case len(digits) < 4:
		one := gap && !enumerated.MatchString(after) || about.MatchString(before) || r.ends(d) ||
			leads && (pointing.MatchString(after) || number && numbers.End(digits) > "0031")
		several := one && len(r.mine) > 1 && !quantity
		switch {
		case len(hits) > 0 && (isNamed || several):
			r.doubted(hits, digits, leads)
		case len(hits) == 0 && named.MatchString(before) && !quantity && r.unknown == "":
			r.unknown = digits
		}
	case len(hits) == 0:
		zero := digits[0] == '0' // as no quantity has
		if r.unknown == "" && (isNamed && (zero || !quantity) || !quantity && (gap && (zero || !units.MatchString(after)) || hinted && zero)) {
			r.unknown = digits
		}
	case quantity && !isNamed:
		r.doubted(hits, digits, leads) // 0101室 is a room, 0047房屋已鉴定 is an answer
	case isNamed || hinted || gap || len(hits) > 1:
		r.found(hits, digits, d)
	default:
		r.doubted(hits, digits, leads)
	}
}

// quantity reports whether a unit stands right behind the digits. With a blank
// between them it begins an answer.
func (r *addressParser) quantity(d run) bool {
	unit := units
	if strings.HasPrefix(d.digits, "0") {
		unit = places
	}
	if r.behind(d, unit) {
		return true
	}
	after := r.m.Key[d.to:]
	if at := ranges.FindStringIndex(after); at != nil && r.behind(run{from: d.from, to: d.to + at[1]}, units) {
		return true
	}
	sign := markers.FindString(after)
	return sign != "" && r.behind(d, counters) && r.behind(run{from: d.from, to: d.to + len(sign)}, unit)
}

// behind reports whether what the pattern wants stands right behind the digits.
func (r *addressParser) behind(d run, unit *regexp.Regexp) bool {
	at := unit.FindStringIndex(r.m.Key[d.to:])
	if at == nil {
		return false
	}
	_, from := r.m.Span(d.from, d.to)
	_, to := r.m.Span(d.from, d.to+at[1])
	return !strings.ContainsFunc(r.text[from:to], func(c rune) bool { return !fold.Visible(string(c)) })
}

// numbered are mine that have such a number.
func (r *addressParser) numbered(has func(casework.Submission) bool) (hits []casework.Submission) {
	for _, s := range r.mine {
		if has(s) {
			hits = append(hits, s)
		}
	}
	return hits
}

// having are the matters whose number ends so, zeros left out in front, or the whole
// of it without the year or some of its zeros.
func (r *addressParser) having(digits string) []casework.Submission {
	return r.numbered(func(s casework.Submission) bool {
		day, last, _ := strings.Cut(s.Number, "-")
		end, whole := strings.CutPrefix(strings.TrimPrefix(digits, "20"), day)
		return last == numbers.End(digits) || day[2:]+last == digits || whole && last == numbers.End(end)
	})
}

// beginning are the matters whose last digits are followed by more digits in a row.
func (r *addressParser) beginning(digits string) (hits []casework.Submission) {
	return r.numbered(func(s casework.Submission) bool {
		_, last, _ := strings.Cut(s.Number, "-")
		return len(digits) > len(last) && strings.HasPrefix(digits, last)
	})
}

// gap reports whether what is there is followed by a blank or a sign, or by nothing.
func (r *addressParser) gap(i, j int) bool {
	_, end := r.m.Span(i, j)
	rest := r.text[end:]
	if rest == "" {
		return true
	}
	c, _ := utf8.DecodeRuneInString(rest)
	return !fold.Visible(string(c)) || strings.ContainsRune("，,：:。、；;.)）]】」』》>”’\"'!！?？-—－", c)
}

// ends reports whether the digits stand apart at the end of the text.
func (r *addressParser) ends(d run) bool {
	from, _ := r.m.Span(d.from, d.to)
	return closers.FindString(r.m.Key[d.to:]) == r.m.Key[d.to:] && trailing.MatchString(r.text[:from])
}

// found is of a number that one or more of mine have.
func (r *addressParser) found(hits []casework.Submission, digits string, at run) {
	if len(r.sure) == 0 && (len(hits) == 1 || len(r.maybe) == 0) {
		r.at = at
	}
	if len(hits) > 1 {
		r.several = digits
		r.maybe = distinct(append(r.maybe, hits...))
		return
	}
	r.sure = distinct(append(r.sure, hits...))
}

func (r *addressParser) doubted(hits []casework.Submission, digits string, leading bool) {
	r.maybe, r.doubt, r.leading = distinct(append(r.maybe, hits...)), digits, leading
}

// settle decides, or says what to ask.
func (r *addressParser) settle() address {
	one := len(r.sure) == 1
	if one {
		// Digits that could be another's are not overlooked, the matter's own are.
		r.maybe = slices.DeleteFunc(r.maybe, func(s casework.Submission) bool { return s.ID == r.sure[0].ID })
		if r.several != "" {
			_, last, _ := strings.Cut(r.sure[0].Number, "-")
			if last == numbers.End(r.several) {
				r.maybe = nil
			}
		}
	}
	switch {
	case one && len(r.maybe) == 0:
		return address{to: &r.sure[0], rest: r.rest()}
	case len(r.sure) > 0:
		return address{maybe: distinct(append(slices.Clone(r.sure), r.maybe...)), ask: "这段话里提到了多件诉求的编号，没有发出。请每件分开发，编号写在最前面。"}
	case r.several != "" && !slices.ContainsFunc(r.maybe, func(s casework.Submission) bool { return s.Number != r.maybe[0].Number }):
		return address{maybe: r.maybe, same: true, rest: r.rest(), ask: "有几个站的诉求编号都是 " + r.maybe[0].Number +
			"，没有发出。请在小程序里打开要说的那一件，从那里进客服会话、把卡片发过来，再写内容。"}
	case r.several != "":
		return address{maybe: r.maybe, ask: "有多件诉求的编号以 " + r.several + " 结尾，没有发出。请写完整编号。"}
	case len(r.maybe) > 0 && r.leading && len(r.doubt) < 4:
		return address{maybe: r.maybe, ask: "不能确定开头的 " + r.doubt + " 是不是编号，没有发出。要说这一件，请写完整编号；不是编号，请先写上编号再写内容。"}
	case len(r.maybe) > 0 && r.leading:
		return address{maybe: r.maybe, ask: "不能确定开头的 " + r.doubt + " 是不是编号，没有发出。要说这一件，请写完整编号，后面加空格；不是编号，请先写上编号再写内容。"}
	case len(r.maybe) > 0:
		return address{maybe: r.maybe, ask: "不能确定 " + r.doubt + " 是不是编号，没有发出。请把要说的那件的编号写在最前面，再写内容。"}
	case r.unknown != "":
		return address{unknown: r.unknown}
	default:
		return address{}
	}
}

// distinct leaves out what is there twice.
func distinct(list []casework.Submission) (out []casework.Submission) {
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		if !seen[s.ID] {
			seen[s.ID] = true
			out = append(out, s)
		}
	}
	return out
}

// rest is the text without the address at its beginning or end; in the middle it
// is part of what is said.
func (r *addressParser) rest() string {
	key, to := r.m.Key, r.at.to
	before := key[:r.at.from]
	if one := counters.FindString(key[to:]); one != "" && r.behind(r.at, counters) {
		to += len(one)
	}
	end := to + len(closers.FindString(key[to:]))
	parted := end > r.at.to || r.gap(r.at.from, to)
	switch {
	case openers.MatchString(before) && (!words.MatchString(before) || parted):
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
