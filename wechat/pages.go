package wechat

// Pages of the mini program that the platform is told of, as targets of code images and of subscribe messages.
// The mini program's page list must contain each of them.
const (
	PageScan   = "pages/scan/index"   // where a scanned code opens
	PageFile   = "pages/file/index"   // filing a submission
	PageMatter = "pages/matter/index" // one submission and its thread
	PageMine   = "pages/mine/index"   // a visitor's own submissions
	PageInbox  = "pages/inbox/index"  // a member's queue
	PageBind   = "pages/bind/index"   // binding by an invitation
)

// ContactPages are the pages with a contact button, the only ones that open the chat. The mini program's tests
// compare them to the built package.
var ContactPages = []string{PageMatter, PageInbox, "pages/me/index"}

// Pages lists all of them. The emulator treats them as released.
var Pages = []string{PageScan, PageFile, PageMatter, PageMine, PageInbox, PageBind}
