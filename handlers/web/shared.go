package web

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/codes"
	"mashang/desk/matters"
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

// ChangeOutput is the output of every change of a submission: the submission as the caller may then see it, or no
// content when it is no longer theirs to see.
type ChangeOutput struct {
	Status int
	Body   wire.Submission
}

// Changed answers with a submission after a change, in the language that ctx asks for.
func Changed(ctx context.Context) func(v matters.View, err error) (*ChangeOutput, error) {
	return func(v matters.View, err error) (*ChangeOutput, error) {
		switch {
		case err != nil:
			return nil, Missing(err)
		case v.Empty():
			return &ChangeOutput{Status: http.StatusNoContent}, nil
		default:
			return &ChangeOutput{http.StatusOK, wire.WholeOf(&v, LanguageOf(ctx))}, nil
		}
	}
}

// maxStations is how many stations a person can choose from at a glance.
const maxStations = 6

// StationsToCall returns the stations to call for whoever has no code, or a wrong one; nil when they are too many to
// choose from.
func (api *API) StationsToCall(ctx context.Context) ([]codes.StationRef, error) {
	if api.Options.Stations == nil {
		return nil, nil
	}
	return api.Options.Stations(ctx, maxStations)
}

// DataSVG returns the data: address of a drawing.
func DataSVG(drawing []byte) string {
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(drawing)
}
