package photo

// MaxScans is the maximum number of scans of a progressive JPEG. Encoders write about ten; each makes the
// decoder visit all pixels.
const MaxScans = 100

// maxScans returns the maximum number of scans of this file. A sequential JPEG stores each component once.
func (m *metadata) maxScans() int {
	if m.progressive {
		return MaxScans
	}
	return maxComponents
}

// Memory of the decoders, in bytes.
const (
	fixedBytes = 1 << 20 // for every picture: windows, tables, buffers

	coefficientBytes = 4 // per sample, kept to the end of a progressive JPEG
	foreignBytes     = 4 // per pixel that is not Y'CbCr, converted at the end

	lossyTenths   = 16 // tenths of a byte per pixel of lossy WebP: Y'CbCr 4:2:0 and filters
	alphaBytes    = 9  // per pixel of WebP's alpha channel: itself, and a lossless picture's
	losslessBytes = 8  // per pixel of lossless WebP: before and after the colour lookup
	treesBytes    = 8 << 20
	treesPerByte  = 256       // Huffman trees: at most this for a byte of the file,
	maxTreesBytes = 140 << 20 // and 2600 groups of five in all
)

// memoryNeeded estimates the maximum memory of Render: the decoder's, the result, and the rows in between.
func (h Header) memoryNeeded(m metadata) int64 {
	pixels := int64(h.Width) * int64(h.Height)
	width, height := Fit(h.Width, h.Height, h.side, minReadableSide)
	weight := int64(fixedBytes) + 3*(int64(width)+1)*(int64(height)+1)/2 + rowBytes*int64(h.Width)
	switch h.Kind {
	case JPEG:
		samples := m.samples(h.Width, h.Height)
		weight += samples
		if m.progressive {
			weight += coefficientBytes * samples
		}
		if m.needsConversion() {
			weight += foreignBytes * pixels
		}
	case WebP:
		if m.lossless > 0 {
			weight += losslessBytes*pixels + treesMemory(m.lossless)
		} else {
			weight += lossyTenths*pixels/10 + m.lossy
		}
		if m.alpha > 0 {
			weight += alphaBytes*pixels + treesMemory(m.alpha)
		}
	case PNG:
		weight += h.png.memoryNeeded()
	}
	return weight
}

// treesMemory returns the maximum memory of the Huffman trees in size bytes of lossless WebP.
func treesMemory(size int64) int64 {
	return min(treesBytes+treesPerByte*size, maxTreesBytes)
}

// samples returns the bytes of a JPEG's components, in whole blocks of whole units.
func (m *metadata) samples(width, height int) int64 {
	if len(m.components) == 1 {
		return roundUp(width, 8) * roundUp(height, 8)
	}
	var across, down int
	for _, c := range m.components {
		across, down = max(across, c.across), max(down, c.down)
	}
	if across == 0 || down == 0 {
		return 0
	}
	units := roundUp(width, 8*across) / int64(8*across) * (roundUp(height, 8*down) / int64(8*down))
	var sum int64
	for _, c := range m.components {
		sum += units * int64(64*c.across*c.down)
	}
	return sum
}

// roundUp returns n rounded up to a multiple of step.
func roundUp(n, step int) int64 { return int64((n + step - 1) / step * step) }

// needsConversion reports whether a JPEG's colours are converted as a whole at the end: they are CMYK or RGB.
func (m *metadata) needsConversion() bool {
	if len(m.components) != 3 {
		return len(m.components) > 3
	}
	rgb := m.components[0].id == 'R' && m.components[1].id == 'G' && m.components[2].id == 'B'
	return rgb || m.adobeRGB
}

// minSize returns the minimum size in bytes of a whole file of this kind and size. It is a bound of the format: a
// JPEG needs at least a bit for each block of 64 pixels, and a PNG's rows compress at most 1032-fold.
func (h Header) minSize() int64 {
	switch h.Kind {
	case JPEG:
		return int64(h.Width) * int64(h.Height) / 64 / 8
	case PNG:
		return h.png.rowLen(h.Width) * int64(h.Height) / 1032
	default:
		return 0
	}
}
