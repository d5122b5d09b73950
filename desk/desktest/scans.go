package desktest

import (
	"mashang/desk/codes"
	"mashang/domain/record"
)

// UseOf returns a code's use, as staff see it.
func (b *Bundle) UseOf(key string) record.CodeUse {
	b.T.Helper()
	p, err := b.Codes.Codes(b.T.Context(), b.Liaison(), codes.CodeFilter{Query: key}, "", 0)
	if err != nil || len(p.Items) != 1 {
		b.T.Fatal(len(p.Items), err)
	}
	return p.Items[0].Use
}

func (b *Bundle) Scan(key, who string) {
	b.T.Helper()
	s, err := b.Codes.Sign(b.T.Context(), key)
	if err != nil {
		b.T.Fatal(err)
	}
	b.Codes.Scanned(&s, who)
}
