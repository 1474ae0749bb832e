"""The build steps: vendored browser files and message catalogues."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from onecity.ui.build_static import VENDORED, build
from onecity.ui.compile_messages import compile_catalogues

UI = Path(__file__).parents[1]


def _modules(folder: Path) -> Path:
    for package, names in VENDORED.items():
        (folder / package / "dist").mkdir(parents=True)
        for name in names:
            (folder / package / "dist" / name).write_text(f"export const x = 1;\n//# sourceMappingURL={name}.map")
    return folder


def test_vendored_files_lose_their_source_map_line(tmp_path: Path) -> None:
    written = build(_modules(tmp_path / "modules"), tmp_path / "vendor")
    assert len(written) == sum(len(names) for names in VENDORED.values())
    assert all(path.read_text() == "export const x = 1;\n" for path in written)


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="npm ci"):
        build(tmp_path, tmp_path / "vendor")


def test_catalogue_compiles_and_translates(tmp_path: Path) -> None:
    folder = tmp_path / "locale/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text((UI / "locale/en/LC_MESSAGES/django.po").read_text("utf-8"), "utf-8")
    (compiled,) = compile_catalogues(tmp_path)
    with compiled.open("rb") as stream:
        assert GNUTranslations(stream).gettext("提交") == "Submit"


def _words_of_templates() -> set[str]:
    found = set()
    for path in UI.glob("templates/**/*.html"):
        text = path.read_text("utf-8")
        found.update(re.findall(r'{%\s*translate\s+"([^"]*)"', text))
        for body in re.findall(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate", text, re.DOTALL):
            found.add(re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", body))
    return found


def test_every_word_of_the_templates_has_an_english_one() -> None:
    with (UI / "locale/en/LC_MESSAGES/django.po").open("rb") as stream:
        english = {message.id for message in read_po(stream) if message.string}
    assert _words_of_templates() - english == set()
