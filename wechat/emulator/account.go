package emulator

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// The addresses that the platform says it calls from and is called at. They are from the block for
// documentation, so that a firewall never admits a real host because of them.
var (
	callbackAddresses = []string{"203.0.113.10", "203.0.113.11"}
	apiAddresses      = []string{"203.0.113.20"}
)

type addressAnswer struct {
	List []string `json:"ip_list"`
}

func (e *Emulator) callbackIPs(context.Context, call) (any, *refusal) {
	return addressAnswer{callbackAddresses}, nil
}

func (e *Emulator) apiIPs(context.Context, call) (any, *refusal) {
	return addressAnswer{apiAddresses}, nil
}

type templatesAnswer struct {
	plainAnswer
	Data []accountTemplate `json:"data"`
}

type accountTemplate struct {
	ID      string `json:"priTmplId"`
	Title   string `json:"title"`
	Content string `json:"content"`
	Example string `json:"example"`
	Type    int    `json:"type"`
}

// listTemplates lists the templates in the order of Options.
func (e *Emulator) listTemplates(context.Context, call) (any, *refusal) {
	out := templatesAnswer{okAnswer, make([]accountTemplate, len(e.opts.Templates))}
	for i, t := range e.opts.Templates {
		var content, example strings.Builder
		for _, f := range t.Fields {
			name := cmp.Or(f.Name, f.Key)
			fmt.Fprintf(&content, "%s:{{%s.DATA}}\n", name, f.Key)
			fmt.Fprintf(&example, "%s:%s\n", name, fieldExamples[fieldType(f.Key)])
		}
		out.Data[i] = accountTemplate{ID: t.ID, Title: t.Title, Content: content.String(), Example: example.String(), Type: cmp.Or(t.Type, OneTime)}
	}
	return out, nil
}

// checkIP refuses a caller that is not on the IP list, if there is one.
func (e *Emulator) checkIP(peer string) *refusal {
	if len(e.opts.AllowedIPs) == 0 || slices.Contains(e.opts.AllowedIPs, peer) {
		return nil
	}
	mapped := peer
	if a, err := netip.ParseAddr(peer); err == nil && a.Is4() {
		mapped = netip.AddrFrom16(a.As16()).String()
	}
	return refuse(40164, fmt.Sprintf("invalid ip %s ipv6 %s, not in whitelist", peer, mapped))
}
