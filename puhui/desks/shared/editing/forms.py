"""What an editor types: an entry, a row of a table, when it is published, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from puhui.content.terms import CheckState, EntryForm, Section
from puhui.desks.shared.typed import Day, Moment, Pick, Typed, Words
from puhui.files.terms import LARGEST, MEGABYTE
from puhui.kernel.clock import day_from
from puhui.sheets.terms import Column, Kind

CHECKS = [(one.value, str(one.label)) for one in CheckState]
LONGEST_BODY = 20_000
SOURCES = ("source", "source_url", "dated_on", "dated_words", "valid_until", "check")


class Where(forms.Form):
    """Where a new entry belongs."""

    def __init__(
        self,
        sections: Sequence[tuple[str, str]],
        townships: Sequence[tuple[str, str]],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["section"] = Pick("放在哪个栏目", sections, listed=True, empty="请选一个栏目。")
        self.fields["township"] = Pick(
            "哪个乡镇的",
            townships,
            listed=True,
            required=False,
            help_text="村里的表要选；全县的不选。",
        )


class Writing(forms.Form):
    """An article, or the head of a table."""

    def __init__(
        self,
        section: Section,
        villages: Sequence[tuple[str, str]],
        periods: Sequence[tuple[str, str]],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if villages:
            needed = section.by_village
            self.fields["division_code"] = Pick(
                "哪个村的", villages, listed=True, required=needed, empty="请选是哪个村的。"
            )
        if periods:
            self.fields["period"] = Pick("哪个季度的", periods, listed=True)
        self.fields["title"] = Words("标题", 60, empty="请写标题。", wide=True)
        self.fields["relation"] = Words(
            "跟您有啥关系",
            80,
            required=False,
            wide=True,
            help_text="一句大白话：谁能用上，能得啥，要做啥。",
        )
        self.fields["body"] = Words(
            "正文" if not section.form else "说明",
            LONGEST_BODY,
            rows=14 if not section.form else 4,
            required=False,
            help_text="空一行分段；## 小标题；**加粗**；一行开头写 1. 或 - 是条目；[说明](https://…) 是链接。",
        )
        self.fields["source"] = Words("谁发的", 100, required=False)
        self.fields["source_url"] = Words("原文链接", 300, required=False)
        self.fields["dated_on"] = Day("原文日期", required=False)
        self.fields["dated_words"] = Words(
            "日期怎么写", 30, required=False, help_text="比如“2026-08-01 起”；空着就写原文日期。"
        )
        self.fields["valid_until"] = Day(
            "到哪天为止", required=False, help_text="过了这天挂“已结束”。"
        )
        self.fields["check"] = Pick("核对到哪一步", CHECKS)
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput(), required=False, initial=0
        )

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def clean_dated_on(self) -> date | None:
        return _day(self.cleaned_data["dated_on"])

    def clean_valid_until(self) -> date | None:
        return _day(self.cleaned_data["valid_until"])


def _day(text: str) -> date | None:
    try:
        return day_from(text) if text else None
    except ValueError:
        raise ValidationError("日期要写成 2026-11-22 这样。") from None


def filled(form: EntryForm) -> dict[str, Any]:
    """An entry as the form shows it."""
    names = ("title", "relation", "body", "period", "division_code", "version", *SOURCES)
    found = {name: getattr(form, name) for name in names}
    for name in ("dated_on", "valid_until"):
        found[name] = found[name].isoformat() if found[name] else ""
    return found


class Publishing(forms.Form):
    """Now, or at a time."""

    at = Moment("什么时候", required=False, help_text="空着：现在就发。")


class Withdrawing(forms.Form):
    """Why it is taken down."""

    words = Words("为什么撤下", 200, rows=2, empty="请写一句为什么撤下。")


class Checking(forms.Form):
    """How far the original was compared with the text of `version`."""

    check = Pick("核对到哪一步", CHECKS)
    version = forms.IntegerField(widget=forms.HiddenInput())


class Upload(Typed, forms.FileField):
    """A file; its value is what was sent."""

    is_wide = True

    def __init__(self, label: str, accept: str, **options: Any) -> None:
        super().__init__(label, widget=forms.FileInput({"accept": accept}), **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data and data.size > LARGEST:
            raise ValidationError(f"文件太大了，最大 {LARGEST // MEGABYTE} MB。")
        return super().clean(data, initial)


class Attaching(forms.Form):
    """A file under a name."""

    file = Upload(
        "选文件",
        ".jpg,.jpeg,.png,.webp,.pdf,.xlsx,.docx",
        empty="请选一个文件。",
        help_text="照片、PDF、Excel（xlsx）、Word（docx），最大 10 MB。照片里的拍摄地点会自动去掉。",
    )
    name = Words("叫什么", 60, required=False, help_text="空着就用文件名。")


class Importing(forms.Form):
    """A table as a spreadsheet."""

    file = Upload(
        "选表格",
        ".xlsx,.csv",
        empty="请选填好的表格。",
        help_text="xlsx 或 CSV。会换掉原来的全部行；有一行不对，就一行都不写入。",
    )


class TableRow(forms.Form):
    """One row of a table, each cell as people write it."""

    def __init__(self, columns: Iterable[Column], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for column in columns:
            self.fields[column.key] = _cell(column)


def _cell(column: Column) -> forms.Field:
    needed = column.must_be_filled
    if column.choices:
        return Pick(column.title, list(column.choices.items()), required=needed)
    if column.kind is Kind.DAY:
        return Day(column.title, required=needed)
    unit = "元" if column.kind is Kind.YUAN else ""
    hint = f"比如 {column.example}" if column.example else ""
    return Words(column.title, column.most, required=needed, unit=unit, help_text=hint)


class Answering(forms.Form):
    """The answer to a villager."""

    answer = Words("答复", 1000, rows=5, empty="请写答复。")

    def __init__(self, *args: Any, may_be_public: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("own", "只给他本人看")]
        if may_be_public:
            choices.append(("public", "本人看，也挂在村里的页上（不写名字）"))
        self.fields["to"] = Pick("给谁看", choices, initial="own")


def row_errors(errors: Iterable[Any]) -> list[Mapping[str, Any]]:
    """Row errors of an import as the page lists them."""
    return [{"line": one.line, "column": one.column, "sentence": one.sentence} for one in errors]
