"""Verbs of access: codes, sessions, accounts, keys."""

from puhui.access.actions.accounts import (
    MOST_AT_ONCE,
    close_account,
    close_ended,
    create_account,
    create_accounts,
    create_admin,
    end_sessions_of_duty,
    reset_account,
)
from puhui.access.actions.codes import request_sign_in_code
from puhui.access.actions.keys import create_api_key, revoke_api_key
from puhui.access.actions.phones import answer_sign_in, lock_phone, open_phone
from puhui.access.actions.residents import adopt_registered, pick_person, sign_in_with_code
from puhui.access.actions.sessions import (
    end_session,
    forget,
    forget_person,
    open_persona_session,
    sign_out,
    sign_out_elsewhere,
)
from puhui.access.actions.staff import (
    change_password,
    confirm_totp,
    enrol_totp,
    renew_totp,
    sign_in_commissioner,
    sign_in_staff,
)

__all__ = [
    "MOST_AT_ONCE",
    "adopt_registered",
    "answer_sign_in",
    "change_password",
    "close_account",
    "close_ended",
    "confirm_totp",
    "create_account",
    "create_accounts",
    "create_admin",
    "create_api_key",
    "end_session",
    "end_sessions_of_duty",
    "enrol_totp",
    "forget",
    "forget_person",
    "lock_phone",
    "open_persona_session",
    "open_phone",
    "pick_person",
    "renew_totp",
    "request_sign_in_code",
    "reset_account",
    "revoke_api_key",
    "sign_in_commissioner",
    "sign_in_staff",
    "sign_in_with_code",
    "sign_out",
    "sign_out_elsewhere",
]
