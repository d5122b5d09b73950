#!/bin/sh
# Cuts the signs' font out of WenQuanYi Micro Hei; see README.md beside this
# file. Usage: subset.sh FONT.ttc, run in this folder.
# Needs python3, hb-subset (Debian: libharfbuzz-bin) and gzip.
set -eu
font=${1:?usage: subset.sh FONT.ttc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - > "$work/text" <<'PY'
def gbk():
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                yield bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                pass

ascii = "".join(map(chr, range(0x20, 0x7F)))
# Dots met in names of several peoples, and signs met in addresses.
extra = "·•–—€²³㎡№"
# The font maps these to empty outlines. Without them they count as missing, and
# a sign that holds one is refused instead of printed with a gap.
empty = set("℃ⅤⅩˊˋ℉ǎǐǒǔǘǚǜ")
print("".join(c for c in ascii + extra + "".join(gbk()) if c not in empty), end="")
PY

hb-subset "$font" --face-index=0 --text-file="$work/text" --no-hinting \
	--output-file="$work/sign.ttf"
gzip -9 -n -c "$work/sign.ttf" > sign.ttf.gz
ls -l sign.ttf.gz
