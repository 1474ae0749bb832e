"""The identifier of an electronic certificate (GB/T 36904-2018). Owns its parts, its check character, its versions.

Refuses to require right credit codes inside: legacy issuers carry others, and the identifier must still be readable.
"""

import re
from dataclasses import dataclass, replace
from typing import Final, Self

from onecity.codes.checks import mod_37_36
from onecity.codes.error import CodeError
from onecity.codes.normal import compact

CERTIFICATE_ROOT: Final = "1.2.156.3005.2"

_TYPE = re.compile(r"[0-9A-Z]{21}")
_ISSUER = re.compile(r"[0-9A-Z]{1,18}")
_SERIAL = re.compile(r"[0-9A-Z]{1,64}")
_HINT = "请从证照上复制完整标识，或扫描证照二维码"


@dataclass(frozen=True, slots=True, order=True, repr=False)
class CertificateIdentifier:
    """`root.type.issuer.serial.version.check`; type is the defining body's credit code and three characters."""

    type_code: str
    issuer: str
    serial: str
    version: int = 1

    def __post_init__(self) -> None:
        if not _TYPE.fullmatch(self.type_code):
            raise CodeError("certificate_identifier.type", "证照类型代码应为21位数字或字母", _HINT)
        if not _ISSUER.fullmatch(self.issuer):
            raise CodeError("certificate_identifier.issuer", "证照颁发机构代码应为18位数字或字母", _HINT)
        if not _SERIAL.fullmatch(self.serial):
            raise CodeError("certificate_identifier.serial", "证照流水号应为不含点号的数字或字母", _HINT)
        if not 1 <= self.version <= 999:
            raise CodeError("certificate_identifier.version", "证照版本号应在001至999之间", "版本用尽时请新发证照")

    @classmethod
    def make(cls, type_code: str, issuer: object, serial: str, version: int = 1) -> Self:
        """Build an identifier; the check character is computed. Errors: `certificate_identifier.*`."""
        return cls(compact(type_code), compact(str(issuer)), compact(serial), version)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the dotted form.

        Errors: `certificate_identifier.format`, `.check`, and those of the parts.
        """
        value = compact(text).replace("。", ".")
        parts = value.removeprefix(f"{CERTIFICATE_ROOT}.").split(".")
        if not value.startswith(f"{CERTIFICATE_ROOT}.") or len(parts) != 5 or not re.fullmatch("[0-9]{3}", parts[3]):
            raise CodeError(
                "certificate_identifier.format",
                f"证照标识应以{CERTIFICATE_ROOT}开头，含类型、机构、流水号、版本、校验五段",
                _HINT,
            )
        found = cls(parts[0], parts[1], parts[2], int(parts[3]))
        if found.check != parts[4]:
            raise CodeError("certificate_identifier.check", "证照标识校验位不符", _HINT)
        return found

    @property
    def check(self) -> str:
        """ISO 7064 MOD 37,36 over type, issuer, serial and version, without root and dots."""
        return mod_37_36(f"{self.type_code}{self.issuer}{self.serial}{self.version:03d}")

    def next_version(self) -> "CertificateIdentifier":
        """The identifier of the changed certificate. Errors: `certificate_identifier.version` after 999."""
        return replace(self, version=self.version + 1)

    def is_predecessor_of(self, other: "CertificateIdentifier") -> bool:
        """True when `other` is the next version of the same certificate."""
        return self.version < 999 and self.next_version() == other

    def masked(self) -> str:
        """The serial keeps its last four characters: some issuers put personal numbers there."""
        shown = self.serial[-4:] if len(self.serial) > 4 else ""
        return self._dotted("*" * (len(self.serial) - len(shown)) + shown)

    def _dotted(self, serial: str) -> str:
        return f"{CERTIFICATE_ROOT}.{self.type_code}.{self.issuer}.{serial}.{self.version:03d}.{self.check}"

    def __str__(self) -> str:
        return self._dotted(self.serial)

    def __repr__(self) -> str:
        return f"CertificateIdentifier({self.masked()})"
