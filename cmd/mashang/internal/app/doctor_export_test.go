package app

import (
	"context"
	"strings"

	"mashang/cmd/mashang/internal/config"
	"mashang/cmd/mashang/internal/doctor"
)

// ConfigFindings is what the doctor says of the configuration itself.
func ConfigFindings(cfg config.Config) string {
	return findingsOf(cfg, (*Doctor).config)
}

// WeChatFindings is what it says of the platform without a store.
func WeChatFindings(ctx context.Context, cfg config.Config) string {
	return findingsOf(cfg, func(d *Doctor) { d.wechat(ctx, nil) })
}

func findingsOf(cfg config.Config, examine func(*Doctor)) string {
	var out strings.Builder
	examine(&Doctor{Config: cfg, Findings: doctor.Findings{Out: &out}})
	return out.String()
}
