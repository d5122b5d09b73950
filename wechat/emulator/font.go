package emulator

// glyphSize is the side of a Chinese glyph in dots.
const glyphSize = 16

// letterWidth and letterHeight are the size of a letter in dots.
const (
	letterWidth  = 5
	letterHeight = 7
)

// glyphs are the three characters 模拟码, drawn by hand on a grid of 16 by 16.
var glyphs = [3][glyphSize]uint16{
	{ // 模
		0b0001000001001000,
		0b0001000111111111,
		0b0001000001001000,
		0b1111110011111110,
		0b0001000010000010,
		0b0011100011111110,
		0b0011010010000010,
		0b0101001011111110,
		0b0101000000010000,
		0b1001000111111111,
		0b0001000000010000,
		0b0001000000101000,
		0b0001000000101000,
		0b0001000001000100,
		0b0001000010000010,
		0b0001000100000001,
	},
	{ // 拟
		0b0001000000000000,
		0b0001000010000010,
		0b0001000010100010,
		0b1111110010010010,
		0b0001000010010010,
		0b0001000010000010,
		0b0001010010000010,
		0b0001100010000010,
		0b0011000010000100,
		0b1101000010010100,
		0b0001000010100100,
		0b0001000011001010,
		0b0001000010001010,
		0b0001000000010001,
		0b0101000000100001,
		0b0010000001000000,
	},
	{ // 码
		0b0000000000000000,
		0b1111111001111110,
		0b0010000000000010,
		0b0010000001000010,
		0b0010000001000010,
		0b0100000001000010,
		0b0111110001000010,
		0b0100010001000010,
		0b1100010001111111,
		0b1100010000000001,
		0b0100010000000001,
		0b0100010111111101,
		0b0100010000000001,
		0b0111110000000001,
		0b0100010000001010,
		0b0000000000000100,
	},
}

// letters are the characters that a scene may contain. Each has its rows from the top, a row of five dots being
// one digit of base 32 (0-9, a-v).
var letters = map[byte]string{
	'!': "4444404", '#': "aavavaa", '$': "4fke5u4", '&': "cik8lid", '\'': "4480000", '(': "2488842",
	')': "8422248", '*': "04lel40", '+': "044v440", ',': "0000c48", '-': "000v000", '.': "00000cc",
	'/': "01248g0", '0': "ehjlphe", '1': "4c4444e", '2': "eh1248v", '3': "v2421he", '4': "26aiv22",
	'5': "vgu11he", '6': "68guhhe", '7': "v124888", '8': "ehhehhe", '9': "ehhf12c", ':': "0cc0cc0",
	';': "0cc0c48", '=': "00v0v00", '?': "eh12404", '@': "eh1dlle", 'A': "ehhvhhh", 'B': "uhhuhhu",
	'C': "ehggghe", 'D': "sihhhis", 'E': "vgguggv", 'F': "vgguggg", 'G': "ehgnhhf", 'H': "hhhvhhh",
	'I': "e44444e", 'J': "72222ic", 'K': "hikokih", 'L': "ggggggv", 'M': "hrllhhh", 'N': "hhpljhh",
	'O': "ehhhhhe", 'P': "uhhuggg", 'Q': "ehhhlid", 'R': "uhhukih", 'S': "fgge11u", 'T': "v444444",
	'U': "hhhhhhe", 'V': "hhhhha4", 'W': "hhhllla", 'X': "hha4ahh", 'Y': "hhha444", 'Z': "v1248gv",
	'_': "000000v", 'a': "00e1fhf", 'b': "ggmphhu", 'c': "00egghe", 'd': "11djhhf", 'e': "00ehvge",
	'f': "698s888", 'g': "0fhhf1e", 'h': "ggmphhh", 'i': "40c444e", 'j': "20622ic", 'k': "ggikoki",
	'l': "c44444e", 'm': "00qllhh", 'n': "00mphhh", 'o': "00ehhhe", 'p': "00uhugg", 'q': "00djf11",
	'r': "00mpggg", 's': "00ege1u", 't': "88s8896", 'u': "00hhhjd", 'v': "00hhha4", 'w': "00hhlla",
	'x': "00ha4ah", 'y': "00hhf1e", 'z': "00v248v", '~': "008l200",
}

// letterRows returns a character's rows; an unknown one is a full block.
func letterRows(c byte) [letterHeight]uint16 {
	rows, ok := letters[c]
	if !ok {
		rows = "vvvvvvv"
	}
	var out [letterHeight]uint16
	for i := range out {
		switch d := rows[i]; {
		case d <= '9':
			out[i] = uint16(d - '0')
		default:
			out[i] = uint16(d-'a') + 10
		}
	}
	return out
}
