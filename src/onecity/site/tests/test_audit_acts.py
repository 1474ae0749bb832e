"""Every act the house writes into the audit trail has words in both languages, and every word an act."""

import ast
from collections.abc import Iterator
from pathlib import Path

from onecity.hubs.identity.queries.act_words import act_words, acts_called
from onecity.hubs.process.contracts import Verb
from onecity.kernel import audit

SOURCE = Path(audit.__file__).parents[1]
COMPOSED = {
    "f'catalog.{step}'": {f"catalog.{step}" for step in ("review", "return", "publish", "withdraw", "revise")},
    "f'credential.{act}'": {f"credential.{act}" for act in ("suspend", "restore", "revoke", "cancel", "replace")},
    "f'process.{verb.value}'": {f"process.{verb.value}" for verb in Verb},
    "f'registers.resolution_{kind}'": {
        f"registers.resolution_{kind}" for kind in ("merge", "apart", "split", "undo", "run", "record")
    },
    "f'registers.split_{row.state}'": {f"registers.split_{state}" for state in ("proposed", "done", "refused")},
    "f'school_enrolment.{act}'": {
        f"school_enrolment.{act}"
        for act in (
            "open_round", "close_collection", "finish_school_check", "publish", "send_back", "draw", "admit", "close",
        )
    },
}  # fmt: skip
"""Acts put together while running, by the expression that does it; a new one must be written down here."""
HANDED_ON = {
    "exchange/services/supply.py": {"exchange.stop_supply", "exchange.restore_supply"},
    "identity/services/confirm_code.py": {"identity.confirm_code", "identity.enrol_second_factor"},
    "identity/services/define_role.py": {"identity.define_role", "identity.adjust_role", "identity.end_role"},
    "identity/services/save_organisation.py": {"identity.found_organisation", "identity.change_organisation"},
    "process/services/complete_item.py": {"process.complete"},
    "process/services/open_task.py": {"process.open_task"},
    "process/services/start_instance.py": {"process.start"},
}
"""Acts that stand in a name when they are recorded, by file."""


def _recorded() -> Iterator[tuple[str, ast.expr]]:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "tests" in path.parts or "audit.record(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield path.relative_to(SOURCE).as_posix(), node.args[1]


def _acts() -> set[str]:
    found = {audit.VIEW}
    for file, act in _recorded():
        if isinstance(act, ast.Constant):
            found.add(str(act.value))
        elif isinstance(act, ast.JoinedStr):
            assert ast.unparse(act) in COMPOSED, f"{file}: write {ast.unparse(act)} down in COMPOSED"
            found |= COMPOSED[ast.unparse(act)]
        else:
            known = next((acts for end, acts in HANDED_ON.items() if file.endswith(end)), None)
            assert known, f"{file}: write its acts down in HANDED_ON"
            assert all(one in (SOURCE / file).read_text(encoding="utf-8") for one in known)
            found |= known
    return found


def test_every_act_has_words_and_every_word_an_act() -> None:
    acts, words = _acts(), act_words()
    assert len(acts) > 100
    assert sorted(acts - words.keys()) == []
    assert sorted(words.keys() - acts - {f"process.{verb.value}" for verb in Verb}) == []


def test_words_are_chinese_and_english() -> None:
    for act, (zh, en) in act_words().items():
        assert any("一" <= sign <= "鿿" for sign in zh), act
        assert en.isascii(), act


def test_an_act_is_found_by_its_words() -> None:
    assert "identity.log_in" in acts_called("登录")
    assert acts_called("signed in") == ("identity.log_in",)
    assert acts_called(" ") == ()
