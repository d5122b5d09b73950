package qrcodes

// impose puts A5 pages on landscape A4, two on each, with crop marks at the edge. Other pages stay unchanged.
func impose(leaves []*canvas) []*canvas {
	const tick = 4.0
	sheets := make([]*canvas, 0, (len(leaves)+1)/2)
	var open *canvas
	for _, l := range leaves {
		if l.w != doorWidth || l.h != doorHeight {
			sheets = append(sheets, l)
			continue
		}
		if open != nil {
			open.place(l, pageHeight-doorWidth, 0, false)
			open = nil
			continue
		}
		open = newCanvas(pageHeight, pageWidth, l.measure)
		open.place(l, 0, 0, false)
		for _, x := range []float64{doorWidth, pageHeight - doorWidth} {
			open.line(x, 0, 0, tick, 0.2, ink, false)
			open.line(x, pageWidth-tick, 0, tick, 0.2, ink, false)
		}
		sheets = append(sheets, open)
	}
	return sheets
}
