package notice_test

import (
	"time"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/rating"
	"mashang/domain/station"
)

// noon is a Wednesday.
var noon = time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone)

var clock = casework.Clock{Days: calendar.New(station.Zone)}

// What no message may ever hold.
const (
	phone      = "13800138000"
	otherPhone = "09318888888"
	subject    = "马老太太"
	filer      = "u-filer"
)

var town = &station.Station{
	ID: "hh", Name: "黄河镇委员工作站", Phone: "0931-1234567",
	Rooms:  []station.Room{{ID: "r1", Name: "河口村协商议事室", Village: "河口村"}},
	Places: []station.Place{{ID: "jetty", Name: "水车码头"}},
	Members: []station.Member{
		{ID: "a", Name: "张三", Village: "龙湾村", Phone: phone}, {ID: "b", Name: "李四"}, {ID: "c", Name: "王五", Left: true},
	},
}

// filed is a submission as it comes out of filing, with everything personal.
func filed() casework.Submission {
	return casework.Submission{
		ID: "hh-0123456789abcdef", Number: "260715-0001", Version: 1, State: casework.Assigned, Assignee: "a", Pick: 1,
		Station: "hh", Filer: filer, FiledAt: casework.At(noon), DueAt: casework.At(noon.Add(48 * time.Hour)),
		Kind: casework.Complaint, Visitor: casework.Tourist, Text: "票价\n不符", Target: station.Target{Kind: station.ForMember, ID: "a"},
		Phone: phone, PhoneMask: "138****8000", OnBehalf: &casework.OnBehalf{Name: subject, Relation: "母亲", Phone: otherPhone},
	}
}

// agree stands for a closing as agreed.
const agree access.Action = "agree"

// doing is an act with who does it.
type doing struct {
	act casework.Act
	by  casework.Actor
}

// holder is the member who has what filed returns.
var holder = casework.Actor{Role: access.Member, ID: "a", Name: "张三"}

// step is the act with all it needs, done by the holder.
func step(name access.Action) doing { return doing{carrying(name), holder} }

func carrying(name access.Action) casework.Act {
	switch name {
	case access.Accept:
		return casework.Accept{}
	case access.Ask:
		return casework.Ask{Text: "已经\n联系"}
	case access.Reply:
		return casework.Reply{Text: "已经\n联系"}
	case access.Message:
		return casework.Message{Text: "已经\n联系"}
	case access.Transfer:
		return casework.Transfer{To: "b", ToName: "李四", Reason: "属地不符"}
	case access.Assign:
		return casework.Assign{To: "b", ToName: "李四", Reason: "属地不符"}
	case casework.Covered:
		return casework.Cover{To: "b", ToName: "李四", Reason: "属地不符"}
	case access.Return:
		return casework.Return{Reason: "不属于"}
	case access.Reopen:
		return casework.Reopen{Reason: "不属于"}
	case access.Withdraw:
		return casework.Withdraw{}
	case access.Close:
		return casework.Close{Text: "已退差价", Outcome: casework.Solved}
	case agree:
		return casework.Close{Text: "店家同意下月退", Outcome: casework.Agreed, Promised: casework.EndOfDay(noon.AddDate(0, 0, 20))}
	case access.Fulfil:
		return casework.Fulfil{Text: "已经退了", Photos: []string{"f1"}}
	case access.Promise:
		return casework.Redate{Reason: "店家外出", Promised: casework.EndOfDay(noon.AddDate(0, 0, 30))}
	case access.Rate:
		return casework.Rate{Verdict: rating.Not, Satisfaction: rating.Satisfied}
	case access.FollowUp:
		return casework.FollowUp{Result: rating.ToReopen, Text: "还没有退"}
	default:
		panic("no act " + name)
	}
}

// try applies the act.
func try(s casework.Submission, d doing, c casework.Clock, now time.Time) (casework.Submission, error) {
	return s.Apply(d.act, d.by, c, now)
}

// after walks through the acts, a minute each, and returns where they lead.
func after(s casework.Submission, acts ...access.Action) casework.Submission {
	for i, act := range acts {
		next, err := try(s, step(act), clock, noon.Add(time.Duration(i+1)*time.Minute))
		if err != nil {
			panic(err)
		}
		s = next
	}
	return s
}

func pooled(s casework.Submission) casework.Submission {
	s.State, s.Assignee, s.Pick = casework.Pooled, "", 0
	return s
}
