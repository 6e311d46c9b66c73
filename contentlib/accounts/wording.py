"""What sign-in and passwords say, in the product's own words and both languages."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_security.forms import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    ResetPasswordForm,
    VerifyForm,
)

MESSAGES: dict[str, tuple[Any, str]] = {
    "SECURITY_MSG_FORGOT_PASSWORD": (_l("Forgotten password"), "info"),
    "SECURITY_MSG_PASSWORD_RESET_REQUEST": (
        _l("If somebody here has this address, a link is on its way to it."),
        "info",
    ),
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (
        _l("The e-mail address or the password is not right."),
        "error",
    ),
    "SECURITY_MSG_EMAIL_NOT_PROVIDED": (_l("Write your e-mail address."), "error"),
    "SECURITY_MSG_INVALID_EMAIL_ADDRESS": (_l("This is not an e-mail address."), "error"),
    "SECURITY_MSG_PASSWORD_NOT_PROVIDED": (_l("Write the password."), "error"),
    "SECURITY_MSG_PASSWORD_INVALID_LENGTH": (
        _l("A password needs at least %(length)s characters."),
        "error",
    ),
    "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": (_l("The two passwords differ."), "error"),
    "SECURITY_MSG_PASSWORD_IS_THE_SAME": (
        _l("This is the password you have. Choose another one."),
        "error",
    ),
    "SECURITY_MSG_INVALID_PASSWORD": (_l("This is not your password."), "error"),
    "SECURITY_MSG_PASSWORD_CHANGE": (_l("Your password is changed."), "success"),
    "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": (
        _l("Your password is set. Sign in with it."),
        "success",
    ),
    "SECURITY_MSG_PASSWORD_RESET_EXPIRED": (
        _l("This link is more than five days old. Ask an administrator for a new one."),
        "error",
    ),
    "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": (
        _l("This link has been used or is not valid. Ask an administrator for a new one."),
        "error",
    ),
    "SECURITY_MSG_LOGIN": (_l("Sign in to see this."), "info"),
    "SECURITY_MSG_UNAUTHENTICATED": (_l("Sign in to see this."), "info"),
    "SECURITY_MSG_REFRESH": (_l("Confirm with your password that it is you."), "info"),
    "SECURITY_MSG_REAUTHENTICATION_REQUIRED": (
        _l("Confirm with your password that it is you."),
        "info",
    ),
    "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": (_l("Thank you."), "info"),
}


class _Worded:
    """A form of Flask-Security under our labels."""

    labels: ClassVar[dict[str, Any]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self[name].label.text = label  # type: ignore[index]


class SignIn(_Worded, LoginForm):
    """Who one is."""

    labels = {
        "email": _l("E-mail"),
        "password": _l("Password"),
        "remember": _l("Stay signed in on this device"),
    }


class Again(_Worded, VerifyForm):
    """The password once more before something delicate."""

    labels = {"password": _l("Password")}


class FirstPassword(_Worded, ResetPasswordForm):
    """A password chosen by a one-time link."""

    labels = {"password": _l("New password"), "password_confirm": _l("New password again")}


class Forgotten(_Worded, ForgotPasswordForm):
    """Where the link to a new password goes."""

    labels = {"email": _l("E-mail")}


class OtherPassword(_Worded, ChangePasswordForm):
    """A password in place of the present one."""

    labels = {
        "password": _l("Present password"),
        "new_password": _l("New password"),
        "new_password_confirm": _l("New password again"),
    }


FORMS = {
    "login_form": SignIn,
    "verify_form": Again,
    "forgot_password_form": Forgotten,
    "reset_password_form": FirstPassword,
    "change_password_form": OtherPassword,
}
