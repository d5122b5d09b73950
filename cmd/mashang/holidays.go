package main

import (
	"context"
	"time"

	"mashang/cmd/mashang/internal/app"
)

// holidaysCmd is the parent of the commands for the calendar.
type holidaysCmd struct {
	List  holidaysListCmd  `cmd:"" default:"1" help:"列出已有哪些年份的节假日安排，缺哪些。"`
	Renew holidaysRenewCmd `cmd:"" help:"录入新年份的节假日安排。"`
}

type holidaysListCmd struct{}

func (c *holidaysListCmd) Run(e *env) error {
	cfg, _, _, err := e.load()
	if err != nil {
		return err
	}
	return app.Holidays{Config: cfg, Out: e.Stdout, Now: time.Now()}.List()
}

type holidaysRenewCmd struct {
	Sources []string `arg:"" name:"source" help:"JSON 文件或 https 地址，一年一个：本产品的格式，或 holiday-cn 的格式。"`
}

func (c *holidaysRenewCmd) Run(ctx context.Context, e *env) error {
	cfg, _, _, err := e.load()
	if err != nil {
		return err
	}
	return app.Holidays{Config: cfg, Out: e.Stdout, Now: time.Now()}.Renew(ctx, c.Sources)
}
