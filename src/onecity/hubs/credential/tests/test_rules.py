"""Pure rules: payload, states, fields."""

import zlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from onecity.codes import CertificateIdentifier
from onecity.hubs.credential.contracts import CertificateStatus as S
from onecity.hubs.credential.contracts import Outcome
from onecity.hubs.credential.ports import CredentialDeclaration
from onecity.hubs.credential.rules.fields import faults, mask_name, mask_value, pick
from onecity.hubs.credential.rules.payload import Claims, PayloadBroken, content_digest, read, sign
from onecity.hubs.credential.rules.status import ACTS, current, next_status, outcome, sentence
from onecity.hubs.credential.testkit import ADMISSION
from onecity.kernel.crypto import Algorithm, encode_base64url, generate_signer

SIGNER = generate_signer(Algorithm.ED25519)
IDENTIFIER = CertificateIdentifier.make("11370299MB0000019N001", "11370299MB0000019N", "2026000001")
CLAIMS = Claims(
    key_id=SIGNER.key_id, identifier=str(IDENTIFIER), number="测学录〔2026〕0001", type_name="入学通知书",
    issuer_name="测试市教育局", holder_name_masked="王*", issued_on=date(2026, 8, 1), valid_from=date(2026, 8, 1),
    valid_to=date(2027, 7, 31), digest=content_digest({"a": 1}), fields={"录取学校": "测试路小学\U00020164"},
)  # fmt: skip
PAYLOAD = sign(CLAIMS, SIGNER)


def _key(claims: Claims) -> object:
    return SIGNER.verifier if claims.key_id == SIGNER.key_id else None


def _read(text: str) -> tuple[Claims, bool]:
    return read(text, _key)  # type: ignore[arg-type]


def test_the_identifier_is_the_published_example() -> None:
    assert str(IDENTIFIER) == "1.2.156.3005.2.11370299MB0000019N001.11370299MB0000019N.2026000001.001.8"


@pytest.mark.parametrize("algorithm", [Algorithm.ED25519, Algorithm.ES256])
def test_a_payload_comes_back_as_it_was_signed(algorithm: Algorithm) -> None:
    signer = generate_signer(algorithm)
    claims = replace(CLAIMS, key_id=signer.key_id, valid_to=None)
    assert read(sign(claims, signer), lambda stated: signer.verifier) == (claims, True)


def test_a_payload_fits_a_code_a_phone_reads_from_paper() -> None:
    assert len(PAYLOAD) < 620


@given(st.integers(0, len(PAYLOAD) - 1), st.sampled_from("ABCxyz019-_."))
def test_one_changed_character_breaks_it(position: int, character: str) -> None:
    changed = PAYLOAD[:position] + character + PAYLOAD[position + 1 :]
    if changed == PAYLOAD:
        return
    try:
        _, holds = _read(changed)
    except PayloadBroken:
        return
    assert not holds


def test_a_key_of_somebody_else_does_not_hold() -> None:
    stranger = generate_signer(Algorithm.ED25519)
    assert not _read(sign(replace(CLAIMS, key_id=stranger.key_id), stranger))[1]
    assert not _read(sign(CLAIMS, stranger))[1]


@pytest.mark.parametrize(
    "text",
    [
        "", "OC1", "OC1..", "OC2." + PAYLOAD[4:], "x" * 5000, PAYLOAD + ".a", "OC1.!!!.!!!", "OC1.AAAA.AAAA",
        "OC1." + encode_base64url(zlib.compress(b"[1]")) + ".AAAA",
        "OC1." + encode_base64url(zlib.compress(b"{}")) + ".AAAA",
        "OC1." + encode_base64url(zlib.compress(b"[" * 100_000)) + ".AAAA",
        "OC1." + encode_base64url(zlib.compress(b"0" * 5_000_000)) + ".AAAA",
        "\x00", "王小明",
    ],
)  # fmt: skip
def test_garbage_is_unreadable_never_a_crash(text: str) -> None:
    with pytest.raises(PayloadBroken):
        _read(text)


def test_the_digest_does_not_depend_on_order() -> None:
    assert content_digest({"a": 1, "b": "二"}) == content_digest({"b": "二", "a": 1})
    assert content_digest({"a": 1}) != content_digest({"a": 2})


def test_final_states_have_no_way_out() -> None:
    for state in (S.REVOKED, S.CANCELLED, S.REPLACED, S.EXPIRED):
        assert not [act for (before, act) in ACTS if before is state]
    assert next_status(S.VALID, "restore") is None


@pytest.mark.parametrize(
    ("state", "today", "expected"),
    [
        (S.VALID, date(2026, 8, 1), Outcome.VALID),
        (S.VALID, date(2027, 7, 31), Outcome.VALID),
        (S.VALID, date(2027, 8, 1), Outcome.EXPIRED),
        (S.VALID, date(2026, 7, 31), Outcome.NOT_YET),
        (S.SUSPENDED, date(2026, 8, 1), Outcome.SUSPENDED),
        (S.REVOKED, date(2027, 8, 1), Outcome.REVOKED),
        (S.REPLACED, date(2026, 8, 1), Outcome.REPLACED),
    ],
)
def test_what_a_check_concludes(state: S, today: date, expected: Outcome) -> None:
    assert outcome(state, date(2026, 8, 1), date(2027, 7, 31), today) is expected
    assert sentence(expected)


def test_without_an_end_nothing_expires() -> None:
    assert current(S.VALID, None, date(2999, 1, 1)) is S.VALID


def test_fields_must_fit_the_type() -> None:
    assert faults({"school": "x"}, ["school", "grade"]) == ("缺少 grade",)
    assert faults({"school": "x", "extra": "y"}, ["school", "grade"], ["grade"]) == ("未声明 extra",)
    assert faults({"school": " "}, ["school"]) == ("缺少 school",)


@pytest.mark.parametrize(
    ("value", "masked"),
    [("370299199003070018", "370299********0018"), ("13812345678", "138****5678"), ("测试路小学", "测****"), ("", "")],
)
def test_personal_values_are_masked_by_their_own_rule(value: str, masked: str) -> None:
    shown = mask_value(value)
    assert shown == masked or (value.isdigit() and "*" in shown and value not in shown)


def test_names_of_people_are_masked_and_names_of_firms_are_not() -> None:
    assert [mask_name(n) for n in ("王小明", "欧阳娜娜", "青岛测试软件有限公司")] == [
        "王*",
        "欧阳*",
        "青岛测试软件有限公司",
    ]


def test_never_more_fields_than_asked_and_allowed() -> None:
    fields = {"school": "x", "number": "370299"}
    assert pick(fields, [], ["school"]) == {"school": "x"}
    assert pick(fields, ["number"], ["school"]) == {}
    assert pick(fields, ["school"], ["school", "number"]) == {"school": "x"}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"code": "11370299MB0000018N001"}, "统一社会信用代码"),
        ({"code": "01"}, "code"),
        ({"show_seconds": 61}, "show_seconds"),
        ({"unknown": 1}, "unknown"),
        ({"fields": [{"key": "n", "names": {"zh": "n"}, "personal": True, "printed": True}]}, "纸面二维码"),
        ({"fields": [ADMISSION["fields"][0], ADMISSION["fields"][0]]}, "重复"),
    ],
)
def test_bad_declarations_are_refused(change: dict[str, object], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        CredentialDeclaration.model_validate({"types": [{**ADMISSION, **change}]})
