package main

import (
	"context"
	"time"

	"mashang/cmd/mashang/internal/app"
)

// routingCmd is the parent of the commands for routing.
type routingCmd struct {
	Replay   routingReplayCmd   `cmd:"" help:"用现在或另一份分派规则重算已有诉求，看哪些会分给别人；不改动数据。"`
	Train    routingTrainCmd    `cmd:"" help:"从本站已办结的诉求（或一个文件）学习按内容归类。"`
	Evaluate routingEvaluateCmd `cmd:"" help:"看按内容归类有多准；不改动数据。"`
}

type routingTrainCmd struct {
	File    string `arg:"" optional:"" help:"CSV：label,title,detail；不写为本站已办结的诉求。" type:"existingfile"`
	Station string `help:"站点编号；只有一个站点时可不写。"`
	Force   bool   `help:"即使不如现有的，也替换。"`
}

func (c *routingTrainCmd) Run(ctx context.Context, e *env) error {
	t, err := topics(e, c.File, c.Station)
	if err != nil {
		return err
	}
	t.Force = c.Force
	return t.Train(ctx)
}

type routingEvaluateCmd struct {
	File    string `arg:"" optional:"" help:"CSV：label,title,detail；不写为本站已办结的诉求。" type:"existingfile"`
	Station string `help:"站点编号；只有一个站点时可不写。"`
}

func (c *routingEvaluateCmd) Run(ctx context.Context, e *env) error {
	t, err := topics(e, c.File, c.Station)
	if err != nil {
		return err
	}
	return t.Evaluate(ctx)
}

func topics(e *env, file, station string) (app.Classifier, error) {
	cfg, _, log, err := e.load()
	return app.Classifier{Config: cfg, Log: log, Out: e.Stdout, Station: station, File: file, Now: time.Now}, err
}

type routingReplayCmd struct {
	Station string `help:"站点编号；只有一个站点时可不写。"`
	Since   string `help:"从哪一天起，如 2026-11-24；不写为最近七天。" placeholder:"DATE"`
	Rules   string `help:"规则文件（JSON，与 PUT /station/rules 相同）；不写为本站现行规则。" type:"existingfile" placeholder:"FILE"`
	JSON    bool   `help:"输出 JSON。"`
}

func (c *routingReplayCmd) Run(ctx context.Context, e *env) error {
	cfg, _, log, err := e.load()
	if err != nil {
		return err
	}
	return app.Replay{
		Config: cfg, Log: log, Out: e.Stdout, Station: c.Station, Since: c.Since, Rules: c.Rules, JSON: c.JSON, Now: time.Now,
	}.Run(ctx)
}
