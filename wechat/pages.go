package wechat

// Pages of the mini program that code images and subscribe messages open; its list of pages must contain each.
const (
	PageScan   = "pages/scan/index"    // where a scanned code opens
	PageFile   = "pages/file/index"    // filing a submission
	PageMatter = "pages/matter/index"  // one submission and its thread
	PageMine   = "pages/mine/index"    // a visitor's own submissions
	PageInbox  = "pages/inbox/index"   // a member's queue
	PageBind   = "pages/bind/index"    // binding by an invitation
	PageBooked = "pages/booking/index" // a visitor's booking of a reception day
	PageDuty   = "pages/duty/index"    // a member's reception days
)

// ContactPages have a contact button and alone open the chat; the mini program's tests compare them to the package.
var ContactPages = []string{PageMatter, PageInbox, "pages/me/index"}

// Pages lists all of them. The emulator treats them as released.
var Pages = []string{PageScan, PageFile, PageMatter, PageMine, PageInbox, PageBind, PageBooked, PageDuty}
