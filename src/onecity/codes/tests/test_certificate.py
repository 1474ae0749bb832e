"""Certificate identifiers: published vectors, versions, refusals, and the strength of MOD 37,36."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onecity.codes import CertificateIdentifier, CodeError
from onecity.codes.checks import ALPHANUMERIC

SYNTHETIC = "1.2.156.3005.2.11370299MB0000019N001.11370299MB0000019N.2026000001.001.8"

identifiers = st.builds(
    CertificateIdentifier.make,
    st.just("11370299MB0000019N001"),
    st.just("11370299MB0000019N"),
    st.text(alphabet=ALPHANUMERIC, min_size=1, max_size=20),
    st.integers(min_value=1, max_value=999),
)


@pytest.mark.parametrize(
    ("type_code", "issuer", "serial", "check"),
    [
        ("11100000000013338W032", "11220000013544541J", "2430599", "F"),
        ("11100000000013338W011", "11430000006122244L", "20230000403", "U"),
        ("11370299MB0000019N001", "11370299MB0000019N", "2026000001", "8"),
    ],
)
def test_check_character_vectors(type_code: str, issuer: str, serial: str, check: str) -> None:
    assert CertificateIdentifier.make(type_code, issuer, serial, 1).check == check


def test_parses_the_dotted_form() -> None:
    found = CertificateIdentifier.parse(SYNTHETIC)
    assert (found.type_code, found.issuer, found.serial, found.version) == (
        "11370299MB0000019N001", "11370299MB0000019N", "2026000001", 1,
    )  # fmt: skip
    assert str(found) == SYNTHETIC


def test_a_legacy_issuer_is_readable() -> None:
    made = CertificateIdentifier.make("11370299MB0000019N001", "370200000", "1", 1)
    assert CertificateIdentifier.parse(str(made)) == made


def test_the_next_version_has_its_own_check_and_knows_its_predecessor() -> None:
    first = CertificateIdentifier.parse(SYNTHETIC)
    second = first.next_version()
    assert second.version == 2
    assert second.check != first.check
    assert first.is_predecessor_of(second)
    assert not second.is_predecessor_of(first)


def test_versions_end_at_999() -> None:
    last = CertificateIdentifier.make("11370299MB0000019N001", "11370299MB0000019N", "1", 999)
    with pytest.raises(CodeError) as caught:
        last.next_version()
    assert caught.value.code == "certificate_identifier.version"
    assert not last.is_predecessor_of(last)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SYNTHETIC.removesuffix("8") + "9", "certificate_identifier.check"),
        (SYNTHETIC.replace("3005.2", "3005.3"), "certificate_identifier.format"),
        (SYNTHETIC.replace(".001.", ".1."), "certificate_identifier.format"),
        (SYNTHETIC.replace("N001.", "N01."), "certificate_identifier.type"),
        (SYNTHETIC.replace(".001.", ".000."), "certificate_identifier.version"),
        (SYNTHETIC.replace(".2026000001.", "..") , "certificate_identifier.serial"),
    ],
)  # fmt: skip
def test_refuses_with_a_stable_code(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        CertificateIdentifier.parse(text)
    assert caught.value.code == code


def test_masked_keeps_the_last_four_of_the_serial() -> None:
    assert ".******0001.001." in CertificateIdentifier.parse(SYNTHETIC).masked()
    assert "2026000001" not in repr(CertificateIdentifier.parse(SYNTHETIC))


def test_a_short_serial_is_masked_whole() -> None:
    assert ".***.001." in CertificateIdentifier.make("11370299MB0000019N001", "370200", "123", 1).masked()


@given(identifiers)
def test_what_is_made_is_parsed_to_itself(identifier: CertificateIdentifier) -> None:
    assert CertificateIdentifier.parse(str(identifier)) == identifier


@given(identifiers, st.data())
def test_any_single_wrong_character_of_the_serial_is_refused(
    identifier: CertificateIdentifier, data: st.DataObject
) -> None:
    place = data.draw(st.integers(min_value=0, max_value=len(identifier.serial) - 1))
    wrong = data.draw(st.sampled_from(ALPHANUMERIC))
    assume(wrong != identifier.serial[place])
    changed = identifier.serial[:place] + wrong + identifier.serial[place + 1 :]
    text = str(identifier).replace(
        f".{identifier.serial}.{identifier.version:03d}.", f".{changed}.{identifier.version:03d}."
    )
    with pytest.raises(CodeError):
        CertificateIdentifier.parse(text)
