package matters

import (
	"context"

	"mashang/domain/access"
)

// Worksheet is what a printed worksheet has beside the submission.
type Worksheet struct {
	// Linked are the submissions that it goes on with: its lead, or its followers in the order in which they came.
	Linked []View
	// QR is the QR code of its page in the console, as SVG.
	QR []byte
}

// Worksheet returns it for the liaison.
func (svc *Service) Worksheet(ctx context.Context, c access.Caller, id string) (Worksheet, error) {
	x, err := svc.kit.Submission(ctx, c, access.Merge, id)
	if err != nil {
		return Worksheet{}, err
	}
	s, st := x.Submission(), x.Station()
	linked, err := svc.kit.Records.LoadMany(ctx, st.ID, linkedIDs(s))
	if err != nil {
		return Worksheet{}, err
	}
	qr, err := svc.painter.SVG(svc.kit.Config.PublicURL + "/console/matters/" + s.ID)
	return Worksheet{Linked: svc.Views(c, st, linked), QR: qr}, err
}
