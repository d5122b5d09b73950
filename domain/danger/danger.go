// Package danger finds harms in texts that cannot wait for an answer, and says whom to call.
package danger

import (
	_ "embed"
	"slices"
	"sync"

	"mashang/domain/phrases"
)

// Kind is a kind of danger.
type Kind string

// The dangers, in the order in which their numbers are shown: first those in which only trained people can
// help.
const (
	Fire        Kind = "fire"     // fire, smoke, explosion
	Gas         Kind = "gas"      // gas or poison leaks
	Water       Kind = "water"    // somebody or a boat is in distress in water, on ice, in a flood
	Trapped     Kind = "trapped"  // somebody is stuck, buried, fallen where nobody gets to, lost
	Suicide     Kind = "suicide"  // somebody is about to take their own life
	Violence    Kind = "violence" // somebody is beaten, threatened with a weapon, held
	LifeAtRisk  Kind = "life"     // somebody may die: an accident, an illness, a poisoning, a birth
	ChildAtRisk Kind = "child"    // somebody who cannot look after themselves is missing, taken or harmed
)

// kinds lists all of them in this order.
var kinds = []Kind{Fire, Gas, Water, Trapped, Suicide, Violence, LifeAtRisk, ChildAtRisk}

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

// info is the information for people about a danger.
type info struct {
	name string
	// numbers are whom to call, the most suitable first.
	numbers []Hotline
	// step is what to do until help arrives.
	step string
}

var infos = map[Kind]info{
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
func (d Kind) Chinese() string { return infos[d].name }

// Step returns what to do about the danger until help arrives.
func (d Kind) Step() string { return infos[d].step }

// Hotlines returns the emergency numbers without repetition, those for the dangers first. It is nil without a
// danger.
func Hotlines(list []Kind) []Hotline {
	if len(list) == 0 {
		return nil
	}
	var firsts, others []Hotline
	for _, d := range kinds {
		if !slices.Contains(list, d) {
			continue
		}
		numbers := infos[d].numbers
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

// Advice is what the author of a text that mentions a danger is told.
const Advice = "如果有人正处在危险中，请马上拨打电话求助，不要等待线上答复。您写的内容已经同时提醒本站联络员。"

// LiaisonAdvice is what a liaison is told who reads such a text.
const LiaisonAdvice = "先打电话，问清人在哪里、现在怎样。还有危险的，马上替他拨打急救、报警或火警电话，再派人去。"

// HolderAdvice is what members and departments are told who read it.
const HolderAdvice = "先联系反映人，问清人在哪里、现在怎样。还有危险的，马上拨打下面的电话，不要等。联络员也已收到提醒。"

// DraftAdvice is what its author is told while they are still writing.
const DraftAdvice = "如果有人正处在危险中，请马上拨打电话求助，不要等待线上答复。"

//go:embed dangers.txt
var lines string

var phraseList = sync.OnceValue(func() *phrases.List {
	names := make([]string, len(kinds))
	for i, d := range kinds {
		names[i] = string(d)
	}
	list, err := phrases.Parse(lines, names)
	if err != nil {
		panic("dangers.txt: " + err.Error()) // the list is embedded, and checked by a test
	}
	return list
})

// Find returns the dangers that a text mentions, in the order of the constants; nil for none. It only
// matches phrases (dangers.txt): it does not understand the text, and the result is no assessment of the
// matter.
func Find(text string) []Kind {
	var list []Kind
	found := phraseList().Find(text)
	for i, d := range kinds {
		if found&(1<<i) != 0 {
			list = append(list, d)
		}
	}
	return list
}
