package main

import (
	"context"
	"time"

	"mashang/cmd/mashang/internal/app"
)

// figuresCmd prints a station's figures.
type figuresCmd struct {
	Station string `help:"站点编号；只有一个站点时可不写。"`
	From    string `help:"从哪一天起，如 2026-07-01；不写为本月一日。" placeholder:"DATE"`
	To      string `help:"到哪一天（含当天）；不写为现在。" placeholder:"DATE"`
	By      string `help:"分组：station、month、kind、category、visitor、channel、target、sector、village、member。" default:"member" enum:"station,month,kind,category,visitor,channel,target,sector,village,member"`
	CSV     string `help:"写成 CSV 文件（可用 Excel 打开）。" type:"path" placeholder:"FILE"`
}

func (c *figuresCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Figures{
		Config: cfg, Log: log, Out: e.Stdout, Station: c.Station, From: c.From, To: c.To, By: c.By, CSV: c.CSV, Now: time.Now,
	}.Run(ctx)
}
