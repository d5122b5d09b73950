package desktest

// LastChatLine writes into the chat and returns the last line there. Unlike ChatAnswer it works beyond the
// number of lines that the emulator keeps.
func (b *Bundle) LastChatLine(words string) string {
	b.T.Helper()
	if err := b.Emu.Write(b.T.Context(), PhoneOfM01, words); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
	lines := b.Emu.Chat(PhoneOfM01)
	return lines[len(lines)-1].Text
}
