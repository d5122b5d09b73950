package matters

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

const (
	maxDossierPhotos     = 30
	maxDossierPhotoBytes = 8 << 20 // bytes
)

// DossierRequest asks for a submission's file for another body.
type DossierRequest struct {
	// Reason is written to the audit.
	Reason string
	// Contacts adds the phone numbers.
	Contacts bool
	// Timeline renders the visible thread as sentences. handlers has the words.
	Timeline func(*View) []string
}

// Dossier makes one PDF of a submission, complete for a body that continues it by law, such as the tourism
// complaint body (旅游法 §§91-93). The export is audited: without the audit line nothing is shown.
func (svc *Service) Dossier(ctx context.Context, c access.Caller, id string, r DossierRequest) (pdf []byte, number string, err error) {
	if err := access.Can(c, access.Dossier); err != nil {
		return nil, "", err
	}
	reason := casework.Clean(r.Reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return nil, "", kit.Field("reason", "请写明移送的原因（500 字以内），会留下记录")
	}
	x, err := svc.kit.Submission(ctx, c, access.Dossier, id)
	if err != nil {
		return nil, "", err
	}
	s, st := x.Submission(), x.Station()
	linked, err := svc.kit.Records.LoadMany(ctx, st.ID, linkedIDs(s))
	if err != nil {
		return nil, "", err
	}
	what := audit.ExportDossier
	if r.Contacts {
		what = audit.ExportDossierPhone
		if err := takeDossierReveals(ctx, svc, x, linked); err != nil {
			return nil, "", err
		}
	}
	export := audit.Act{By: c, What: what, Object: s.ID, Why: reason}
	pdf, err = audit.Do(ctx, svc.audit, s.Station, export, func(w audit.Written) ([]byte, error) {
		return svc.printDossier(ctx, w, x, linked, r, reason)
	})
	return pdf, s.Number, err
}

// printDossier makes the PDF; linked are those that go on with it, and reason is that of the audit line.
func (svc *Service) printDossier(
	ctx context.Context, w audit.Written, x kit.Scoped, linked []casework.Submission, r DossierRequest, reason string,
) ([]byte, error) {
	if err := w.Of(audit.ExportDossier, audit.ExportDossierPhone); err != nil {
		return nil, err
	}
	s, st, now := x.Submission(), x.Station(), svc.kit.Now()
	var n Numbers
	var err error
	if r.Contacts {
		if n, err = svc.Numbers(w, s); err != nil {
			return nil, err
		}
	}
	v := svc.View(x)
	v.Thread = outsideThread(s)
	facts := append(factRows(st, s, v, n), [2]string{"制作时间", dossierTime(casework.At(now))})
	file := record.Dossier{
		Title: "诉求材料", Foot: st.Name + "　" + s.Number,
		Parts: []record.DossierPart{
			{Heading: "基本情况", Rows: slices.Insert(facts, 1, [2]string{"受理单位", st.Name + "，电话 " + st.Phone})},
			{Heading: "反映内容", Paragraphs: []string{statement(s)}},
		},
	}
	pieces := piecesOf("", s, v.Thread)
	for i, o := range linked {
		part, err := linkedPart(ctx, svc, x, o, r.Contacts, reason)
		if err != nil {
			return nil, err
		}
		part.Heading = fmt.Sprintf("一起办理的诉求（%d／%d）", i+1, len(linked))
		file.Parts = append(file.Parts, part)
		pieces = append(pieces, piecesOf(o.Number+" ", o, nil)...)
	}
	file.Parts = append(file.Parts, record.DossierPart{Heading: "办理经过", Paragraphs: r.Timeline(&v)})
	if len(s.Assists) > 0 {
		file.Parts = append(file.Parts, record.DossierPart{Heading: "协办", Rows: assistRows(s)})
	}
	file.Parts = append(file.Parts, record.DossierPart{Heading: "移送说明", Paragraphs: append([]string{"移送原因：" + reason}, legalGrounds(s)...)})
	if file.Exhibits, err = svc.exhibits(ctx, pieces); err != nil {
		return nil, err
	}
	return svc.painter.Dossier(file, now)
}

// Numbers are a submission's phone numbers in clear.
type Numbers struct {
	Phone         string
	OnBehalfPhone string
}

// Numbers returns the submission's phone numbers in clear; w proves the audit line.
func (svc *Service) Numbers(w audit.Written, s casework.Submission) (n Numbers, err error) {
	if err := w.Of(audit.ShowPhone, audit.ExportDossierPhone, audit.FindPhone); err != nil {
		return n, err
	}
	if s.Phone != "" {
		if n.Phone, err = svc.sealer.Open(s.Phone, s.ID); err != nil {
			return n, err
		}
	}
	if s.OnBehalf != nil && s.OnBehalf.Phone != "" {
		n.OnBehalfPhone, err = svc.sealer.Open(s.OnBehalf.Phone, s.ID)
	}
	return n, err
}

func statement(s casework.Submission) string {
	if s.Text == "" {
		return "（语音，未附文字）"
	}
	return s.Text
}

// dossierTime returns a time in full, "" for none.
func dossierTime(m casework.Millis) string {
	if m == 0 {
		return ""
	}
	return m.Time().Format("2006年1月2日 15:04")
}

// factRows returns the facts of a submission, the number first. An absent fact has no row.
func factRows(st *station.Station, s casework.Submission, v View, n Numbers) (rows [][2]string) {
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add("受理编号", s.Number)
	add("提交时间", dossierTime(s.FiledAt))
	if n := s.Intake; n != nil {
		add("反映时间", dossierTime(casework.Millis(n.HeardAt)))
		add("反映方式", fmt.Sprintf("%s，%d 人", n.Channel.Chinese(), n.Persons))
	}
	add("类型", s.Visitor.Chinese()+s.Kind.Chinese())
	add("类别", v.CategoryName)
	add("扫码处", v.TargetName)
	if p := s.Place; p != nil {
		add("地点", p.Text)
		if p.Coord != "" {
			add("坐标", strconv.FormatFloat(p.Lat, 'f', 6, 64)+"，"+strconv.FormatFloat(p.Lng, 'f', 6, 64)+"（"+p.Coord+"）")
		}
	}
	if a := s.Against; a != nil {
		add("被反映对象", a.Name)
		add("对象所在地", a.Place)
		if a.AmountFen > 0 {
			add("涉及金额", fmt.Sprintf("%d.%02d 元", a.AmountFen/100, a.AmountFen%100))
		}
	}
	if o := s.OnBehalf; o != nil {
		add("代为反映", o.Name+"（"+o.Relation+"）")
	}
	add("联系电话", n.Phone)
	add("本人电话", n.OnBehalfPhone)
	if n == (Numbers{}) && (s.Phone != "" || s.OnBehalf != nil && s.OnBehalf.Phone != "") {
		add("联系电话", "已留电话，本材料未附，可向受理单位索取")
	}
	add("可联系至", dossierTime(s.Until))
	if m, ok := st.Member(s.Assignee); ok {
		add("办理委员", m.Name)
	}
	add("办理状态", s.State.Chinese())
	if s.State == casework.Closed {
		add("办理结果", s.Outcome.Chinese())
	}
	add("办理期限", dossierTime(s.DueAt))
	return rows
}

// legalGrounds names the laws under which the submission is handed over. The receiver judges time limits and
// applicability.
func legalGrounds(s casework.Submission) []string {
	list := []string{}
	if s.Visitor == casework.Tourist {
		list = append(list,
			"《中华人民共和国旅游法》第九十一条：县级以上人民政府指定或设立统一的旅游投诉受理机构；受理机构接到投诉，应当及时进行处理或者移交有关部门处理，并告知投诉者。",
			"第九十二条、第九十三条：旅游者与旅游经营者发生纠纷，可以协商、申请调解、申请仲裁或者起诉；调解在双方自愿的基础上进行。",
			"《旅游投诉处理办法》规定的受理和处理期限，自旅游投诉受理机构收到投诉之日起另行计算。")
	}
	return append(list, "本材料由系统按受理记录生成，附件各有 SHA-256 校验值，可与受理单位保存的原件核对。委员联络和协商不代替法定程序。")
}

// exhibits reads the pieces. A photo that is held back is listed and not shown.
func (svc *Service) exhibits(ctx context.Context, list []piece) ([]record.Exhibit, error) {
	var out []record.Exhibit
	shown := 0
	for _, p := range list {
		u, err := svc.store.Upload(ctx, p.id)
		if fault.Is(err, fault.Unavailable) {
			return nil, err
		}
		x := record.Exhibit{Name: p.name}
		switch {
		case err != nil:
			x.Note = "记录中没有找到"
		case u.Kind != "photo":
			x.Note = "语音 " + strconv.Itoa(u.Seconds) + " 秒，由受理单位保存，可索取"
		case !u.Safety.Open():
			x.Note = "照片还在核对或未通过核对，由受理单位保存，未附"
		case shown == maxDossierPhotos:
			x.Note = "照片较多，由受理单位保存，可索取"
		default:
			data, err := readPhoto(svc.media, u)
			if err != nil {
				svc.kit.Log.WarnContext(ctx, "photo left out of a dossier", slog.String("upload", u.ID), slog.Any("err", err))
				x.Note = "照片暂时打不开，由受理单位保存"
				break
			}
			sum := sha256.Sum256(data)
			x.Photo, x.SHA256 = data, hex.EncodeToString(sum[:])
			shown++
		}
		out = append(out, x)
	}
	return slices.Clip(out), nil
}

// readPhoto reads a photo; Invalid if it exceeds maxDossierPhotoBytes.
func readPhoto(media Media, u record.Upload) ([]byte, error) {
	f, err := media.Open(u.Kind, u.Hash, false)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	var b bytes.Buffer
	if n, err := io.Copy(&b, io.LimitReader(f, maxDossierPhotoBytes+1)); err != nil || n > maxDossierPhotoBytes {
		return nil, fault.Wrap(err, fault.Invalid, "照片太大")
	}
	return b.Bytes(), nil
}
