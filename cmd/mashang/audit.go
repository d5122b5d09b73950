package main

import (
	"context"

	"mashang/cmd/mashang/internal/app"
)

// auditCmd proves that nobody changed the audit.
type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"核对操作记录：每一条都没有被改、删、换、插。"`
	Heads  auditHeadsCmd  `cmd:"" help:"输出各站点操作记录的末端，另存到别的机器，供以后核对。"`
}

type auditVerifyCmd struct {
	Heads string `help:"以前用 audit heads 另存的文件：还能查出末尾被截断、整链被重写。" type:"path" placeholder:"FILE"`
}

func (c *auditVerifyCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.AuditCheck{Config: cfg, Log: log, Out: e.Stdout, Heads: c.Heads}.Verify(ctx)
}

type auditHeadsCmd struct{}

func (c *auditHeadsCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.AuditCheck{Config: cfg, Log: log, Out: e.Stdout}.Print(ctx)
}
