"""Addresses that every desk shares: sign-in, sign-out, messages."""

from django.urls import URLPattern, path

from puhui.desks.staff import account, commissioner, first_sign_in, hotline, inbox, sign_in, slips

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="staff-sign-in"),
    path("sign-out", sign_in.sign_out, name="staff-sign-out"),
    path("inbox/", inbox.inbox, name="staff-inbox"),
    path("inbox/seen", inbox.seen, name="staff-inbox-seen"),
    path("theme", sign_in.theme, name="staff-theme"),
    path("first", first_sign_in.password, name="staff-first"),
    path("second-factor", first_sign_in.second_factor, name="staff-second-factor"),
    path("second-factor/picture", first_sign_in.picture, name="staff-second-factor-picture"),
    path("account", account.account, name="staff-account"),
    path("account/password", account.password, name="staff-account-password"),
    path("account/second-factor", account.renew, name="staff-account-renew"),
    path("account/elsewhere", account.elsewhere, name="staff-account-elsewhere"),
    path("account/sessions/<uuid:session>/end", account.end, name="staff-account-end"),
    path("village", commissioner.ask_code, name="commissioner-sign-in"),
    path("village/code", commissioner.enter_code, name="commissioner-code"),
    path("slips/", slips.slips, name="slips"),
    path("slips/print", slips.printed, name="slips-print"),
    path("slips/enter", slips.enter, name="slips-enter"),
    path("slips/<str:ref>/check", slips.check, name="slips-check"),
    path("hotline", hotline.hotline, name="hotline"),
    path("help/<str:ref>/cancel", hotline.cancel, name="help-cancel"),
    path("help/<str:ref>/again", hotline.again, name="help-again"),
    path("phone-lock", hotline.phone_lock, name="phone-lock"),
    path("unfreeze", hotline.unfreeze, name="unfreeze"),
    path("unfreeze/<uuid:pk>", hotline.unfrozen, name="unfreeze-second"),
]
