"""What every picture of a cohort is drawn on: a figure, its language and the font for it, and the looks of states.

Colours are those of Okabe and Ito, which people who see few colours can tell apart, in an order in which neighbours
differ in lightness too, so that a print in grey can be read; from the ninth state on they come again, hatched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from singledisease.cohorts.names import WAYS
from singledisease.io.optional_imports import needed
from singledisease.multistate.names import Called
from singledisease.tables import named
from singledisease.text_layout import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontManager

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "Heiti SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
    "SimSun",
)
CHINESE_FILES = ("notosanscjk", "notosanssc", "sourcehansans", "msyh", "pingfang", "simhei", "wqy-", "simsun")
"""How the files of these fonts begin, in small letters."""

COLOURS = ("#0072B2", "#F0E442", "#D55E00", "#56B4E9", "#009E73", "#E69F00", "#CC79A7", "#D9D9D9")
HATCHES = ("", "////", "....", "xxxx")
WORDS = {
    "people": ("人数", "people"),
    "share": ("比例", "share"),
    "day": ("天", "days"),
    "week": ("周", "weeks"),
    "month": ("月", "months"),
    "year": ("年", "years"),
    "step": ("步", "step"),
    "from": ("从", "from"),
    "to": ("到", "to"),
    "percent": ("每行各去向的比例（%）", "share of each row that went there, in %"),
}
WIDEST = 26
"""Places of a label on one line."""


def chinese_font() -> str | None:
    """Give the first installed font that has Chinese characters, or ``None``."""
    needed("matplotlib", "report")
    from matplotlib.font_manager import findSystemFonts, fontManager  # noqa: PLC0415 - needs the report extra

    if not _known_fonts(fontManager):
        # matplotlib remembers the fonts that there were when it was first used, and does not see later ones.
        for path in findSystemFonts():
            if Path(path).name.lower().startswith(CHINESE_FILES):
                fontManager.addfont(path)
    return next(iter(_known_fonts(fontManager)), None)


def _known_fonts(manager: FontManager) -> list[str]:
    installed = {font.name for font in manager.ttflist}
    return [name for name in CHINESE_FONTS if name in installed]


def look_of(state: int) -> dict[str, Any]:
    """Give the colour and the hatching of a state by its place, so that it looks alike in all pictures."""
    again, colour = divmod(state, len(COLOURS))
    return {"facecolor": COLOURS[colour], "hatch": HATCHES[again % len(HATCHES)]}


class Canvas:
    """A figure, the language its labels can be in, and the font they need."""

    def __init__(self, language: str, size: tuple[float, float], grid: tuple[int, int] = (1, 1)) -> None:
        needed("matplotlib", "report")
        from matplotlib.figure import Figure  # noqa: PLC0415 - needs the report extra

        font = chinese_font() if language == "zh" else None
        self.language = "zh" if font else "en"
        self.family: dict[str, Any] = {"fontfamily": font} if font else {}
        self.figure: Figure = Figure(figsize=size, layout="constrained")
        self.panels: list[Axes] = list(self.figure.subplots(*grid, squeeze=False).flat)
        self.axes = self.panels[0]

    def word(self, name: str) -> str:
        """Give a word of a picture in its language; one that is not known, such as somebody's unit, as it is."""
        return named(WORDS.get(name, (name, name)), self.language)

    def label(self, names: Called, state: Any, width: int = WIDEST) -> str:
        """Give what a state is called, on several lines where it is long."""
        whole = named(names.get(state, WAYS.get(state, (str(state),) * 2)), self.language)
        return "\n".join(wrapped(whole, width))

    def axis(self, x: str, y: str) -> None:
        """Name both axes."""
        self.axes.set_xlabel(self.word(x), **self.family)
        self.axes.set_ylabel(self.word(y), **self.family)

    def legend(self) -> None:
        """Say what is what, beside the picture and in its order: what lies on top stands on top."""
        handles, labels = self.axes.get_legend_handles_labels()
        legend = self.axes.legend(
            handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small", frameon=False
        )
        for text in legend.get_texts():
            text.set(**self.family)
