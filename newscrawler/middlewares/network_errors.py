"""Errors of a request in words, for the log, the ledger and the run's diagnosis."""

from __future__ import annotations

from OpenSSL.SSL import Error as TlsError
from service_identity import VerificationError


def error_text(error: BaseException) -> str:
    """A short text of an error: its message, or its class."""
    # Twisted's wrapper holds a list of failures, whose own text is for programmers.
    inner = getattr(error.__cause__, "reasons", ())
    told = "; ".join(_in_words(reason.value) for reason in inner) or str(error)
    text = " ".join(told.split())
    return text[:200] or type(error).__name__


def _in_words(error: BaseException) -> str:
    """The text of a failure's error; those of TLS are expressions of Python."""
    if isinstance(error, VerificationError):
        return "the TLS certificate is for another host"
    if not isinstance(error, TlsError):
        return str(error)
    steps = error.args[0] if error.args and isinstance(error.args[0], list) else []
    said = "; ".join(str(step[-1]) for step in steps) or "the connection was closed"
    if "certificate verify failed" in said:
        return "the TLS certificate has expired, is not valid yet, or its issuer is not trusted"
    return f"TLS: {said}"
