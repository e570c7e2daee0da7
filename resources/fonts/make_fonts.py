#!/usr/bin/python3
"""Makes the fonts inside the program from the distribution's packages (fonts-inter, fonts-jetbrains-mono, python3-fonttools).

Qt 6.4 cannot switch OpenType features on, so tabular figures ("tnum") are frozen into the character map: every number in
Hone lines up in columns. The files are cut to what the program shows and renamed, so that an installed Inter of another
version never takes their place. Run it in this folder: ./make_fonts.py
"""
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

INTER = Path("/usr/share/fonts/opentype/inter")
MONO = Path("/usr/share/fonts/truetype/jetbrains-mono")
FONTS = [  # source, output, family, style
    (INTER / "Inter-Regular.otf", "HoneInter-Regular.otf", "Hone Inter", "Regular"),
    (INTER / "Inter-Medium.otf", "HoneInter-Medium.otf", "Hone Inter", "Medium"),
    (INTER / "Inter-SemiBold.otf", "HoneInter-SemiBold.otf", "Hone Inter", "SemiBold"),
    (MONO / "JetBrainsMono-Regular.ttf", "HoneMono-Regular.ttf", "Hone Mono", "Regular"),
]
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x2C6, 0x2DD), (0x391, 0x3C9), (0x400, 0x45F), (0x2000, 0x206F), (0x2070, 0x209F),
          (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),
          (0x2460, 0x2473), (0x2500, 0x25FF), (0x2600, 0x26FF), (0x2700, 0x27BF), (0xFB01, 0xFB02)]


def freeze(font, feature):
    """Points the character map at what `feature` would substitute."""
    table = font["GSUB"].table
    lookups = {i for record in table.FeatureList.FeatureRecord if record.FeatureTag == feature
               for i in record.Feature.LookupListIndex}
    swap = {}
    for index in sorted(lookups):
        for subtable in table.LookupList.Lookup[index].SubTable:
            swap.update(getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {}))
    for cmap in font["cmap"].tables:
        if cmap.isUnicode():
            cmap.cmap = {code: swap.get(glyph, glyph) for code, glyph in cmap.cmap.items()}


def rename(font, family, style):
    names = font["name"]
    keep = {0: names.getDebugName(0), 13: names.getDebugName(13), 14: names.getDebugName(14)}
    names.names = []
    texts = {1: family, 2: style, 3: f"{family} {style}", 4: f"{family} {style}", 5: names.getDebugName(5) or "Version 1.0",
             6: f"{family}-{style}".replace(" ", ""), 16: family, 17: style}
    for number, text in {**texts, **{k: v for k, v in keep.items() if v}}.items():
        names.setName(text, number, 3, 1, 0x409)


for source, output, family, style in FONTS:
    font = TTFont(source)
    if "GSUB" in font and "Mono" not in family:
        freeze(font, "tnum")
    options = Options()
    # Ligatures of a programming font would show "->" as an arrow that is not in the answer: dropped with calt.
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "case"] if "Mono" not in family else ["mark", "mkmk"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[c for first, last in RANGES for c in range(first, last + 1)])
    subsetter.subset(font)
    rename(font, family, style)
    font.save(output)
    print(f"{output}: {Path(output).stat().st_size} bytes, {len(font.getBestCmap())} characters")
