#!/usr/bin/env python3
"""Cuts the fallback fonts out of their originals; see README.md beside this file.

usage: fallback.py NOTO CJK EMOJI, run in this folder.
NOTO is the folder of Debian's fonts-noto-core and fonts-noto-extra, CJK the file
NotoSansCJK-Regular.ttc of fonts-noto-cjk, EMOJI the file NotoEmoji_400Regular.ttf
of the npm package @expo-google-fonts/noto-emoji. Needs fonttools.
"""
import gzip
import io
import sys

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import cmap_format_4, cmap_format_12

# Each glyph is also reachable under a code point of its own, from here on: the PDF
# library draws characters only, and a joined letter is none. Every font has its own
# stretch, so that a code point names font and glyph.
FIRST = 0x100000
LAST = 0x10FFFD

noto, cjk, emoji = sys.argv[1:4]


def signs():
    """The characters of the signs' own font: no fallback repeats them."""
    with gzip.open("sign.ttf.gz") as packed:
        return set(TTFont(io.BytesIO(packed.read())).getBestCmap())


def han():
    for font in TTCollection(cjk).fonts:
        if font["name"].getDebugName(4) == "Noto Sans CJK SC":
            return font
    raise SystemExit("no Noto Sans CJK SC in " + cjk)


def beside(name):
    return lambda: TTFont(f"{noto}/{name}-Regular.ttf")


# In the order in which they are asked.
FONTS = [
    ("han", han, ["ccmp", "ljmo", "vjmo", "tjmo"]),
    ("latin", beside("NotoSans"), ["ccmp", "locl", "mark", "mkmk"]),
    ("arabic", beside("NotoSansArabic"), ["*"]),
    ("tibetan", beside("NotoSerifTibetan"), ["*"]),
    ("mongolian", beside("NotoSansMongolian"), ["*"]),
    ("yi", beside("NotoSansYi"), ["*"]),
    ("taile", beside("NotoSansTaiLe"), ["*"]),
    ("newtailue", beside("NotoSansNewTaiLue"), ["*"]),
    ("taitham", beside("NotoSansTaiTham"), ["*"]),
    ("lisu", beside("NotoSansLisu"), ["*"]),
    ("miao", beside("NotoSansMiao"), ["*"]),
    ("thai", beside("NotoSansThai"), ["*"]),
    ("lao", beside("NotoSansLao"), ["*"]),
    ("myanmar", beside("NotoSansMyanmar"), ["*"]),
    ("emoji", lambda: TTFont(emoji), ["*"]),
    ("symbols", beside("NotoSansSymbols"), ["ccmp", "mark"]),
    ("symbols2", beside("NotoSansSymbols2"), ["ccmp"]),
    ("math", beside("NotoSansMath"), ["ccmp", "mark", "mkmk"]),
]

# Of these fonts only what no font before them has is kept. The others keep their
# digits, marks and points: a letter is set with its marks in one font, and the rules
# of a script speak of them.
NEW_ONLY = ("han", "symbols", "symbols2", "math")


def simple(font):
    """Draws every glyph anew as quadratic contours without components."""
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    units = font["head"].unitsPerEm
    glyf, metrics = newTable("glyf"), {}
    glyf.glyphs, glyf.glyphOrder = {}, order
    for name in order:
        drawn = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(drawn)
        pen = TTGlyphPen(None)
        drawn.replay(Cu2QuPen(pen, units / 1000, reverse_direction="CFF " in font))
        glyph = pen.glyph()
        glyph.recalcBounds(glyf)
        glyf.glyphs[name] = glyph
        metrics[name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    font["glyf"], font["loca"] = glyf, newTable("loca")
    font["hmtx"].metrics = metrics
    old = font["maxp"]
    maxp = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00010000, old.numGlyphs
    maxp.maxZones = 1
    for field in ("maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements "
                  "maxSizeOfInstructions maxComponentElements maxComponentDepth maxPoints maxContours "
                  "maxCompositePoints maxCompositeContours").split():
        setattr(maxp, field, 0)
    font["maxp"] = maxp
    font["head"].glyphDataFormat = 0
    font["head"].indexToLocFormat = 1
    for table in ("CFF ", "VORG", "vhea", "vmtx", "STAT", "gasp", "DSIG", "BASE", "meta"):
        if table in font:
            del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"


def code_points(font, characters, first):
    """Replaces the character map by one that also has every glyph from first on."""
    order = font.getGlyphOrder()
    everything = dict(characters)
    everything.update({first + i: name for i, name in enumerate(order)})
    low = cmap_format_4(4)
    low.platformID, low.platEncID, low.language = 3, 1, 0
    low.cmap = {c: n for c, n in characters.items() if c <= 0xFFFF}
    full = cmap_format_12(12)
    full.platformID, full.platEncID, full.language = 3, 10, 0
    full.format, full.reserved, full.length, full.nGroups = 12, 0, 0, 0
    full.cmap = everything
    table = newTable("cmap")
    table.tableVersion, table.tables = 0, [low, full]
    font["cmap"] = table


def main():
    seen, first = signs(), FIRST
    for name, load, features in FONTS:
        font = load()
        stamp = font["head"].modified
        have = set(font.getBestCmap())
        wanted = have - seen if name in NEW_ONLY else have
        options = subset.Options()
        options.layout_features = features
        options.hinting = False
        options.notdef_outline = True
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
        options.drop_tables += ["FFTM"]
        options.glyph_names = False
        cut = subset.Subsetter(options)
        cut.populate(unicodes=wanted)
        cut.subset(font)
        simple(font)
        characters = {c: n for c, n in font.getBestCmap().items() if c in wanted}
        code_points(font, characters, first)
        font["post"].formatType = 3.0
        font.recalcTimestamp = False
        font["head"].modified = stamp
        plain = io.BytesIO()
        font.save(plain, reorderTables=True)
        with open(f"{name}.ttf.gz", "wb") as out:
            with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0, compresslevel=9) as packed:
                packed.write(plain.getvalue())
        glyphs = len(font.getGlyphOrder())
        print(f"{name:10} {len(characters):6} characters {glyphs:6} glyphs {plain.tell():9} bytes from {first:X}", flush=True)
        first += glyphs
        seen |= set(characters)
    if first > LAST:
        raise SystemExit("more glyphs than code points")


main()
