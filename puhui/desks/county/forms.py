"""What the county types: supervision calls, reassignments, findings, rules, calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from puhui.desks.shared.typed import Day, Moment, Pick, Typed, Whole, Words
from puhui.kernel.calendar import ROW_SENTENCES, RowReason
from puhui.kernel.clock import day_from

LARGEST_TABLE = 200_000


class Supervision(forms.Form):
    """Whom the county phoned, what was said, by when it will be done."""

    to = Words("打给谁", 40, empty="请写打给谁。")
    words = Words("对方怎么说", 300, rows=3, empty="请写一句对方怎么说。")
    promised_at = Moment("几点前改", required=False, help_text="对方没答应就空着。")

    def __init__(self, now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean_promised_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["promised_at"]
        if at is not None and at <= self.now:
            raise ValidationError("“几点前改”要在现在以后。")
        return at


class Reassign(forms.Form):
    """To which other bank, with the applicant's word."""

    bank = Pick("改给哪家", (), empty="请选一家银行。")
    applicant_agreed = forms.BooleanField(required=False)

    def __init__(self, banks: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["bank"] = Pick("改给哪家", banks, empty="请选一家银行。")
        self.fields["applicant_agreed"] = Tick(
            "本人同意",
            "打过电话，本人同意改给这一家，也同意这一家看这一笔的资料",
            required=False,
        )


class Tick(Typed, forms.BooleanField):
    """A box to tick, with its sentence beside it."""

    is_wide = True

    def __init__(self, label: str, words: str, **options: Any) -> None:
        self.words = words
        super().__init__(label, widget=forms.CheckboxInput(), **options)
        self.unit = words


class Finding(forms.Form):
    """What the county found where two sides do not agree."""

    words = Words(
        "查实的情况",
        300,
        rows=3,
        empty="请写查实的情况；没查实不能定。",
        help_text="问过谁、怎么说的、算谁的。有人收钱的，写转给了哪个部门、谁接的。",
    )


class DutyDay(forms.Form):
    """One day whose duty hours differ."""

    day = Day("哪天", empty="请选一天。")
    opens = Words("几点上班", 5, required=False, help_text="比如 09:00；两格都空着：这一天不值班。")
    closes = Words("几点下班", 5, required=False)

    def clean_day(self) -> date:
        try:
            return day_from(self.cleaned_data["day"])
        except ValueError:
            raise ValidationError("日期要写成 2027-02-06 这样。") from None

    def clean_opens(self) -> time | None:
        return _time(self.cleaned_data["opens"])

    def clean_closes(self) -> time | None:
        return _time(self.cleaned_data["closes"])


def _time(text: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValidationError("时间要写成 07:30 这样。") from None


class Calendar(forms.Form):
    """A table of working days: a file, or its text."""

    source = Words("依据", 100, empty="请写依据，比如国务院办公厅哪一号通知。")
    file = forms.FileField(required=False)
    table = Words(
        "表格内容",
        LARGEST_TABLE,
        rows=10,
        required=False,
        help_text="三列：日期、安排、说明。先写一行“2027,全年,通知文号”，再写放假和调休上班的日子。",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"] = TableFile("选表格文件", required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not typed.get("file") and not typed.get("table") and not self.errors:
            self.add_error("table", "请选一个 CSV 文件，或把表格内容贴进来。")
        return typed

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("file") or self.cleaned_data.get("table") or "")


class TableFile(Typed, forms.FileField):
    """A CSV file in UTF-8 or GB18030; its value is the text."""

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.FileInput({"accept": ".csv,text/csv"})
        super().__init__(label, widget=widget, help_text="CSV，从 Excel 另存就行。", **options)

    def clean(self, data: Any, initial: Any = None) -> str:
        if not data:
            return ""
        if data.size > LARGEST_TABLE:
            raise ValidationError("文件太大了，一年的表不会超过 200 KB。")
        body = data.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return str(body.decode(encoding))
            except UnicodeDecodeError:
                continue
        raise ValidationError(ROW_SENTENCES[RowReason.UNREADABLE])


class Rules(forms.Form):
    """All limits of the county; a field for each, grouped as the page shows them."""

    def __init__(
        self,
        bounds: Mapping[str, tuple[int, int]],
        labels: Mapping[str, tuple[str, str]],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for name, (label, unit) in labels.items():
            if name in bounds:
                low, high = bounds[name]
                hint = f"{low} 到 {high}"
                self.fields[name] = Whole(label, low, high, unit=unit, help_text=hint)
            elif name == "duty_working_days_only":
                self.fields[name] = Tick(label, unit, required=False)
            else:
                self.fields[name] = Words(
                    label, 5, help_text="写成 07:30 这样；24 小时值守两格都写 00:00。"
                )
