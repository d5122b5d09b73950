package wechat

// The mini program's pages that the platform is told of: as the target of code
// images and of subscribe messages. The mini program's own page list must hold
// each of them.
const (
	PageScan   = "pages/scan/index"   // where a scanned code opens
	PageFile   = "pages/file/index"   // filing a submission
	PageMatter = "pages/matter/index" // one submission and its thread
	PageMine   = "pages/mine/index"   // a visitor's own submissions
	PageInbox  = "pages/inbox/index"  // a member's queue
	PageBind   = "pages/bind/index"   // binding by an invitation
)

// ContactPages are those with a contact button, from which alone a phone opens
// the chat. The mini program's tests compare them to the built package.
var ContactPages = []string{PageMatter, PageInbox, "pages/me/index"}

// Pages lists all of them; the emulator knows them as released.
var Pages = []string{PageScan, PageFile, PageMatter, PageMine, PageInbox, PageBind}
