"""Fields of desk forms: what people type becomes fen, ppm, instants; sentences say the rule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from puhui.kernel.clock import at_local, day_from, local
from puhui.kernel.money import (
    FEN_PER_YUAN,
    PPM_PER_PERCENT,
    AmountError,
    parse_percent,
    parse_wan,
    rate_text,
    wan_text,
)

EMPTY = "这一格要填。"


class Typed(forms.Field):
    """What all fields share: the unit behind the box, whether it spans the form, its sentence."""

    unit = ""
    optional = "可以空着"
    is_many = False
    is_wide = False
    changed = False

    def __init__(self, label: str, *, empty: str = EMPTY, **options: Any) -> None:
        self.unit = options.pop("unit", self.unit)
        self.is_wide = options.pop("wide", self.is_wide)
        self.optional = options.pop("optional", self.optional)
        super().__init__(
            label=label, label_suffix="", error_messages={"required": empty}, **options
        )


class Words(Typed):
    """Free words, trimmed."""

    def __init__(self, label: str, most: int, *, rows: int = 1, **options: Any) -> None:
        self.most = most
        attributes: dict[str, Any] = {"maxlength": most, "autocomplete": "off"}
        widget: forms.Widget = forms.TextInput(attributes)
        if rows > 1:
            widget, options["wide"] = forms.Textarea({**attributes, "rows": rows}), True
        super().__init__(label, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return str(value or "").strip()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(f"最多写 {self.most} 个字，您写了 {len(value)} 个。")


class Wan(Typed):
    """Money typed in 万元; the value is fen."""

    unit = "万元"

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "size": 10})
        super().__init__(label, widget=widget, **options)

    def to_python(self, value: Any) -> int | None:
        return _read(parse_wan, value)

    def prepare_value(self, value: Any) -> Any:
        return (
            wan_text(value).removesuffix(" 万").replace(",", "")
            if isinstance(value, int)
            else value
        )


class Percent(Typed):
    """A yearly rate typed in percent; the value is ppm."""

    unit = "%"

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "size": 8})
        super().__init__(label, widget=widget, **options)

    def to_python(self, value: Any) -> int | None:
        return _read(parse_percent, value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        whole, rest = divmod(value, PPM_PER_PERCENT)
        part = f"{rest:04d}".rstrip("0").ljust(2, "0")
        return f"{whole}.{part}"


def _read(parse: Any, value: Any) -> int | None:
    if not str(value or "").strip():
        return None
    try:
        return int(parse(str(value)))
    except AmountError as error:
        raise ValidationError(error.sentence) from None


class Whole(Typed):
    """A whole number within bounds."""

    def __init__(self, label: str, low: int, high: int, **options: Any) -> None:
        self.low, self.high = low, high
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 6})
        super().__init__(label, widget=widget, **options)

    def to_python(self, value: Any) -> int | None:
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or not self.low <= int(text) <= self.high:
            raise ValidationError(f"请填 {self.low} 到 {self.high} 之间的整数。")
        return int(text)


class Moment(Typed):
    """A day and a time of the county's clock; the value is an instant."""

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local", "step": 300})
        super().__init__(label, widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip().replace(" ", "T")
        if not text:
            return None
        try:
            day, of_day = text.split("T")
            return at_local(day_from(day), time.fromisoformat(of_day))
        except ValueError:
            raise ValidationError("日期和时间要写成 2026-11-26 10:00 这样。") from None

    def prepare_value(self, value: Any) -> Any:
        return f"{local(value):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value


class Day(Typed):
    """A day; the value is its text, which the action reads and judges."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, widget=forms.DateInput({"type": "date"}), **options)

    def to_python(self, value: Any) -> str:
        return str(value or "").strip()


class Pick(Typed, forms.ChoiceField):
    """One of several: buttons to press, or a list where there are many."""

    def __init__(
        self,
        label: str,
        choices: Iterable[tuple[str, str]],
        *,
        listed: bool = False,
        **options: Any,
    ) -> None:
        self.is_many = not listed
        widget = forms.Select() if listed else forms.RadioSelect()
        forms.ChoiceField.__init__(
            self,
            choices=list(choices),
            label=label,
            label_suffix="",
            widget=widget,
            error_messages={
                "required": options.pop("empty", "请选一个。"),
                "invalid_choice": "请从给出的里面选。",
            },
            **{key: value for key, value in options.items() if key not in ("unit", "wide")},
        )
        self.is_wide = bool(options.get("wide", not listed))


class Picks(Typed, forms.MultipleChoiceField):
    """Any of several."""

    is_many = True
    is_wide = True

    def __init__(self, label: str, choices: Iterable[tuple[str, str]], **options: Any) -> None:
        forms.MultipleChoiceField.__init__(
            self,
            choices=list(choices),
            label=label,
            label_suffix="",
            widget=forms.CheckboxSelectMultiple(),
            error_messages={
                "required": options.pop("empty", "请至少选一个。"),
                "invalid_choice": "请从给出的里面选。",
            },
            **options,
        )


class ProductFees(Typed):
    """Fees of a product, one on a line: 担保费 0.5%/年, 评估费 500 元. Tuples of (name, basis, ppm, fen)."""

    is_wide = True
    LINE = re.compile(r"(.+?)\s+([0-9.]+)\s*(%|元)(/年)?")

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.Textarea({"rows": 2, "placeholder": "担保费 0.5%/年", "autocomplete": "off"})
        super().__init__(label, widget=widget, required=False, **options)

    def to_python(self, value: Any) -> tuple[tuple[str, str, int, int], ...]:
        return tuple(self._fee(line) for line in str(value or "").splitlines() if line.strip())

    def _fee(self, line: str) -> tuple[str, str, int, int]:
        found = self.LINE.fullmatch(line.strip().replace("％", "%"))
        if not found:
            raise ValidationError(
                "一行写一样：名称、空格、多少，比如“担保费 0.5%/年”“评估费 500 元”。"
            )
        name, size, unit, yearly = found.groups()
        basis = "yearly" if yearly else "once"
        try:
            if unit == "%":
                return name, basis, parse_percent(size), 0
            return name, basis, 0, int(size) * FEN_PER_YUAN
        except ValueError:
            raise ValidationError(f"“{line.strip()}”里的数写得不对。") from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple | list):
            return "\n".join(self._line(*fee) for fee in value)
        return value

    def _line(self, name: str, basis: str, ppm: int, fen: int) -> str:
        size = f"{rate_text(ppm)}" if ppm else f"{fen // FEN_PER_YUAN} 元"
        return f"{name} {size}{'/年' if basis == 'yearly' else ''}"


class Chosen(Picks):
    """Any of many, in a list of several lines."""

    is_many = False

    def __init__(self, label: str, choices: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(label, choices, **options)
        self.widget = forms.SelectMultiple({"size": 6})
        self.widget.choices = self.choices


class Fees(Typed):
    """Fees, one on a line: 担保费 500. The value is a tuple of (name, fen)."""

    is_wide = True

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.Textarea({"rows": 2, "placeholder": "担保费 500", "autocomplete": "off"})
        super().__init__(label, widget=widget, required=False, **options)

    def to_python(self, value: Any) -> tuple[tuple[str, int], ...]:
        return tuple(self._fee(line) for line in str(value or "").splitlines() if line.strip())

    def _fee(self, line: str) -> tuple[str, int]:
        name, _, amount = line.strip().rpartition(" ")
        digits = amount.removesuffix("元").replace(",", "")
        if not name.strip() or not (digits.isascii() and digits.isdigit()):
            raise ValidationError("一行写一样费用：名称、空格、多少元，比如“担保费 500”。")
        return name.strip(), int(digits) * FEN_PER_YUAN

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple | list):
            return "\n".join(f"{name} {fen // FEN_PER_YUAN}" for name, fen in value)
        return value
