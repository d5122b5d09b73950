package sheets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mashang/domain/station"
)

// Each table's read appends one row to the station, whatever is wrong with it,
// so that other sheets can still refer to it; its write gives the same columns
// back as text.

func readStation(r *record) {
	if len(r.rows[r.table.key]) > 0 {
		r.bad("", "站点只填一行")
		return
	}
	r.noteRow()
	r.st.ID, r.st.Name = r.id("id"), r.text("name")
	r.st.Phone, r.st.Address = r.phone(true), r.text("address")
	for _, word := range r.list("means") {
		i := slices.IndexFunc(station.FallbackChannels, func(m station.FallbackChannel) bool { return m.Chinese() == word })
		if i < 0 {
			r.bad("means", "没有“%s”这个办法，请填“客服会话”“联络员”，多个用顿号分开", word)
			continue
		}
		r.st.FallbackChannels = append(r.st.FallbackChannels, station.FallbackChannels[i])
	}
}

func writeStation(s *station.Station) [][]string {
	means := make([]string, len(s.FallbackChannels))
	for i, m := range s.FallbackChannels {
		means[i] = m.Chinese()
	}
	return [][]string{{s.ID, s.Name, s.Phone, s.Address, join(means)}}
}

func readSector(r *record) {
	r.noteRow()
	r.st.Sectors = append(r.st.Sectors, station.Sector{Name: r.text("name")})
}

func writeSectors(s *station.Station) (rows [][]string) {
	for _, x := range s.Sectors {
		rows = append(rows, []string{x.Name})
	}
	return rows
}

func readRoom(r *record) {
	r.noteRow()
	x := station.Room{ID: r.id("id"), Name: r.text("name"), Village: r.text("village")}
	x.Lat, x.Lng = r.coord("coord")
	r.st.Rooms = append(r.st.Rooms, x)
}

func writeRooms(s *station.Station) (rows [][]string) {
	for _, x := range s.Rooms {
		rows = append(rows, []string{x.ID, x.Name, x.Village, coord(x.Lat, x.Lng)})
	}
	return rows
}

func readPlace(r *record) {
	r.noteRow()
	x := station.Place{ID: r.id("id"), Name: r.text("name"), Village: r.text("village"), Sectors: r.sectors("sector")}
	x.Lat, x.Lng = r.coord("coord")
	r.st.Places = append(r.st.Places, x)
}

func writePlaces(s *station.Station) (rows [][]string) {
	for _, x := range s.Places {
		rows = append(rows, []string{x.ID, x.Name, x.Village, join(x.Sectors), coord(x.Lat, x.Lng)})
	}
	return rows
}

func readMember(r *record) {
	r.noteRow()
	r.st.Members = append(r.st.Members, station.Member{
		ID: r.id("id"), Name: person(r.text("name")), Sector: r.spelled(r.text("sector")),
		Village: r.text("village"), Title: r.text("title"), Expertise: r.list("expertise"),
		Rooms: r.refs("rooms", station.TableRoom), Phone: r.phone(false), Capacity: r.number("capacity"),
	})
}

func writeMembers(s *station.Station) (rows [][]string) {
	for _, x := range s.Members {
		if x.Left {
			continue
		}
		capacity := ""
		if x.Capacity > 0 {
			capacity = strconv.Itoa(x.Capacity)
		}
		rows = append(rows, []string{
			x.ID, x.Name, x.Sector, x.Village, x.Title, join(x.Expertise), join(x.Rooms), x.Phone, capacity,
		})
	}
	return rows
}

func readDepartment(r *record) {
	r.noteRow()
	r.st.Departments = append(r.st.Departments, station.Department{
		ID: r.id("id"), Name: r.text("name"), Phone: r.phone(true),
	})
}

func writeDepartments(s *station.Station) (rows [][]string) {
	for _, x := range s.Departments {
		rows = append(rows, []string{x.ID, x.Name, x.Phone})
	}
	return rows
}

func readLiaison(r *record) {
	r.noteRow()
	r.st.Liaisons = append(r.st.Liaisons, station.Liaison{
		ID: r.id("id"), Name: person(r.text("name")), Phone: r.phone(false), Admin: r.flag("admin"),
	})
}

func writeLiaisons(s *station.Station) (rows [][]string) {
	for _, x := range s.Liaisons {
		if !x.Left {
			rows = append(rows, []string{x.ID, x.Name, x.Phone, yes(x.Admin)})
		}
	}
	return rows
}

func readCategory(r *record) {
	r.noteRow()
	r.st.Categories = append(r.st.Categories, station.Category{
		Key: r.id("key"), Name: r.text("name"), Sectors: r.sectors("sector"), Tourist: r.flag("tourist"),
	})
}

func writeCategories(s *station.Station) (rows [][]string) {
	for _, x := range s.Categories {
		rows = append(rows, []string{x.Key, x.Name, join(x.Sectors), yes(x.Tourist)})
	}
	return rows
}

// readDuty makes one slot of each day that the row names.
func readDuty(r *record) {
	slot := station.DutySlot{
		Member: r.ref("member", station.TableMember),
		Room:   r.ref("room", station.TableRoom),
		Place:  r.ref("place", station.TablePlace),
		Date:   r.date("date"),
		From:   r.minutes("from"),
		To:     r.minutes("to"),
		Surge:  r.flag("surge"),
	}
	days := r.weekdays("weekday")
	r.suppressCheck("weekday", "date")
	if len(days) == 0 {
		days = []int{0}
	}
	for _, slot.Weekday = range days {
		r.noteRow()
		r.st.Duty = append(r.st.Duty, slot)
	}
}

var dayNames = [...]string{"", "周一", "周二", "周三", "周四", "周五", "周六", "周日"}

func writeDuty(s *station.Station) (rows [][]string) {
	for _, x := range s.Duty {
		day := ""
		if x.Weekday > 0 && x.Weekday < len(dayNames) {
			day = dayNames[x.Weekday]
		}
		rows = append(rows, []string{x.Member, x.Room, x.Place, day, x.Date, clock(x.From), clock(x.To), yes(x.Surge)})
	}
	return rows
}

func readAbsence(r *record) {
	id := r.ref("member", station.TableMember)
	a := station.Absence{From: r.date("from"), To: r.date("to"), Substitute: r.ref("substitute", station.TableMember)}
	if a.To == "" {
		a.To = a.From
	}
	if a.From > a.To {
		r.bad("to", "结束日期早于开始日期")
	}
	whole := a.From != "" && a.From <= a.To
	for i := range r.st.Members {
		if r.st.Members[i].ID == id {
			if whole {
				r.st.Members[i].Absences = append(r.st.Members[i].Absences, a)
			}
			return
		}
	}
	r.bad("member", "没有编号或姓名为“%s”的委员", shorten(id))
}

func writeAbsences(s *station.Station) (rows [][]string) {
	for _, x := range s.Members {
		for _, a := range x.Absences {
			if !x.Left {
				rows = append(rows, []string{x.ID, a.From, a.To, a.Substitute})
			}
		}
	}
	return rows
}

// coord writes a place on the map, "" for none.
func coord(lat, lng float64) string {
	if lat == 0 && lng == 0 {
		return ""
	}
	return strconv.FormatFloat(lat, 'f', -1, 64) + "，" + strconv.FormatFloat(lng, 'f', -1, 64)
}

func join(list []string) string { return strings.Join(list, "、") }

func yes(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
