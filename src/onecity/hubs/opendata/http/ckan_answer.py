"""The words of CKAN's wire: parameters as given, refusals, and results that are finished JSON."""

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["Given", "NotThere", "Raw", "WrongParameter"]


class NotThere(Exception):
    """CKAN's Not Found Error."""

    def __init__(self, said: str = "Not found") -> None:
        self.said = said
        super().__init__(said)


class WrongParameter(Exception):
    """CKAN's Validation Error; `fields` name what is wrong."""

    def __init__(self, said: str, **fields: Any) -> None:
        self.said, self.fields = said, {name: [text] for name, text in fields.items()}
        super().__init__(said)


class Raw:
    """A result that is JSON already."""

    def __init__(self, text: str) -> None:
        self.text = text


class Given:
    """What the caller sent, as text, number or structure; anything odd is a Validation Error naming the parameter."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def text(self, name: str, usual: str = "") -> str:
        """A text of at most 2,000 signs without NUL."""
        value = self._values.get(name, usual)
        found = usual if value is None else str(value)
        if len(found) > 2_000 or "\x00" in found:
            raise WrongParameter("Invalid value", **{name: "Invalid value"})
        return found

    def number(self, name: str, usual: int, most: int) -> int:
        """A whole number from 0; larger than `most` is taken as `most`, as CKAN does."""
        text = self.text(name, str(usual)) or str(usual)
        if not text.isdecimal() or not text.isascii() or len(text) > 12:
            raise WrongParameter("Must be a natural number", **{name: "Must be a natural number"})
        return min(int(text), most)

    def flag(self, name: str) -> bool:
        """True, true, 1, yes."""
        return self.text(name).lower() in ("true", "1", "yes", "on", "t", "y")

    def structure(self, name: str) -> Any:
        """JSON, or the structure itself when the body was JSON; None when it is not given."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, dict | list):
            return value
        try:
            return json.loads(str(value))
        except ValueError:
            raise WrongParameter("Cannot parse JSON", **{name: "Cannot parse JSON"}) from None

    def names(self, name: str) -> list[str]:
        """A list of names, given as JSON or separated by commas."""
        value = self._values.get(name)
        if isinstance(value, str) and not value.strip().startswith("["):
            return [one.strip() for one in value.split(",") if one.strip()]
        found = self.structure(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise WrongParameter("Not a list", **{name: "Not a list"})
        return found
