package casework

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Danger is a harm that a text speaks of and that cannot wait for an answer.
type Danger string

// The dangers.
const (
	LifeAtRisk  Danger = "life"     // somebody may die: by their own hand, an accident, an illness
	ChildAtRisk Danger = "child"    // a child is missing, taken or harmed
	Violence    Danger = "violence" // somebody is beaten, threatened with a weapon, held
	Fire        Danger = "fire"     // fire, explosion, leaking gas
)

var dangerNames = map[Danger]string{
	LifeAtRisk: "生命危险", ChildAtRisk: "儿童安全", Violence: "暴力伤害", Fire: "火灾险情",
}

// Chinese returns the danger's name for people.
func (d Danger) Chinese() string { return dangerNames[d] }

// Hotline is a number that helps at once.
type Hotline struct{ Number, Name string }

// The emergency numbers of mainland China.
var (
	police    = Hotline{"110", "报警"}
	rescue    = Hotline{"119", "火警和救援"}
	ambulance = Hotline{"120", "急救"}
)

// first is whom to call first for each danger.
var first = map[Danger]Hotline{
	LifeAtRisk: ambulance, ChildAtRisk: police, Violence: police, Fire: rescue,
}

// Hotlines returns the three emergency numbers, those for the dangers first.
// None without a danger.
func Hotlines(list []Danger) []Hotline {
	if len(list) == 0 {
		return nil
	}
	var out []Hotline
	for _, d := range list {
		out = append(out, first[d])
	}
	out = append(out, police, ambulance, rescue)
	seen := make(map[Hotline]bool, len(out))
	return slices.DeleteFunc(out, func(h Hotline) bool {
		was := seen[h]
		seen[h] = true
		return was
	})
}

// DangerAdvice is what to tell who writes of a danger.
const DangerAdvice = "如果有人正处在危险中，请马上拨打电话求助，不要等待线上答复。您写的内容已经同时提醒本站联络员。"

// signs are the words of one danger. plain ones are taken at their word; guarded
// ones only in a clause that does not speak of what might happen or once did,
// for "有火灾隐患" is no fire.
type signs struct {
	danger         Danger
	plain, guarded []string
}

// dangerSigns is the word list. It would rather show three numbers once too
// often than once too seldom, but a list that cries at every complaint would
// soon be overlooked by the liaison.
var dangerSigns = []signs{
	{
		LifeAtRisk,
		[]string{
			"自杀", "轻生", "寻短见", "不想活", "活不下去", "活着没意思", "活着很没意思", "一死了之", "结束生命", "想死", "去死算了",
			"割腕", "服毒", "喝农药", "喝了农药", "跳楼", "跳河", "跳桥", "跳黄河", "有人落水", "掉进河", "掉河里", "掉进黄河", "掉到河", "掉水里",
			"被水冲走", "筏子翻", "翻船", "船翻", "没有呼吸了", "没呼吸", "没有心跳", "没了心跳", "快不行了", "救命啊", "快来救", "快救人", "救救他", "救救她", "救救孩子",
			"人快死", "叫不醒", "掉井", "掉进井", "掉到井", "老人走失", "老人走丢", "坠崖", "摔下悬崖", "被埋",
		},
		[]string{
			"溺水", "落水", "触电", "昏迷", "昏倒", "晕倒", "休克", "大出血", "血流不止", "流血不止", "流了很多血", "流了好多血", "撞人了", "撞了人", "抽搐", "心梗", "心脏病发", "心脏病犯", "煤气中毒", "一氧化碳中毒", "食物中毒",
			"被困", "被压", "被蛇咬", "坠楼", "坠落", "撞伤", "救命", "出人命", "中暑晕",
		},
	},
	{
		ChildAtRisk,
		[]string{
			"孩子不见", "小孩不见", "娃不见", "孩子丢了", "小孩丢了", "娃丢了", "孩子走丢", "小孩走丢", "娃走丢", "孩子走失", "小孩走失", "儿童走失", "孩子失踪", "小孩失踪",
			"找不到孩子", "找不到小孩", "拐走", "抢孩子", "抱走孩子", "抱走了孩子", "猥亵", "性侵", "强奸",
		},
		[]string{"拐卖", "拐骗", "虐待孩子", "虐待儿童", "虐待小孩", "虐童", "打孩子", "打小孩"},
	},
	{
		Violence,
		[]string{
			"持刀", "拿刀", "拿着刀", "动刀", "砍人", "砍了人", "捅人", "捅了", "要杀", "杀了我", "杀了他", "杀了她", "弄死我", "弄死他", "弄死她", "打死我", "打死他", "打死她",
			"家暴", "打老婆", "打我妈", "打我爸", "打媳妇", "抢劫", "绑架我", "被绑架", "关起来不让", "不让我走", "不让我们走", "非法拘禁", "强奸", "性侵",
		},
		[]string{"打人", "殴打", "被打", "打架", "打起来", "杀人", "威胁要"},
	},
	{
		Fire,
		[]string{"着火了", "起火了", "失火了", "烧起来", "山火", "爆炸了", "煤气泄漏", "燃气泄漏", "天然气泄漏", "煤气漏", "燃气漏", "天然气漏", "漏煤气", "漏燃气"},
		[]string{"着火", "起火", "失火", "火灾", "爆炸"},
	},
}

// children and plights make a danger together, whatever stands between them in
// a clause: “孩子在码头走丢了”.
var (
	children = []string{"孩子", "小孩", "娃", "宝宝", "儿子", "女儿", "孙子", "孙女", "男孩", "女孩", "婴儿", "学生"}
	plights  = []string{"走丢", "走失", "失踪", "不见了", "找不着了", "找不到了", "掉井", "掉进", "掉到", "掉下"}
)

// figures are turns of phrase that hold a sign and mean none.
var figures = strings.NewReplacer(
	"慢性自杀", "", "救命钱", "", "救命药", "", "救命稻草", "", "想死的心", "", "想死你", "", "杀人不见血", "", "杀人于无形", "", "分分钟杀人", "",
	"绑架消费", "", "道德绑架", "", "打死也", "", "打死我也", "", "自杀式", "", "信息爆炸", "", "人气爆炸", "", "爆炸式", "", "被压缩", "", "被压低", "", "被打断", "", "被打烂", "", "被打造", "",
	"被打扫", "", "被打回", "", "被打开", "", "被打上", "", "被打乱", "", "被打破", "", "落水管", "", "落水口", "", "被压坏", "", "被压垮", "", "被压制", "",
)

// doubts are the words of a clause that speaks of what might be or once was.
var doubts = []string{
	"如果", "要是", "万一", "假如", "一旦", "隐患", "可能", "容易", "担心", "害怕", "怕", "防止", "预防", "避免", "以防", "风险", "迟早", "早晚", "差点", "险些", "会不会", "怎么办", "难道", "导致", "引起", "引发", "造成",
	"去年", "前年", "以前", "曾", "当年", "之前", "事故", "事件", "多次", "经常", "年", "保险", "演练", "宣传", "消防",
}

// childSigns is where the dangers to children stand in dangerSigns.
const childSigns = 1

// clauseEnds divide a text into clauses.
const clauseEnds = "。！？；，、!?;,\n "

// sign is one word of the list.
type sign struct {
	word    string
	danger  int // its place in dangerSigns
	guarded bool
}

// The words by their first character, so that a text is walked through once.
var (
	signsBy    = indexedSigns()
	doubtsBy   = indexed(doubts)
	childrenBy = indexed(children)
	plightsBy  = indexed(plights)
)

func indexedSigns() map[rune][]sign {
	by := map[rune][]sign{}
	add := func(s sign) {
		r, _ := utf8.DecodeRuneInString(s.word)
		by[r] = append(by[r], s)
	}
	for i, s := range dangerSigns {
		for _, w := range s.plain {
			add(sign{word: w, danger: i})
		}
		for _, w := range s.guarded {
			add(sign{word: w, danger: i, guarded: true})
		}
	}
	return by
}

func indexed(words []string) map[rune][]string {
	by := map[rune][]string{}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		by[r] = append(by[r], w)
	}
	return by
}

// Dangers lists the dangers a text speaks of, in the order of the constants; nil
// for none. It is a word list: it understands nothing and is no judgement of
// the matter.
func Dangers(text string) []Danger {
	text = figures.Replace(text)
	var found [4]bool
	for clause := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(clauseEnds, r) }) {
		dangersIn(clause, &found)
	}
	var list []Danger
	for i, s := range dangerSigns {
		if found[i] {
			list = append(list, s.danger)
		}
	}
	return list
}

// dangersIn marks what one clause speaks of.
func dangersIn(clause string, found *[4]bool) {
	var guarded [4]bool
	doubtful, child, plight := false, false, false
	for i, r := range clause {
		rest := clause[i:]
		begins := func(w string) bool { return strings.HasPrefix(rest, w) }
		for _, s := range signsBy[r] {
			if !strings.HasPrefix(rest, s.word) {
				continue
			}
			if s.guarded {
				guarded[s.danger] = true
			} else {
				found[s.danger] = true
			}
		}
		doubtful = doubtful || slices.ContainsFunc(doubtsBy[r], begins)
		child = child || slices.ContainsFunc(childrenBy[r], begins)
		plight = plight || child && slices.ContainsFunc(plightsBy[r], begins)
	}
	if plight {
		guarded[childSigns] = true
	}
	for i := range guarded {
		found[i] = found[i] || guarded[i] && !doubtful
	}
}
