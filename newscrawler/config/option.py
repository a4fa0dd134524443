"""One setting for operators: its name, its type and how its value is read from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from newscrawler.config.value_types import ValueType
from newscrawler.exceptions import SettingError
from newscrawler.humanize import shortened

T_co = TypeVar("T_co", covariant=True)


class HasSettings(Protocol):
    """The part of Scrapy's ``Settings`` that is used here."""

    def get(self, name: str, default: Any = None) -> Any: ...


MASK = "(set, not shown)"
_SHOWN = 60
"""Characters of an invalid value that a message shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Generic[T_co]):
    name: str
    type: ValueType[T_co]
    unit: str
    what: str
    why: str
    """Where the default comes from."""
    raised: str
    """What happens if the value is raised (or switched)."""
    secret: bool = False
    """Whether its value must not appear in the database, the log or a message."""

    def read(self, settings: HasSettings) -> T_co:
        """The typed value in the settings.

        Raises:
            SettingError: the value is invalid.
        """
        return self.parse(settings.get(self.name))

    def parse(self, value: Any) -> T_co:
        """A raw value, typed.

        Raises:
            SettingError: it is invalid.
        """
        try:
            return self.type.parse(value)
        except (TypeError, ValueError, OverflowError):
            shown = f", not {shortened(repr(value), _SHOWN)}"
            rest = " (the value is not shown here)" if self.secret else shown
            raise SettingError(f"{self.name} must be {self.type.takes}{rest}") from None

    def shown(self, value: Any) -> Any:
        """The value for records and messages: of a secret only whether it is set."""
        return MASK if self.secret and value else value
