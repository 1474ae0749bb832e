"""The checks of the house find what they look for, and the exception list only shrinks."""

import json
from pathlib import Path

import pytest

from onecity.site.checks import budgets, documented, locks, relations, translations
from onecity.site.pages_from_code import PAGES

ROOT = Path(__file__).resolve().parents[4]


def _source(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def _rules(folder: Path) -> list[str]:
    return [excess.rule for excess in budgets.excesses(folder)]


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("a.py", '"""Doc."""\n' + "x = 1\n" * 400, "file"),
        ("a.py", '"""Doc."""\n\n\ndef f():\n' + "    x = 1\n" * 50, "function"),
        ("a.py", '"""Doc."""\n' + "".join(f"import onecity.kernel.m{n}\n" for n in range(16)), "imports"),
        ("utils.py", '"""Doc."""\n', "drawer"),
        ("common/a.py", '"""Doc."""\n', "drawer"),
        ("a.py", "x = 1\n", "docstring"),
    ],
)
def test_each_budget_is_measured(tmp_path: Path, name: str, text: str, rule: str) -> None:
    assert _rules(_source(tmp_path, name, text)) == [rule]


def test_a_front_door_may_re_export_its_own_room(tmp_path: Path) -> None:
    text = '"""Doc."""\n' + "".join(f"import onecity.hubs.x.services.m{n}\n" for n in range(16))
    assert _rules(_source(tmp_path, "hubs/x/api.py", text)) == []


def test_a_story_may_walk_through_many_hubs(tmp_path: Path) -> None:
    text = '"""Doc."""\n' + "".join(f"import onecity.kernel.m{n}\n" for n in range(16))
    assert _rules(_source(tmp_path, "hubs/x/tests/test_story.py", text)) == []


def _exception(folder: Path, amount: int) -> Path:
    path = folder / "exceptions.toml"
    path.write_text(
        f'[[exception]]\nwhere = "a.py"\nrule = "file"\namount = {amount}\n'
        'owner = "site"\nsince = 2026-11-22\nreason = "a test"\n'
    )
    return path


@pytest.mark.parametrize(
    ("lines", "granted", "expected"),
    [(450, 451, []), (460, 451, ["excess"]), (430, 451, ["Lower"]), (100, 451, ["Remove"])],
)
def test_the_exception_list_only_shrinks(tmp_path: Path, lines: int, granted: int, expected: list[str]) -> None:
    source = _source(tmp_path / "src", "a.py", '"""Doc."""\n' + "x = 1\n" * lines)
    found = list(budgets.problems(source, _exception(tmp_path, granted)))
    assert len(found) == len(expected)


def test_an_exception_without_owner_is_refused(tmp_path: Path) -> None:
    source = _source(tmp_path / "src", "a.py", '"""Doc."""\n' + "x = 1\n" * 450)
    path = _exception(tmp_path, 451)
    path.write_text(path.read_text().replace('owner = "site"\n', ""))
    assert any("no owner" in sentence for sentence in budgets.problems(source, path))


def test_lock_files_of_this_repository_are_sound() -> None:
    assert list(locks.problems(ROOT)) == []


def test_addresses_and_missing_hashes_are_found(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/run.lock").write_text("a==1 \\\n    --hash=sha256:00\nb==2\n--index-url https://x/\n")
    lock = {"packages": {"": {}, "node_modules/a": {"funding": {"url": "https://x"}}}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    found = " ".join(locks.problems(tmp_path))
    assert "run.lock:4: holds an address" in found
    assert "b==2 has no hash" in found
    assert "node_modules/a has no hash" in found
    locks.strip_addresses(tmp_path)
    assert "://" not in (tmp_path / "package-lock.json").read_text()


def test_late_look_ups_are_found(tmp_path: Path) -> None:
    _source(tmp_path, "a.py", "from django.apps import apps\napps.get_model('x', 'Y')\n")
    assert len(list(relations.late_lookups(tmp_path))) == 1


@pytest.mark.parametrize("name", sorted(PAGES))
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()


def test_a_missing_readme_a_dead_link_and_a_story_without_test_are_found(tmp_path: Path) -> None:
    _source(tmp_path, "src/onecity/hubs/x/apps.py", "")
    _source(tmp_path, "src/onecity/hubs/y/apps.py", "")
    _source(tmp_path, "src/onecity/hubs/y/README.md", "[here](../x/apps.py) [gone](nowhere.md)")
    _source(tmp_path, "src/onecity/hubs/y/tests/test_y.py", "def test_one(): ...")
    stories = "`hubs/y/tests/test_y.py::test_one` `hubs/y/tests/test_y.py::test_two` `hubs/y/tests/test_z.py`"
    found = list(documented.problems(_source(tmp_path, "docs/stories.md", stories)))
    assert [line for line in found if "hubs/x has no README" in line]
    assert [line for line in found if "nowhere.md leads nowhere" in line]
    assert [line for line in found if "test_y.py has no test_two" in line]
    assert [line for line in found if "test_z.py does not exist" in line]
    assert len(found) == 4


def test_template_sentences_without_english_are_found_once_listed_and_only_shrink(tmp_path: Path) -> None:
    page = '{% load i18n %}{% translate "你好" %}{% translate "Hi" %}{% blocktranslate with n=1 %}共 {{ n }} 条{% endblocktranslate %}'
    source = _source(tmp_path, "src/a/templates/a/page.html", page)
    _source(tmp_path, "src/a/locale/en/LC_MESSAGES/django.po", 'msgid "你好"\nmsgstr "Hello"\n')
    missing = tmp_path / "missing.txt"
    assert [line.split(":")[0] for line in translations.problems(source / "src", missing)] == [
        "a/templates/a/page.html"
    ]
    missing.write_text("共 %(n)s 条\n", encoding="utf-8")
    assert list(translations.problems(source / "src", missing)) == []
    missing.write_text("共 %(n)s 条\n你好\n", encoding="utf-8")
    assert "Remove its line" in next(translations.problems(source / "src", missing))
