"""Making new hubs and packs in the image of the house.

Owns: the templates in `hub/` and `pack/` (`$name`, `$Class`, `$zh`, `$en`, `$owner` are filled in), and the places where a new hub
must be written down: the import contract `hub-order` and the order of applications. Refuses: to overwrite anything.
"""

import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from onecity.site.failures import SiteFailure

__all__ = ["Name", "make_hub", "make_pack"]

_TEMPLATES = Path(__file__).parent
_SUFFIX = ".tmpl"
_LAYER = re.compile(r'^  "\((?P<hub>[a-z_]+)\)",.*$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Name:
    """How the new thing is called: folder, Chinese and English label, and the key of the department that runs it."""

    key: str
    zh: str
    en: str
    owner: str = "data_bureau"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{2,60}", self.key) or keyword.iskeyword(self.key):
            raise SiteFailure(
                f"{self.key!r} is no name for a folder: lower-case letters, digits and _, at least three."
            )
        if not (self.zh.strip() and self.en.strip()) or any(sign in self.zh + self.en for sign in '"\\\n{}'):
            raise SiteFailure("Both labels are needed, without quotes, braces and line breaks.")


def _write(kind: str, folder: Path, name: Name) -> list[Path]:
    if folder.exists() and any(folder.iterdir()):
        raise SiteFailure(f"{folder} exists and is not empty.")
    words = {
        "name": name.key, "Class": "".join(part.title() for part in name.key.split("_")), "zh": name.zh, "en": name.en,
        "owner": name.owner,
    }  # fmt: skip
    written = []
    for template in sorted((_TEMPLATES / kind).rglob(f"*{_SUFFIX}")):
        path = folder / template.relative_to(_TEMPLATES / kind).with_suffix("")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(template.read_text("utf-8")).substitute(words), encoding="utf-8")
        written.append(path)
    return written


def make_pack(root: Path, name: Name) -> list[Path]:
    """A pack of level 1 below `root`. Raises SiteFailure when the folder is taken."""
    return _write("pack", root / "src/onecity/scenarios" / name.key, name)


def make_hub(root: Path, name: Name, *, after: str, why: str) -> list[Path]:
    """A hub that stands directly above `after`. Raises SiteFailure when the name or the place is wrong."""
    pyproject, settings = root / "pyproject.toml", root / "src/onecity/site/django_settings.py"
    contract, order = pyproject.read_text("utf-8"), settings.read_text("utf-8")
    layers = _hub_layers(contract)
    if name.key not in layers:
        contract = _placed_in_contract(contract, layers, name.key, after, why)
        order = _placed_in_order(order, name.key, after)
    written = _write("hub", root / "src/onecity/hubs" / name.key, name)
    pyproject.write_text(contract, encoding="utf-8")
    settings.write_text(order, encoding="utf-8")
    return written


def _hub_layers(contract: str) -> dict[str, re.Match[str]]:
    begin = contract.index('id = "hub-order"')
    end = contract.index("exhaustive = true", begin)
    return {found["hub"]: found for found in _LAYER.finditer(contract, begin, end)}


def _placed_in_contract(contract: str, layers: dict[str, re.Match[str]], key: str, after: str, why: str) -> str:
    if after not in layers:
        raise SiteFailure(f"--after {after!r}: no such hub. Known, high to low: {', '.join(layers)}.")
    if not why.strip():
        raise SiteFailure("--why is needed: the order of hubs says in one line why each stands where it stands.")
    at = layers[after].start()
    return f'{contract[:at]}  "({key})", # {" ".join(why.split())}\n{contract[at:]}'


def _placed_in_order(order: str, key: str, after: str) -> str:
    begin = order.index("HUBS = (")
    end = order.index("\n)", begin)
    inside = order[begin:end].replace(f'"{after}",', f'"{after}", "{key}",')
    return order[:begin] + inside + order[end:]
