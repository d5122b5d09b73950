// Package desk joins the areas of the product, one package an area. Each use case takes the context and the
// caller, checks access, lets the domain decide, and has the adapters carry it out.
package desk

import (
	"io"
	"log/slog"
	"time"

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
	"mashang/domain/calendar"
)

// Parts are the adapters.
type Parts struct {
	Store Store
	// Handovers keeps offers to hand submissions over; it is the store again.
	Handovers Handovers
	// Documents keeps reception days and bookings; it is the store again.
	Documents Documents
	Platform  Platform
	Sealer    Sealer
	Media     Media
	Painter   Painter
	Sheets    Sheets
	Reporter  Reporter
	// Calendars writes the calendars that phones subscribe to.
	Calendars reception.Calendars
	// SMS sends one-time codes and texts; nil means there is no login by phone.
	SMS SMS
	// Factors check passwords and codes of authenticator apps; nil means that nobody signs in by them.
	Factors login.Factors
	// Examine examines the platform; nil where it is emulated.
	Examine overview.Examine
	Days    *calendar.Calendar
	Now     func() time.Time
	Rand    io.Reader
	Log     *slog.Logger
}

// Desk has all areas. It is safe for concurrent use.
type Desk struct {
	kit *kit.Kit

	Audit     *audit.Service
	Jobs      *jobs.Service
	Codes     *codes.Service
	Uploads   *uploads.Service
	Delivery  *delivery.Service
	Identity  *identity.Service
	Login     *login.Service
	Roster    *roster.Service
	Listing   *listing.Service
	Results   *results.Service
	Notes     *notes.Service
	Matters   *matters.Service
	Filing    *filing.Service
	Deadlines *deadlines.Service
	Inbound   *inbound.Service
	Overview  *overview.Service
	Privacy   *privacy.Service
	Handover  *handover.Service
	Reception *reception.Service
}

// New joins the areas.
func New(cfg kit.Config, p Parts) *Desk {
	k := kit.New(cfg, kit.Parts{Store: p.Store, Records: p.Store, Days: p.Days, Now: p.Now, Rand: p.Rand, Log: p.Log})
	d := &Desk{kit: k}
	d.Audit = audit.New(audit.Parts{Kit: k, Sealer: p.Sealer, Store: p.Store})
	d.Jobs = jobs.New(jobs.Parts{Kit: k, Sealer: p.Sealer, Store: p.Store})
	d.Codes = codes.New(codes.Parts{Kit: k, Audit: d.Audit, Jobs: d.Jobs, Painter: p.Painter, Platform: p.Platform, Store: p.Store})
	d.Uploads = uploads.New(uploads.Parts{Kit: k, Media: p.Media, Platform: p.Platform, Store: p.Store})
	d.Delivery = delivery.New(delivery.Parts{Kit: k, Platform: p.Platform, SMS: p.SMS, Sealer: p.Sealer, Store: p.Store, Documents: p.Documents})
	d.Identity = identity.New(identity.Parts{Kit: k, Audit: d.Audit, Codes: d.Codes, Delivery: d.Delivery, Platform: p.Platform, Sealer: p.Sealer, SMS: p.SMS, Store: p.Store})
	d.Login = login.New(login.Parts{Kit: k, Audit: d.Audit, Identity: d.Identity, Factors: p.Factors, Painter: p.Painter, Sealer: p.Sealer, Store: p.Store})
	d.Roster = roster.New(roster.Parts{Kit: k, Audit: d.Audit, Codes: d.Codes, Uploads: d.Uploads, Identity: d.Identity, Media: p.Media, Sealer: p.Sealer, Sheets: p.Sheets, Store: p.Store})
	d.Reception = reception.New(reception.Parts{Kit: k, Audit: d.Audit, Delivery: d.Delivery, Reveals: d.Roster, Phones: d.Identity, People: d.Identity, Painter: p.Painter, Calendars: p.Calendars, Visits: p.Store, Sealer: p.Sealer, Store: p.Documents})
	d.Listing = listing.New(listing.Parts{Kit: k, Store: p.Store})
	d.Notes = notes.New(notes.Parts{Kit: k, Audit: d.Audit, Listing: d.Listing, Store: p.Store})
	d.Results = results.New(results.Parts{Kit: k, Audit: d.Audit, Store: p.Store})
	d.Matters = matters.New(matters.Parts{Kit: k, Audit: d.Audit, Uploads: d.Uploads, Delivery: d.Delivery, Roster: d.Roster, Listing: d.Listing, Results: d.Results, Media: p.Media, Painter: p.Painter, Sealer: p.Sealer, Store: p.Store})
	d.Filing = filing.New(filing.Parts{Kit: k, Uploads: d.Uploads, Identity: d.Identity, Matters: d.Matters, Sealer: p.Sealer, Store: p.Store})
	d.Deadlines = deadlines.New(deadlines.Parts{Kit: k, Delivery: d.Delivery, Roster: d.Roster, Matters: d.Matters, Store: p.Store})
	d.Inbound = inbound.New(inbound.Parts{Kit: k, Uploads: d.Uploads, Delivery: d.Delivery, Matters: d.Matters, Platform: p.Platform, Store: p.Store})
	d.Overview = overview.New(overview.Parts{Examine: p.Examine, Kit: k, Audit: d.Audit, Jobs: d.Jobs, Codes: d.Codes, Delivery: d.Delivery, Roster: d.Roster, Listing: d.Listing, Matters: d.Matters, Reporter: p.Reporter, Sealer: p.Sealer, Store: p.Store})
	d.Privacy = privacy.New(privacy.Parts{Kit: k, Audit: d.Audit, Delivery: d.Delivery, Identity: d.Identity, Notes: d.Notes, Matters: d.Matters, Reception: d.Reception, Media: p.Media, Sealer: p.Sealer, Store: p.Store})
	d.Handover = handover.New(handover.Parts{Kit: k, Audit: d.Audit, Delivery: d.Delivery, Identity: d.Identity, Matters: d.Matters, Privacy: d.Privacy, Painter: p.Painter, Sealer: p.Sealer, Store: p.Handovers})
	return d
}
