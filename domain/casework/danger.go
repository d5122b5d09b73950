package casework

import (
	_ "embed"
	"slices"
	"sync"

	"mashang/domain/phrases"
)

// Danger is a harm, mentioned in a text, that cannot wait for an answer.
type Danger string

// The dangers, in the order in which their numbers are shown: first those in which only trained people can
// help.
const (
	Fire        Danger = "fire"     // fire, smoke, explosion
	Gas         Danger = "gas"      // gas or poison leaks
	Water       Danger = "water"    // somebody or a boat is in distress in water, on ice, in a flood
	Trapped     Danger = "trapped"  // somebody is stuck, buried, fallen where nobody gets to, lost
	Suicide     Danger = "suicide"  // somebody is about to take their own life
	Violence    Danger = "violence" // somebody is beaten, threatened with a weapon, held
	LifeAtRisk  Danger = "life"     // somebody may die: an accident, an illness, a poisoning, a birth
	ChildAtRisk Danger = "child"    // somebody who cannot look after themselves is missing, taken or harmed
)

// dangers lists all of them in this order.
var dangers = []Danger{Fire, Gas, Water, Trapped, Suicide, Violence, LifeAtRisk, ChildAtRisk}

// Hotline is an emergency number.
type Hotline struct{ Number, Name string }

// The emergency numbers of mainland China. The head of dangers.txt says what each is for, with the sources.
var (
	police      = Hotline{"110", "报警"}
	rescue      = Hotline{"119", "火警和救援"}
	ambulance   = Hotline{"120", "急救"}
	maritime    = Hotline{"12395", "水上遇险"}
	counselling = Hotline{"12356", "心理援助"}
)

// dangerInfo is the information for people about a danger.
type dangerInfo struct {
	name string
	// numbers are whom to call, the most suitable first.
	numbers []Hotline
	// step is what to do until help arrives.
	step string
}

var dangerInfos = map[Danger]dangerInfo{
	Fire:        {"火灾险情", []Hotline{rescue}, "先离开起火的地方：弯腰捂住口鼻，走楼梯，不坐电梯，不回去拿东西。"},
	Gas:         {"气体泄漏", []Hotline{rescue}, "不要开关电器，不要在屋里打电话：关阀门，开门窗，人到室外再打。"},
	Water:       {"水上遇险", []Hotline{rescue, maritime}, "不要下水，不要手拉手去救：递竹竿，抛救生圈、绳子，盯住人的位置。"},
	Trapped:     {"被困遇险", []Hotline{rescue}, "留在安全的地方，不要扒门、不要乱爬：说清位置和人数，手机留着电。"},
	Suicide:     {"轻生", []Hotline{police, ambulance, counselling}, "有人陪在身边，不离开，不争辩，拿开危险的东西。您自己难受的，也请现在就打。"},
	Violence:    {"暴力伤害", []Hotline{police}, "先到安全的地方，锁上门。不便说话时可以发短信到12110。"},
	LifeAtRisk:  {"生命危险", []Hotline{ambulance}, "打通以后先说地址，再说人怎么了，听医生指导，不要先挂断；不要随意搬动伤者。"},
	ChildAtRisk: {"老幼安全", []Hotline{police}, "走失不用等24小时：马上打，说清年龄、衣着、最后看见的地方。"},
}

// Chinese returns the danger's name for people, "" for an unknown value.
func (d Danger) Chinese() string { return dangerInfos[d].name }

// Step returns what to do about the danger until help arrives.
func (d Danger) Step() string { return dangerInfos[d].step }

// Hotlines returns the emergency numbers without repetition, those for the dangers first. It is nil without a
// danger.
func Hotlines(list []Danger) []Hotline {
	if len(list) == 0 {
		return nil
	}
	var firsts, others []Hotline
	for _, d := range dangers {
		if !slices.Contains(list, d) {
			continue
		}
		numbers := dangerInfos[d].numbers
		firsts = append(firsts, numbers[:1]...)
		others = append(others, numbers[1:]...)
	}
	var out []Hotline
	for _, h := range slices.Concat(firsts, others, []Hotline{police, ambulance, rescue}) {
		if !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// DangerAdvice is what the author of a text that mentions a danger is told.
const DangerAdvice = "如果有人正处在危险中，请马上拨打电话求助，不要等待线上答复。您写的内容已经同时提醒本站联络员。"

// DraftAdvice is the same while they are still writing.
const DraftAdvice = "如果有人正处在危险中，请马上拨打电话求助，不要等待线上答复。"

//go:embed dangers.txt
var dangerLines string

var dangerPhrases = sync.OnceValue(func() *phrases.List {
	names := make([]string, len(dangers))
	for i, d := range dangers {
		names[i] = string(d)
	}
	list, err := phrases.Parse(dangerLines, names)
	if err != nil {
		panic("dangers.txt: " + err.Error()) // the list is embedded, and checked by a test
	}
	return list
})

// Dangers returns the dangers that a text mentions, in the order of the constants; nil for none. It only
// matches phrases (dangers.txt): it does not understand the text, and the result is no assessment of the
// matter.
func Dangers(text string) []Danger {
	var list []Danger
	found := dangerPhrases().Find(text)
	for i, d := range dangers {
		if found&(1<<i) != 0 {
			list = append(list, d)
		}
	}
	return list
}
