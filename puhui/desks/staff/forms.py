"""What staff type to sign in."""

from __future__ import annotations

from typing import Any

from django import forms

from puhui.desks.shared.typed import Typed, Words


class Secret(Typed):
    """A password: never shown again, never trimmed."""

    def __init__(self, label: str, keeper: str, **options: Any) -> None:
        widget = forms.PasswordInput({"autocomplete": keeper, "maxlength": 200})
        super().__init__(label, widget=widget, **options)


def _digits(label: str, most: int, keeper: str, **options: Any) -> Words:
    field = Words(label, most, **options)
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": keeper}
    return field


class SignIn(forms.Form):
    login = Words("登录名", 60, empty="请填登录名。")
    password = Secret("密码", "current-password", empty="请填密码。")
    totp = _digits(
        "动态码",
        10,
        "one-time-code",
        required=False,
        optional="",
        help_text="手机验证器上的 6 位数字。第一次登录没有，空着。",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}


class NewPassword(forms.Form):
    old = Secret("现在的密码", "current-password", empty="请填现在的密码。")
    new = Secret(
        "新密码",
        "new-password",
        empty="请填新密码。",
        help_text="至少 10 位，不能太常见，不能和登录名一样。",
    )
    again = Secret("再填一遍", "new-password", empty="请再填一遍新密码。")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("new") and typed.get("again") and typed["new"] != typed["again"]:
            self.add_error("again", "两遍不一样，请再填一遍。")
        return typed


class FirstCode(forms.Form):
    totp = _digits("动态码", 10, "one-time-code", empty="请填验证器上的 6 位数字。")


class Phone(forms.Form):
    phone = _digits("手机号", 20, "tel", empty="请填您登记的手机号。")


class PhoneCode(forms.Form):
    phone = forms.CharField(widget=forms.HiddenInput())
    code = _digits("验证码", 10, "one-time-code", empty="请填短信里的 6 位数字。")
    binding_code = Words(
        "绑定码", 40, required=False, help_text="第一次用这台手机登录才要，县里给的。"
    )
