package store_test

import (
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/store"
	"mashang/store/storetest"
)

// prepared makes n admissions ahead, so that only the store is measured.
func prepared(n int) []record.Admission {
	list := make([]record.Admission, n)
	for i := range list {
		list[i] = filing(1<<30, "m1", "m2", "m3")
	}
	return list
}

func BenchmarkAdmit(b *testing.B) {
	s := storetest.New(b).Open(b)
	list := prepared(b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if _, _, err := s.Admit(b.Context(), list[i]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAdmitDurable shares each fsync among many clients, as requests do.
func BenchmarkAdmitDurable(b *testing.B) {
	s := storetest.New(b, storetest.Durable()).Open(b)
	list := make(chan record.Admission, b.N)
	for _, a := range prepared(b.N) {
		list <- a
	}
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, err := s.Admit(b.Context(), <-list); err != nil {
				b.Error(err)
			}
		}
	})
}

func filled(b *testing.B, n int) *store.Store {
	b.Helper()
	s := storetest.New(b).Open(b)
	for _, a := range prepared(n) {
		if _, _, err := s.Admit(b.Context(), a); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func BenchmarkPage20(b *testing.B) {
	s := filled(b, 500)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := s.Page(b.Context(), st, inboxOf1, record.Cursor{}, 20); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	s := storetest.New(b).Open(b)
	sub, _, err := s.Admit(b.Context(), filing(1, "m1"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Load(b.Context(), sub.ID); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoads31(b *testing.B) {
	s := filled(b, 50)
	members := make([]string, 31)
	for i := range members {
		members[i] = "m" + string(rune('a'+i))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Loads(b.Context(), st, members); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCommit(b *testing.B) {
	s := storetest.New(b).Open(b)
	was, _, err := s.Admit(b.Context(), filing(1, "m1"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		next := was
		next.Version++
		next.State = casework.Accepted
		if was.State == casework.Accepted {
			next.State = casework.Answered
		}
		next.DueAt = casework.At(noon.Add(time.Duration(next.Version) * time.Minute))
		if ok, err := s.Commit(b.Context(), was, next, nil); err != nil || !ok {
			b.Fatal(ok, err)
		}
		was = next
	}
}
