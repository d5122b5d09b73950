package notice_test

import (
	"time"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
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
		{ID: "a", Name: "张三", Village: "龙湾村", Phone: phone}, {ID: "b", Name: "李四"}, {ID: "c", Name: "王五", Gone: true},
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
const agree casework.Act = "agree"

func step(act casework.Act) casework.Step {
	s := casework.Step{Act: act, By: casework.Actor{Role: access.Member, ID: "a", Name: "张三"}}
	switch act {
	case casework.Ask, casework.Reply, casework.Message:
		s.Text = "已经\n联系"
	case casework.Transfer, casework.Assign, casework.Cover:
		s.To, s.ToName, s.Reason = "b", "李四", "属地不符"
	case casework.Return, casework.Reopen:
		s.Reason = "不属于"
	case casework.Close:
		s.Text, s.Outcome = "已退差价", casework.Solved
	case agree:
		s.Act, s.Text, s.Outcome, s.Promised = casework.Close, "店家同意下月退", casework.Agreed, casework.EndOf(noon.AddDate(0, 0, 20))
	case casework.Fulfil:
		s.Text, s.Photos = "已经退了", []string{"f1"}
	case casework.PromiseAct:
		s.Reason, s.Promised = "店家外出", casework.EndOf(noon.AddDate(0, 0, 30))
	case casework.Rate:
		s.Rating = &casework.Rating{Attitude: 5, Speed: 5}
	}
	return s
}

// after walks through the acts, a minute each, and returns where they lead.
func after(s casework.Submission, acts ...casework.Act) casework.Submission {
	for i, act := range acts {
		next, err := s.Apply(step(act), clock, noon.Add(time.Duration(i+1)*time.Minute))
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
