// Package archtest holds the shape of the house: who may import whom, who owns
// which technology, how long a file may grow, and what may not be committed.
//
// It has no code of its own. The linter says the import rule at the line that
// breaks it; the tests here ask the compiler's own import graph, so that a file
// the linter was told to skip is seen too, and they prove on made-up graphs
// that the rule would be caught when broken.
package archtest
