package desktest

// An unreadable record must affect nothing but itself.

// Break makes a submission unreadable until mend is called.
func (b *Bundle) Break(id string) (mend func()) {
	b.T.Helper()
	c, key := b.Server.Client(b.T), "{"+Here+"}:s:"+id[len(Here)+1:]
	value, err := c.Get(b.T.Context(), key).Result()
	if err != nil {
		b.T.Fatal(err)
	}
	b.Damage(id)
	return func() {
		b.T.Helper()
		if err := c.Set(b.T.Context(), key, value, 0).Err(); err != nil {
			b.T.Fatal(err)
		}
	}
}
