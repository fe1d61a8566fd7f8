"""Make the fonts of ``wegweiser/fonts`` from Debian's ``fonts-noto-core``.

``.venv/bin/python tools/fonts.py`` after ``apt-get install fonts-noto-core``. Only the letters of
the sixteen languages are kept, without hinting: a picture and a printed sheet need neither more.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

SOURCE = Path("/usr/share/fonts/truetype/noto")
TARGET = Path(__file__).parent.parent / "wegweiser" / "fonts"
COMMON = [(0x0020, 0x007E), (0x00A0, 0x00FF), (0x2000, 0x206F)]
LETTERS = {
    "NotoSans": [(0x0100, 0x024F), (0x0300, 0x036F), (0x0400, 0x04FF), (0x1E00, 0x1EFF),
                 (0x20A0, 0x20BF), (0x2116, 0x2116), (0x2190, 0x2193), (0x2212, 0x2212)],
    "NotoSansArabic": [(0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF),
                       (0xFB50, 0xFDFF), (0xFE70, 0xFEFF)],
    "NotoSansEthiopic": [(0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F)],
    "NotoSansGeorgian": [(0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)],
}  # fmt: skip


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for family, ranges in LETTERS.items():
        wanted = {sign for low, high in [*COMMON, *ranges] for sign in range(low, high + 1)}
        for weight in ("Regular", "Bold"):
            name = f"{family}-{weight}.ttf"
            options = Options(hinting=False, layout_features=["*"], name_IDs=["*"])
            options.recalc_timestamp = False
            font = load_font(str(SOURCE / name), options)
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=wanted)
            subsetter.subset(font)
            save_font(font, str(TARGET / name), options)
            print(name, (TARGET / name).stat().st_size)


if __name__ == "__main__":
    main()
