"""The whole proof log written as a file that anybody can check offline. Reads in a stream: memory does not grow with the log."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.db import transaction

from onecity.hubs.exchange.contracts import VerifyReport
from onecity.hubs.exchange.models import ProofChain, ProofRoot
from onecity.hubs.exchange.rules.log_file import END_FORMAT, LOG_FORMAT, end_body, line_of, record_line, root_line
from onecity.hubs.exchange.rules.proof import GENESIS, Proof
from onecity.hubs.exchange.services.read_log import records_after, records_of, root_from_row
from onecity.hubs.exchange.services.ship_proofs import local_chains
from onecity.kernel.clock import wall_now
from onecity.kernel.crypto import Algorithm, encode_base64url
from onecity.kernel.keys import ring

__all__ = ["export_log"]

_ROOT_KEY, _STAMP_KEY = "exchange-proof", "time-stamp"


def export_log(target: Path) -> VerifyReport:
    """Write the log to `target` (compressed when it ends in .gz), under a draft name until it is whole; tells how much there was."""
    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("wb") as plain, transaction.atomic():
            if target.suffix == ".gz":
                with gzip.GzipFile("", "wb", 4, plain) as packed:
                    report = _write(packed)
            else:
                report = _write(plain)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return report


def _write(out: IO[bytes] | gzip.GzipFile) -> VerifyReport:
    last, records, roots = GENESIS, 0, 0
    out.write(line_of({"format": LOG_FORMAT, "stamp_keys": _stamp_keys()}))
    until = ProofRoot.objects.order_by("-number").values_list("number", flat=True).first() or 0
    sealed = dict.fromkeys(ProofChain.objects.order_by("pk").values_list("pk", flat=True), 0)
    for row in ProofRoot.objects.filter(number__lte=until).order_by("number").iterator(chunk_size=200):
        root = root_from_row(row)
        records += _put(out, records_of(root))
        out.write(root_line(root))
        sealed.update({span.chain: span.last for span in root.spans})
        last, roots = root.digest().hex(), roots + 1
    local = set(local_chains())
    unrooted = sum(_put(out, records_after(chain, seq, chain in local)) for chain, seq in sealed.items())
    key = ring().current(_ROOT_KEY, Algorithm.ED25519).signer
    end = {
        "format": END_FORMAT, "at": wall_now().isoformat(), "records": records + unrooted, "roots": roots, "last": last,
    }  # fmt: skip
    signature = encode_base64url(key.sign(end_body(end)))
    out.write(line_of({"end": {**end, "key_id": key.key_id, "signature": signature}}))
    return VerifyReport(records + unrooted, len(sealed), roots, unrooted)


def _put(out: IO[bytes] | gzip.GzipFile, records: Iterator[Proof]) -> int:
    count = 0
    for record in records:
        out.write(record_line(record))
        count += 1
    return count


def _stamp_keys() -> dict[str, dict[str, str]]:
    """Every key a root was ever stamped with."""
    named = ProofRoot.objects.values_list("stamp__key_id", flat=True).order_by().distinct()
    return {name: ring().by_id(_STAMP_KEY, name).verifier.jwk() for name in sorted(filter(None, named))}
