"""How a figure is written: shares that hide what is too few, sums in 亿 or 万."""

from __future__ import annotations

from fractions import Fraction

from puhui.kernel.money import FEN_PER_WAN, round_half_up, wan_text
from puhui.oversight.terms.definitions import FEWEST, TOO_FEW

FEN_PER_YI = 10_000 * FEN_PER_WAN


def share_text(part: int, whole: int, *, fewest: int = FEWEST) -> str:
    """94%; under 20 cases 不足 20 笔，不显示; without any —."""
    if not whole:
        return "—"
    if whole < fewest:
        return TOO_FEW
    return f"{round_half_up(Fraction(part * 100, whole))}%"


def sum_text(fen: int) -> str:
    """43.1 亿元 from a hundred million on, else 2,590 万元; half up."""
    if abs(fen) >= FEN_PER_YI:
        tenths = round_half_up(Fraction(fen * 100, FEN_PER_YI))
        whole, part = divmod(abs(tenths), 100)
        text = f"{whole:,}.{part:02d}".rstrip("0").rstrip(".")
        return f"{'-' if fen < 0 else ''}{text} 亿元"
    return f"{wan_text(fen, places=0 if abs(fen) >= 1000 * FEN_PER_WAN else 1)}元"


def bar(value: int, most: int, width: int) -> int:
    """How long a bar is of `width`; a value above zero is never invisible."""
    if not most or not value:
        return 0
    return max(2, round_half_up(Fraction(value * width, most)))
