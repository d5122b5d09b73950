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

// A person in the chat names a submission by its number, 261123-0047, or by its last digits. Phones, keyboards
// and habits write that in many ways. Text that reads as the number of one of their submissions selects it or
// is asked back.

// reference is what a text says about the submission it is for.
type reference struct {
	// to is the submission it is certainly for, nil for none.
	to *casework.Submission
	// rest is the text without the number; set if to or sameNumber is set.
	rest string
	// candidates are the submissions that it could be for, and question asks about them. sameNumber means that
	// all of them have one number. unknown is a number that none of the person's submissions has.
	candidates []casework.Submission
	question   string
	sameNumber bool
	unknown    string
}

var (
	// openers and closers surround a reference at the beginning or the end.
	openers = regexp.MustCompile(`^[答回]?(?:` + numbers.Words + `|` + numbers.Letters + `|` + numbers.AboutWords + `|[ .:,@*是为"'(\[{<【〔《「『])*$`)
	words   = regexp.MustCompile(numbers.AboutWords)
	closers = regexp.MustCompile(`^[ .:,;!?、。"')\]}>】〕》」』#-]*`)
	tails   = regexp.MustCompile(`(?:` + numbers.Words + `|` + numbers.Letters + `|[ .:,;、。"'(\[{<【〔《「『-])*$`)

	// counters follow a number; the markers among them do not make it a quantity.
	counters = regexp.MustCompile(`^[号件#]`)
	markers  = regexp.MustCompile(`^[号#]`)
	// dayOf joins a day and a count on that day: 11月23日第47件.
	dayOf = regexp.MustCompile(`^[日号]的?(第?)$`)
	// likeDigits are four characters at the beginning that may be a mistyped number.
	likeDigits   = regexp.MustCompile(`^[0-9oil]{4}\b`)
	letterDigits = strings.NewReplacer("o", "0", "i", "1", "l", "1")
	// years begin a date.
	years = regexp.MustCompile(`^(?:20[0-9]{2}[-/.年]|[0-9]{2}年)[0-9]`)
	// signs are written between the digits of one number.
	signs = regexp.MustCompile(`[ ._·/年月日-]`)
)

// parseReference finds which of a person's own submissions a text is for.
func parseReference(text string, own []casework.Submission, now time.Time) reference {
	m := fold.Mapped(text)
	r := referenceParser{text: text, m: m, own: own, now: now}
	runs := digitRunsOf(m.Key)
	for i := 0; i < len(runs); i++ {
		n := 0
		for _, read := range []func([]digitRun) int{r.parseFull, r.parseDated, r.parseSpaced, func(runs []digitRun) int { return matchOther(m.Key, runs) }} {
			if n = read(runs[i:]); n > 0 {
				break
			}
		}
		if n > 0 {
			i += n - 1
			continue
		}
		r.parseShort(runs[i])
	}
	if len(r.certain)+len(r.possible) == 0 {
		r.parseMistyped()
	}
	if len(r.certain)+len(r.possible) == 0 {
		// Digits that touch other digits or signs are asked about.
		packed := signs.ReplaceAllString(withArabicDigits(m.Key), "")
		for _, s := range own {
			if strings.Contains(packed, strings.ReplaceAll(s.Number, "-", "")) {
				r.addPossible([]casework.Submission{s}, s.Number, false)
			}
		}
	}
	return r.result()
}

// referenceParser collects what the runs of digits in a text mean.
type referenceParser struct {
	text string
	m    fold.Map
	own  []casework.Submission
	now  time.Time

	certain      []casework.Submission
	at           digitRun // the first certain number, or the shared one
	possible     []casework.Submission
	doubtful     string // the digits that possible is about
	leading      bool   // the digits stand at the beginning
	sharedDigits string // digits that several submissions have
	unknown      string
}

// parseFull parses a full number at the beginning of the runs and returns how many runs it takes, 0 for none.
// After a sign the second half may lack its leading zeros.
func (r *referenceParser) parseFull(runs []digitRun) int {
	key, first := r.m.Key, runs[0]
	digits, end, n := first.digits, first.to, 1
	if (len(digits) == 8 || len(digits) >= 12) && strings.HasPrefix(digits, "20") {
		if _, err := time.ParseInLocation("20060102", digits[:8], station.Zone); err == nil {
			digits = digits[2:] // the year has four digits
		}
	}
	dashed, halved := false, false
	if len(digits) == 6 && len(runs) > 1 && halfJoint.MatchString(key[first.to:runs[1].from]) {
		joint, next := key[first.to:runs[1].from], runs[1]
		chained := len(runs) > 2 && strings.ContainsAny(key[next.to:runs[2].from], "-/") && runs[2].from-next.to == 1
		if len(next.digits) <= 6 && (len(next.digits) >= 4 || !chained) {
			dashed = strings.ContainsAny(joint, "-_~")
			halved = len(next.digits) < 4
			digits, end, n = digits+numbers.End(next.digits), next.to, 2
			if halved && !dashed && !strings.ContainsAny(joint, "·/") {
				return r.askHalves(digits, digitRun{first.from, end, digits})
			}
		}
	}
	if len(digits) < 10 || len(digits) > 12 {
		return 0
	}
	number := digits[:6] + "-" + digits[6:]
	hits := r.matching(func(s casework.Submission) bool { return s.Number == number })
	if len(hits) > 0 {
		r.addCertain(hits, number, digitRun{first.from, end, digits})
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

// askHalves asks about two consecutive numbers that may be the halves of one.
func (r *referenceParser) askHalves(digits string, at digitRun) int {
	hits := r.matching(func(s casework.Submission) bool { return s.Number == digits[:6]+"-"+digits[6:] })
	if len(hits) == 0 {
		return 0
	}
	r.addPossible(hits, r.m.Key[at.from:at.to], openers.MatchString(r.m.Key[:at.from]))
	return 2
}

// parseDated parses a date, with or without its year, and a count on that day.
func (r *referenceParser) parseDated(runs []digitRun) int {
	key := r.m.Key
	if years.MatchString(key[runs[0].from:]) && len(runs) > 3 {
		if n := r.parseDated(runs[1:]); n > 0 {
			return n + 1
		}
		return 0
	}
	if len(runs) < 3 || len(runs[0].digits) > 2 || len(runs[1].digits) > 2 || len(runs[2].digits) > 6 {
		return r.parseShortDate(runs)
	}
	joint := dayOf.FindStringSubmatch(key[runs[1].to:runs[2].from])
	if joint == nil || key[runs[0].to:runs[1].from] != "月" {
		return r.parseShortDate(runs)
	}
	d, after := runs[2], key[runs[2].to:]
	counted := strings.HasPrefix(after, "件") || strings.HasPrefix(after, "号") && !r.isQuantity(d)
	if joint[1] == "" && (!counted || strings.HasPrefix(after, "件")) || !counted && r.isQuantity(d) {
		return 0 // 12月4日3件 is a quantity
	}
	day, last := numbers.End(runs[0].digits)[2:]+numbers.End(runs[1].digits)[2:], numbers.End(d.digits)
	hits := r.matching(func(s casework.Submission) bool { return s.Number[2:] == day+"-"+last })
	at := digitRun{runs[0].from, d.to, key[runs[0].from:d.to]}
	if strings.HasPrefix(after, "件") {
		at.to += len("件")
	}
	switch {
	case len(hits) > 0 && joint[1] != "":
		r.addCertain(hits, at.digits, at)
	case len(hits) > 0:
		r.addPossible(hits, at.digits, openers.MatchString(key[:at.from]))
	case joint[1] != "" && counted && r.unknown == "":
		r.unknown = at.digits
	default:
		return 0
	}
	return 3
}

// parseShortDate asks about a date without a year that is written in digits and signs before the last digits:
// 1123-47, 11.23-47.
func (r *referenceParser) parseShortDate(runs []digitRun) int {
	key, day, n := r.m.Key, "", 0
	for ; n < len(runs)-1 && len(day) < 4; n++ {
		if len(runs[n].digits) > 4 || !halfJoint.MatchString(key[runs[n].to:runs[n+1].from]) {
			return 0
		}
		day += strings.Repeat("0", max(0, 2-len(runs[n].digits))) + runs[n].digits
	}
	if n == 0 || len(day) != 4 {
		return 0
	}
	d := runs[n]
	hits := r.matching(func(s casework.Submission) bool { return s.Number[2:] == day+"-"+numbers.End(d.digits) })
	if len(hits) == 0 {
		return 0
	}
	r.addPossible(hits, key[runs[0].from:d.to], openers.MatchString(key[:runs[0].from]))
	return n + 1
}

// parseSpaced parses last digits that are written with blanks or signs between them, and asks about them.
func (r *referenceParser) parseSpaced(runs []digitRun) int {
	key, digits := r.m.Key, ""
	for n, d := range runs {
		if len(d.digits) > 3 || n > 0 && !digitGap.MatchString(key[runs[n-1].to:d.from]) {
			return 0
		}
		if digits += d.digits; len(digits) < 4 {
			continue
		}
		hits := r.endingWith(digits)
		if n == 0 || len(digits) > 4 || digits[0] != '0' || len(hits) == 0 {
			return 0
		}
		r.addPossible(hits, key[runs[0].from:d.to], openers.MatchString(key[:runs[0].from]))
		return n + 1
	}
	return 0
}

// parseMistyped asks about last digits at the beginning in which letters stand for zeros and ones.
func (r *referenceParser) parseMistyped() {
	word := likeDigits.FindString(r.m.Key)
	if hits := r.endingWith(letterDigits.Replace(word)); strings.ContainsAny(word, "oil") && len(hits) > 0 {
		r.addPossible(hits, word, true)
	}
}

// parseShort parses the last digits of a number, or its date without the year together with them.
func (r *referenceParser) parseShort(d digitRun) {
	key, digits := r.m.Key, d.digits
	before, after := key[:d.from], key[d.to:]
	quantity := r.isQuantity(d)
	number := markers.MatchString(after) && r.followedBy(d, counters) && !quantity
	ordinal := strings.HasSuffix(before, "第") && (number || strings.HasPrefix(after, "件"))
	isNamed, hinted := namedBefore.MatchString(before) || ordinal, hintBefore.MatchString(before)
	hits := r.endingWith(digits)
	leads := openers.MatchString(before)
	gap := leads && (r.isSeparated(d.from, d.to) || number && r.isSeparated(d.from, d.to+len(markers.FindString(after))))
	switch {
	case isNamed && len(r.startingWith(digits)) > 0:
		r.addPossible(r.startingWith(digits), digits, leads) // the number is followed by more digits
	case len(digits) > 6 && len(hits) == 0:
	case quantity && !isNamed && (digits[0] != '0' || !leads && !hinted || r.followedBy(d, siteAfter)) || valueBefore.MatchString(before):
		// A quantity, a time or a place is no number of a submission.
	case len(digits) < 4:
		one := gap && !listPoint.MatchString(after) || aboutBefore.MatchString(before) || r.isLast(d) ||
			leads && (pointerAfter.MatchString(after) || number && numbers.End(digits) > "0031")
		several := one && len(r.own) > 1 && !quantity
		switch {
		case len(hits) > 0 && (isNamed || several):
			r.addPossible(hits, digits, leads)
		case len(hits) == 0 && namedBefore.MatchString(before) && !quantity && r.unknown == "":
			r.unknown = digits
		}
	case len(hits) == 0:
		zero := digits[0] == '0' // quantities never begin with a zero
		if r.unknown == "" && (isNamed && (zero || !quantity) || !quantity && (gap && (zero || !unitAfter.MatchString(after)) || hinted && zero)) {
			r.unknown = digits
		}
	case quantity && !isNamed:
		r.addPossible(hits, digits, leads) // 0101室 is a room, but 0047房屋已鉴定 is an answer
	case isNamed || hinted || gap || len(hits) > 1:
		r.addCertain(hits, digits, d)
	default:
		r.addPossible(hits, digits, leads)
	}
}

// isQuantity reports whether a unit directly follows the digits. After a blank the unit begins an answer.
func (r *referenceParser) isQuantity(d digitRun) bool {
	unit := unitAfter
	if strings.HasPrefix(d.digits, "0") {
		unit = placeAfter
	}
	if r.followedBy(d, unit) {
		return true
	}
	after := r.m.Key[d.to:]
	if at := rangeAfter.FindStringIndex(after); at != nil && r.followedBy(digitRun{from: d.from, to: d.to + at[1]}, unitAfter) {
		return true
	}
	sign := markers.FindString(after)
	return sign != "" && r.followedBy(d, counters) && r.followedBy(digitRun{from: d.from, to: d.to + len(sign)}, unit)
}

// followedBy reports whether the pattern matches directly after the digits.
func (r *referenceParser) followedBy(d digitRun, unit *regexp.Regexp) bool {
	at := unit.FindStringIndex(r.m.Key[d.to:])
	if at == nil {
		return false
	}
	_, from := r.m.Span(d.from, d.to)
	_, to := r.m.Span(d.from, d.to+at[1])
	return !strings.ContainsFunc(r.text[from:to], func(c rune) bool { return !fold.Visible(string(c)) })
}

// matching returns the person's submissions that fulfil the condition.
func (r *referenceParser) matching(has func(casework.Submission) bool) (hits []casework.Submission) {
	for _, s := range r.own {
		if has(s) {
			hits = append(hits, s)
		}
	}
	return hits
}

// endingWith returns the submissions whose number ends with the digits, without leading zeros, or is the digits
// without the year or some zeros.
func (r *referenceParser) endingWith(digits string) []casework.Submission {
	return r.matching(func(s casework.Submission) bool {
		day, last, _ := strings.Cut(s.Number, "-")
		end, whole := strings.CutPrefix(strings.TrimPrefix(digits, "20"), day)
		return last == numbers.End(digits) || day[2:]+last == digits || whole && last == numbers.End(end)
	})
}

// startingWith returns the submissions whose last digits begin a longer run of digits.
func (r *referenceParser) startingWith(digits string) (hits []casework.Submission) {
	return r.matching(func(s casework.Submission) bool {
		_, last, _ := strings.Cut(s.Number, "-")
		return len(digits) > len(last) && strings.HasPrefix(digits, last)
	})
}

// isSeparated reports whether a blank, a sign or the end of the text follows.
func (r *referenceParser) isSeparated(i, j int) bool {
	_, end := r.m.Span(i, j)
	rest := r.text[end:]
	if rest == "" {
		return true
	}
	c, _ := utf8.DecodeRuneInString(rest)
	return !fold.Visible(string(c)) || strings.ContainsRune("，,：:。、；;.)）]】」』》>”’\"'!！?？-—－", c)
}

// isLast reports whether the digits stand apart at the end of the text.
func (r *referenceParser) isLast(d digitRun) bool {
	from, _ := r.m.Span(d.from, d.to)
	return closers.FindString(r.m.Key[d.to:]) == r.m.Key[d.to:] && gapBefore.MatchString(r.text[:from])
}

// addCertain adds the submissions that certainly have a number.
func (r *referenceParser) addCertain(hits []casework.Submission, digits string, at digitRun) {
	if len(r.certain) == 0 && (len(hits) == 1 || len(r.possible) == 0) {
		r.at = at
	}
	if len(hits) > 1 {
		r.sharedDigits = digits
		r.possible = distinct(append(r.possible, hits...))
		return
	}
	r.certain = distinct(append(r.certain, hits...))
}

func (r *referenceParser) addPossible(hits []casework.Submission, digits string, leading bool) {
	r.possible, r.doubtful, r.leading = distinct(append(r.possible, hits...)), digits, leading
}

// result decides, or returns what to ask.
func (r *referenceParser) result() reference {
	one := len(r.certain) == 1
	if one {
		// Digits that may be another submission's count; those that are part of the certain one do not.
		r.possible = slices.DeleteFunc(r.possible, func(s casework.Submission) bool { return s.ID == r.certain[0].ID })
		if r.sharedDigits != "" {
			_, last, _ := strings.Cut(r.certain[0].Number, "-")
			if last == numbers.End(r.sharedDigits) {
				r.possible = nil
			}
		}
	}
	switch {
	case one && len(r.possible) == 0:
		return reference{to: &r.certain[0], rest: r.rest()}
	case len(r.certain) > 0:
		return reference{candidates: distinct(append(slices.Clone(r.certain), r.possible...)), question: "这段话里提到了多件诉求的编号，没有发出。请每件分开发，编号写在最前面。"}
	case r.sharedDigits != "" && !slices.ContainsFunc(r.possible, func(s casework.Submission) bool { return s.Number != r.possible[0].Number }):
		return reference{candidates: r.possible, sameNumber: true, rest: r.rest(), question: "有几个站的诉求编号都是 " + r.possible[0].Number +
			"，没有发出。请在小程序里打开要说的那一件，从那里进客服会话、把卡片发过来，再写内容。"}
	case r.sharedDigits != "":
		return reference{candidates: r.possible, question: "有多件诉求的编号以 " + r.sharedDigits + " 结尾，没有发出。请写完整编号。"}
	case len(r.possible) > 0 && r.leading && len(r.doubtful) < 4:
		return reference{candidates: r.possible, question: "不能确定开头的 " + r.doubtful + " 是不是编号，没有发出。要说这一件，请写完整编号；不是编号，请先写上编号再写内容。"}
	case len(r.possible) > 0 && r.leading:
		return reference{candidates: r.possible, question: "不能确定开头的 " + r.doubtful + " 是不是编号，没有发出。要说这一件，请写完整编号，后面加空格；不是编号，请先写上编号再写内容。"}
	case len(r.possible) > 0:
		return reference{candidates: r.possible, question: "不能确定 " + r.doubtful + " 是不是编号，没有发出。请把要说的那件的编号写在最前面，再写内容。"}
	case r.unknown != "":
		return reference{unknown: r.unknown}
	default:
		return reference{}
	}
}

// distinct removes repeated submissions.
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

// rest returns the text without the reference at its beginning or end. A reference in the middle is part of the
// text.
func (r *referenceParser) rest() string {
	key, to := r.m.Key, r.at.to
	before := key[:r.at.from]
	if one := counters.FindString(key[to:]); one != "" && r.followedBy(r.at, counters) {
		to += len(one)
	}
	end := to + len(closers.FindString(key[to:]))
	parted := end > r.at.to || r.isSeparated(r.at.from, to)
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
