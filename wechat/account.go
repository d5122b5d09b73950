package wechat

import (
	"context"
	"regexp"
	"strings"
)

// AccountTemplate is one subscribe-message template of the account.
type AccountTemplate struct {
	ID, Title string
	Type      TemplateType
	Fields    []TemplateField
}

// TemplateType says how often one consent of a person to a template counts. The values are the platform's.
// Service cards, its new templates, have numbers that its documentation does not name; they work with neither
// the mini program's popup nor the message call.
type TemplateType int

// The types that the platform documents.
const (
	OneTime  TemplateType = 2 // each tap allows one message
	LongTerm TemplateType = 3 // one tap allows all; never in one popup with OneTime
)

// TemplateField is one field of a template: the label that people read, and the key.
type TemplateField struct{ Label, Key string }

type templatesAnswer struct {
	Data []struct {
		ID      string `json:"priTmplId"`
		Title   string `json:"title"`
		Content string `json:"content"`
		Type    int    `json:"type"`
	} `json:"data"`
}

// AccountTemplates lists the account's own templates, as the platform's console
// shows them.
func (c *Client) AccountTemplates(ctx context.Context) ([]AccountTemplate, error) {
	var out templatesAnswer
	if err := c.getJSON(ctx, epTemplates, &out); err != nil {
		return nil, c.fault(err)
	}
	list := make([]AccountTemplate, 0, len(out.Data))
	for _, t := range out.Data {
		list = append(list, AccountTemplate{ID: t.ID, Title: t.Title, Type: TemplateType(t.Type), Fields: templateFields(t.Content)})
	}
	return list, nil
}

var fieldShape = regexp.MustCompile(`^(.*?)[:：]?\s*\{\{\s*([a-z_]+[0-9]{1,4})\.DATA\s*\}\}`)

// templateFields reads a template's content. Each line is a field, such as "受理编号:{{character_string1.DATA}}".
// Lines of another form are skipped.
func templateFields(content string) []TemplateField {
	var fields []TemplateField
	for line := range strings.Lines(content) {
		if m := fieldShape.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			fields = append(fields, TemplateField{Label: strings.TrimSpace(m[1]), Key: m[2]})
		}
	}
	return fields
}

type addressAnswer struct {
	List []string `json:"ip_list"`
}

// CallbackIPs lists the addresses and networks that the platform pushes from, for a firewall's list of allowed
// sources.
func (c *Client) CallbackIPs(ctx context.Context) ([]string, error) {
	return c.addresses(ctx, epCallback)
}

// APIIPs lists the addresses of the platform's API, for a firewall that restricts outgoing connections.
func (c *Client) APIIPs(ctx context.Context) ([]string, error) { return c.addresses(ctx, epDomain) }

func (c *Client) addresses(ctx context.Context, ep *endpoint) ([]string, error) {
	var out addressAnswer
	if err := c.getJSON(ctx, ep, &out); err != nil {
		return nil, c.fault(err)
	}
	return out.List, nil
}
