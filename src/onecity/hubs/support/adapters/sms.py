"""Carriers of short messages: the recorded twin (default, in demonstrations and tests) and the null carrier.

A real carrier implements `ports.SmsCarrier` in a pack or package and registers itself; the last one wins.
"""

import logging
from collections.abc import Sequence

from onecity.hubs.support.contracts import ReceiptState
from onecity.hubs.support.models import SmsTwin
from onecity.hubs.support.ports import CarrierReceipt
from onecity.hubs.support.rules.text import mask_mobile

__all__ = ["ConsoleCarrier", "TwinCarrier"]

logger = logging.getLogger("onecity.sms")


class TwinCarrier:
    """Takes every message once and confirms it when asked; numbers ending in 0000 do not exist, 0001 are switched
    off.
    """

    def send(self, *, reference: str, mobile: str, text: str) -> CarrierReceipt:
        """See `SmsCarrier`."""
        if mobile.endswith("0000"):
            return CarrierReceipt(ReceiptState.FAILED, error="空号", retry=False)
        state = ReceiptState.FAILED if mobile.endswith("0001") else ReceiptState.DELIVERED
        SmsTwin.objects.get_or_create(
            reference=reference, defaults={"mobile_masked": mask_mobile(mobile), "text": text, "state": state}
        )
        return CarrierReceipt(ReceiptState.SENT, reference=f"twin-{reference}")

    def receipts(self, references: Sequence[str]) -> dict[str, CarrierReceipt]:
        """See `SmsCarrier`."""
        rows = SmsTwin.objects.filter(reference__in=list(references))
        return {
            row.reference: CarrierReceipt(ReceiptState(row.state), error="用户关机" if row.state == "failed" else "")
            for row in rows
        }


class ConsoleCarrier:
    """Sends nothing and writes a line without number or text to the log: for a city without a carrier contract yet."""

    def send(self, *, reference: str, mobile: str, text: str) -> CarrierReceipt:
        """See `SmsCarrier`."""
        logger.info("short message %s to %s, %d characters, not sent", reference, mask_mobile(mobile), len(text))
        return CarrierReceipt(ReceiptState.FAILED, error="未配置短信通道", retry=False)

    def receipts(self, references: Sequence[str]) -> dict[str, CarrierReceipt]:
        """See `SmsCarrier`."""
        return {}
