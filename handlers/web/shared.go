package web

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/handlers/wire"
)

type (
	// ByKey is the input of operations that need only a key.
	ByKey struct {
		Key string `path:"key" doc:"The key as printed."`
	}
	// Picture is an image answer.
	Picture struct{ Body func(huma.Context) }
)

// StartsJob marks an operation that answers with a job.
func (o Operation) StartsJob() Operation { o.DefaultStatus = http.StatusAccepted; return o }

// JobStarted answers with a job that was started.
func JobStarted(j record.Job, err error) (*wire.Output[wire.Job], error) {
	return &wire.Output[wire.Job]{Body: wire.JobOf(j)}, err
}

// MemberOnly admits members.
func MemberOnly(c access.Caller) error {
	if err := anyone(c); err != nil {
		return err
	}
	return access.Can(c, access.Accept)
}

// Nothing is the input of operations without input.
type Nothing struct{}

// Missing gives the same answer for what does not exist and what is not the caller's, wherever it was detected.
func Missing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return access.Missing()
	}
	return err
}

// maxStations is how many stations a person can choose from at a glance.
const maxStations = 6

// StationsToCall returns the stations to call for whoever has no code, or a wrong one; nil when they are too many to
// choose from.
func (api *API) StationsToCall(ctx context.Context) []codes.StationRef {
	if api.Options.Stations == nil {
		return nil
	}
	list, err := api.Options.Stations(ctx)
	if err != nil || len(list) > maxStations {
		return nil // the page then says where else to look
	}
	return list
}

// DataSVG returns the data: address of a drawing.
func DataSVG(drawing []byte) string {
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(drawing)
}
