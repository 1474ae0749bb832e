"""What states, modes and reasons are called has its English: every `label` of a contract is in a catalogue of the house."""

import ast
from collections.abc import Iterator
from pathlib import Path

from onecity.site.checks.translations import translated
from onecity.ui import contracts

SOURCE = Path(contracts.__file__).parents[1]


def _labels() -> Iterator[tuple[str, str]]:
    """File and Chinese text of every word a `label` may return."""
    for path in sorted((SOURCE / "hubs").rglob("contracts*/**/*.py")) + sorted(
        (SOURCE / "hubs").glob("*/contracts.py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "label":
                for part in ast.walk(node):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part is not _doc(node):
                        yield path.relative_to(SOURCE).as_posix(), part.value


def _doc(node: ast.FunctionDef) -> ast.AST | None:
    first = node.body[0]
    return first.value if isinstance(first, ast.Expr) else None


def test_every_label_of_a_contract_has_english() -> None:
    words = {(file, text) for file, text in _labels() if any("一" <= sign <= "鿿" for sign in text)}
    assert len(words) > 40
    known = translated(SOURCE)
    assert sorted((file, text) for file, text in words if text not in known) == []


def test_templates_translate_the_words_of_enums() -> None:
    bare = [
        f"{path.relative_to(SOURCE)}: {ending}"
        for path in sorted(SOURCE.rglob("hubs/*/templates/**/*.html"))
        for ending in (
            ".state.label }}",
            ".kind.label }}",
            ".basis.label }}",
            ".level.label }}",
            ".share_type.label }}",
        )
        if ending in path.read_text(encoding="utf-8")
    ]
    assert bare == []
