"""Showing and checking: one-time codes, printed codes, sealed PDF."""

import io
import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from pypdf import PdfReader, PdfWriter

from onecity.hubs.credential import api, testkit
from onecity.hubs.credential.contracts import Outcome
from onecity.hubs.credential.errors import (
    CertificateUnknown,
    CodeExpired,
    CodeUnknown,
    CodeUsed,
    StatusForbids,
    WrongScenario,
)
from onecity.hubs.credential.models import Certificate, ShowToken
from onecity.hubs.identity.testkit import resident, staff
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import Invalid, NotPermitted, TooLarge

HUB = Actor.system("service")
PARENT = resident("王大明")
CHECKER = staff(name="陈莉")
NAME = "王小\U00020164"


@pytest.fixture
def held(db: None) -> api.CertificateView:
    testkit.declare()
    fields = {"school": "测试路小学", "grade": "一年级", "number": "13812345678"}
    return api.issue_batch(HUB, requests=[testkit.request(PARENT.subject, NAME, fields=fields)])[0]


def test_a_code_holds_nothing_personal_and_lives_a_minute(held: api.CertificateView) -> None:
    showing = api.show(PARENT, certificate_id=held.id)
    for secret in (NAME, "13812345678", held.number, held.identifier, PARENT.subject):
        assert secret not in showing.url
    assert len(showing.token) >= 22
    assert timedelta(seconds=50) < showing.expires_at - wall_now() <= timedelta(seconds=60)
    assert showing.token not in str(ShowToken.objects.values().get())


def test_a_shown_code_answers_only_what_may_be_shown_and_the_holder_sees_who_asked(held: api.CertificateView) -> None:
    result = api.check_shown(api.show(PARENT, certificate_id=held.id).token, CHECKER, "新生报到核验")
    assert (result.outcome, result.holder_name_masked) == (Outcome.VALID, "王*")
    assert result.fields == {"录取学校": "测试路小学"}
    (seen,) = api.seen_by(PARENT, held.id)
    assert (seen.who, seen.reason) == ("陈莉", "新生报到核验")


def test_fields_not_asked_are_not_answered(held: api.CertificateView) -> None:
    token = api.show(PARENT, certificate_id=held.id).token
    assert api.check_shown(token, CHECKER, "核验", fields=["number", "grade"]).fields == {}


def test_a_code_is_used_once(held: api.CertificateView) -> None:
    token = api.show(PARENT, certificate_id=held.id).token
    api.check_shown(token, CHECKER, "核验")
    with pytest.raises(CodeUsed):
        api.check_shown(token, CHECKER, "核验")


def test_a_code_older_than_its_life_is_refused(held: api.CertificateView) -> None:
    token = api.show(PARENT, certificate_id=held.id).token
    ShowToken.objects.update(expires_at=wall_now() - timedelta(seconds=1))
    with pytest.raises(CodeExpired):
        api.check_shown(token, CHECKER, "核验")


def test_a_code_for_another_scenario_is_refused_and_stays_usable_for_its_own(held: api.CertificateView) -> None:
    token = api.show(PARENT, certificate_id=held.id, scenario="school.entry").token
    for scenario in ("", "library"):
        with pytest.raises(WrongScenario):
            api.check_shown(token, CHECKER, "核验", scenario=scenario)
    assert api.check_shown(token, CHECKER, "核验", scenario="school.entry").good


def test_a_fresh_code_ends_the_one_before(held: api.CertificateView) -> None:
    first = api.show(PARENT, certificate_id=held.id).token
    api.show(PARENT, certificate_id=held.id)
    with pytest.raises(CodeUnknown):
        api.check_shown(first, CHECKER, "核验")


def test_guessed_codes_missing_purposes_and_others_certificates_are_refused(held: api.CertificateView) -> None:
    with pytest.raises(CodeUnknown):
        api.check_shown("guess", CHECKER, "核验")
    with pytest.raises(Invalid):
        api.check_shown(api.show(PARENT, certificate_id=held.id).token, CHECKER, " ")
    with pytest.raises(CertificateUnknown):
        api.show(resident("别人"), certificate_id=held.id)
    with pytest.raises(NotPermitted):
        api.show(Actor.anonymous(), certificate_id=held.id)


def test_a_shown_code_of_a_revoked_certificate_says_revoked(held: api.CertificateView) -> None:
    token = api.show(PARENT, certificate_id=held.id).token
    api.revoke(HUB, certificate_id=held.id, reason="撤销")
    assert api.check_shown(token, CHECKER, "核验").outcome is Outcome.REVOKED


def test_a_printed_code_is_checked_also_as_an_address(held: api.CertificateView) -> None:
    for text in (held.payload, f"https://city.example/verify?c={held.payload}", f" {held.payload}\n"):
        result = api.verify_payload(text)
        assert (result.outcome, result.fields) == (Outcome.VALID, {"录取学校": "测试路小学", "年级": "一年级"})
    assert "13812345678" not in str(api.verify_payload(held.payload))


@pytest.mark.parametrize(
    "change", [{"holder_name": "李小红"}, {"fields": {"school": "名校"}}, {"valid_to": date(2999, 1, 1)}]
)
def test_a_row_edited_behind_our_back_is_a_broken_seal(held: api.CertificateView, change: dict[str, object]) -> None:
    Certificate.objects.filter(id=held.id).update(**change)
    assert api.verify_payload(held.payload).outcome is Outcome.FORGED


def test_one_changed_character_is_a_broken_seal(held: api.CertificateView) -> None:
    middle = len(held.payload) // 2
    other = "A" if held.payload[middle] != "A" else "B"
    result = api.verify_payload(held.payload[:middle] + other + held.payload[middle + 1 :])
    assert (result.outcome, result.signature, result.number) == (Outcome.FORGED, False, "")


def test_a_code_whose_row_is_not_here_is_judged_by_signature_alone(held: api.CertificateView) -> None:
    Certificate.objects.all().delete()
    result = api.verify_payload(held.payload)
    assert (result.outcome, result.offline) == (Outcome.VALID, True)


@pytest.fixture
def sealed(held: api.CertificateView) -> bytes:
    return api.pdf(PARENT, held.id)


def test_the_pdf_shows_the_certificate_and_its_seal_holds(held: api.CertificateView, sealed: bytes) -> None:
    text = (
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(sealed)).pages).replace(" ", "").replace("\n", "")
    )
    for part in ("入学通知书", NAME, "测试路小学", held.number, held.identifier, "第1页，共1页"):
        assert part in text
    result = api.verify_pdf(sealed)
    assert (result.outcome, result.number, result.signature) == (Outcome.VALID, held.number, True)
    assert result.signed_at is not None


def _flip(at: float) -> Callable[[bytes], bytes]:
    def change(pdf: bytes) -> bytes:
        position = int(len(pdf) * at)
        return pdf[:position] + bytes([pdf[position] ^ 1]) + pdf[position + 1 :]

    return change


def _rewritten(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.add_blank_page()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [_flip(0.02), _flip(0.3), _flip(0.5), lambda pdf: pdf + b"\n%% more\n", _rewritten, lambda pdf: pdf[:-200]],
)
def test_a_changed_pdf_is_forged(sealed: bytes, change: Callable[[bytes], bytes]) -> None:
    assert api.verify_pdf(change(sealed)).outcome is Outcome.FORGED


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"not a pdf", b"%PDF-1.7\n%%EOF", b"%PDF-" + b"\x00" * 5000])
def test_files_without_our_seal_are_refused_without_a_crash(content: bytes) -> None:
    assert api.verify_pdf(content).outcome is Outcome.FORGED


@pytest.mark.django_db
def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(TooLarge):
        api.verify_pdf(b"%PDF-" + b"0" * (10 * 1024 * 1024))


def test_a_pdf_sealed_by_a_stranger_is_not_ours(held: api.CertificateView) -> None:
    from datetime import UTC, datetime

    from asn1crypto import keys, x509
    from cryptography import x509 as builder
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = ec.generate_private_key(ec.SECP256R1())
    name = builder.Name([builder.NameAttribute(NameOID.COMMON_NAME, "电子证照签章")])
    made = builder.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    der = made.not_valid_after(datetime(2099, 1, 1, tzinfo=UTC)).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(der.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private), cert_registry=SimpleCertificateStore(),
    )  # fmt: skip
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    plain = io.BytesIO()
    writer.write(plain)
    metadata = signers.PdfSignatureMetadata(field_name="CitySeal", reason=f"电子证照 {held.identifier}")
    forged = signers.PdfSigner(metadata, signer=signer).sign_pdf(IncrementalPdfFileWriter(plain), in_place=False)
    result = api.verify_pdf(forged.getvalue())
    assert (result.outcome, result.number) == (Outcome.FORGED, "")


def test_a_pdf_of_a_certificate_revoked_since_says_so(held: api.CertificateView, sealed: bytes) -> None:
    api.revoke(HUB, certificate_id=held.id, reason="撤销")
    result = api.verify_pdf(sealed)
    assert (result.outcome, result.signature) == (Outcome.REVOKED, True)
    with pytest.raises(StatusForbids):
        api.pdf(PARENT, held.id)


def test_others_cannot_print_it(held: api.CertificateView) -> None:
    with pytest.raises(CertificateUnknown):
        api.pdf(resident("别人"), held.id)


def _redeem(token: str, answers: list[str]) -> None:
    try:
        answers.append(api.check_shown(token, CHECKER, "核验").outcome)
    except CodeUsed as error:
        answers.append(str(error.code))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_gates_at_the_same_moment_one_wins() -> None:
    testkit.declare()
    (view,) = api.issue_batch(HUB, requests=[testkit.request(PARENT.subject)])
    token = api.show(PARENT, certificate_id=view.id).token
    answers: list[str] = []
    gates = [threading.Thread(target=_redeem, args=(token, answers)) for _ in range(4)]
    for gate in gates:
        gate.start()
    for gate in gates:
        gate.join()
    assert sorted(answers) == ["credential.code_used"] * 3 + ["valid"]
