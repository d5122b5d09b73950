package desktest

func (b *Bundle) AlarmIDs() []string {
	b.T.Helper()
	p, err := b.Matters.Alarms(b.T.Context(), b.Liaison(), "", 0)
	if err != nil {
		b.T.Fatal(err)
	}
	today, err := b.Overview.Today(b.T.Context(), b.Liaison())
	if err != nil || today.Alarms != len(p.Items) {
		b.T.Errorf("today has %d alarms, the list %d: %v", today.Alarms, len(p.Items), err)
	}
	var ids []string
	for _, v := range p.Items {
		ids = append(ids, v.ID)
	}
	return ids
}
