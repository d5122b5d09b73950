package store

import (
	"context"
	"embed"

	"github.com/redis/go-redis/v9"
)

//go:embed scripts/*.lua
var sources embed.FS

// script is one Lua script, run by its digest.
type script struct {
	source string
	lua    *redis.Script
}

var (
	scriptAdmit           = scriptFrom("admit")
	scriptCommit          = scriptFrom("commit")
	scriptRemind          = scriptFrom("remind")
	scriptPage            = scriptFrom("page")
	scriptLoads           = scriptFrom("loads")
	scriptEnqueue         = scriptFrom("enqueue")
	scriptLease           = scriptFrom("lease")
	scriptPostpone        = scriptFrom("postpone")
	scriptFinish          = scriptFrom("finish")
	scriptRoster          = scriptFrom("roster")
	scriptSpend           = scriptFrom("spend")
	scriptRelease         = scriptFrom("release")
	scriptUnbind          = scriptFrom("unbind")
	scriptJudge           = scriptFrom("judge")
	scriptGrant           = scriptFrom("grant")
	scriptBudget          = scriptFrom("budget")
	scriptChatOpen        = scriptFrom("chatopen")
	scriptChatTake        = scriptFrom("chattake")
	scriptUndelivered     = scriptFrom("untold")
	scriptDropUndelivered = scriptFrom("told")
	scriptTry             = scriptFrom("try")
	scriptAudit           = scriptFrom("audit")
	scriptSwap            = scriptFrom("swap")
	scriptLater           = scriptFrom("later")
	scriptRate            = scriptFrom("rate")
	scriptCommitAll       = scriptFrom("together")
	scriptFinishRelay     = scriptFrom("heard")
	scriptUrged           = scriptFrom("assisturged")
	scriptAnnotate        = scriptFrom("annotate")
	scriptDocuments       = scriptFrom("documents")
	scriptDocumentPage    = scriptFrom("documentpage")
)

// scripts are all scripts, to be loaded at the start; scriptFrom appends to it.
var scripts []*script

// scriptFrom reads an embedded file. A missing one panics at the start.
func scriptFrom(name string) *script {
	source, err := sources.ReadFile("scripts/" + name + ".lua")
	if err != nil {
		panic(err)
	}
	s := &script{source: string(source), lua: redis.NewScript(string(source))}
	scripts = append(scripts, s)
	return s
}

// run sends the digest, and the whole source only when the server does not know the digest, in which case
// nothing was done. So it never repeats a write.
func (c *script) run(ctx context.Context, rdb *redis.Client, keys []string, args ...any) *redis.Cmd {
	return c.lua.Run(ctx, rdb, keys, args...)
}
