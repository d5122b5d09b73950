package desk

import (
	"mashang/desk/audit"
	"mashang/desk/codes"
	"mashang/desk/deadlines"
	"mashang/desk/delivery"
	"mashang/desk/filing"
	"mashang/desk/handover"
	"mashang/desk/identity"
	"mashang/desk/inbound"
	"mashang/desk/jobs"
	"mashang/desk/kit"
	"mashang/desk/listing"
	"mashang/desk/login"
	"mashang/desk/matters"
	"mashang/desk/notes"
	"mashang/desk/overview"
	"mashang/desk/privacy"
	"mashang/desk/reception"
	"mashang/desk/results"
	"mashang/desk/roster"
	"mashang/desk/uploads"
)

// Factors is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type Factors interface {
	login.Factors
}

// Media is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type Media interface {
	uploads.Media
	roster.Media
	matters.Media
	privacy.Media
}

// Painter is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type Painter interface {
	codes.Painter
	login.Painter
	matters.Painter
	handover.Painter
}

// Platform is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type Platform interface {
	codes.Platform
	uploads.Platform
	delivery.Platform
	identity.Platform
	inbound.Platform
}

// Reporter is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type Reporter interface {
	overview.Reporter
}

// SMS is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type SMS interface {
	delivery.SMS
	identity.SMS
}

// Sealer is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type Sealer interface {
	audit.Sealer
	jobs.Sealer
	delivery.Sealer
	identity.Sealer
	login.Sealer
	roster.Sealer
	matters.Sealer
	filing.Sealer
	overview.Sealer
	privacy.Sealer
	handover.Sealer
}

// Sheets is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type Sheets interface {
	roster.Sheets
}

// Store is the sum of the areas' ports of that name: cmd gives one thing that fits all.
type Store interface {
	kit.Records
	kit.Store
	audit.Store
	jobs.Store
	codes.Store
	uploads.Store
	delivery.Store
	identity.Store
	login.Store
	roster.Store
	listing.Store
	results.Store
	notes.Store
	matters.Store
	filing.Store
	deadlines.Store
	inbound.Store
	overview.Store
	privacy.Store
}

// Handovers is the area's own port, beside the sum of the others.
type Handovers interface {
	handover.Store
}

// Documents is the port of those that keep documents, beside the sum of the others.
type Documents interface {
	delivery.Documents
	reception.Store
}
