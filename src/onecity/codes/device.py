"""The code of a video device (GB/T 28181-2022). Owns its five segments; refuses to know where the device stands."""

import re
from dataclasses import dataclass
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import compact

_CAMERAS = frozenset({"131", "132"})


@dataclass(frozen=True, slots=True, order=True)
class DeviceCode:
    """Twenty digits: centre 8, industry 2, type 3, network 1, serial 6."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[1-9][0-9]{19}", self.value):
            raise CodeError("device_code.format", "视频设备编码应为20位数字", "请对照设备国标编码核对")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code. Errors: `device_code.format`."""
        return cls(compact(text))

    @classmethod
    def make(cls, centre: str, industry: int, kind: int, network: int, serial: int) -> Self:
        """Build a code from the centre (8 digits), industry (0–99), type (0–999), network (0–9), serial (0–999999)."""
        return cls(f"{centre}{industry:02d}{kind:03d}{network:d}{serial:06d}")

    @property
    def centre(self) -> str:
        """Eight digits of the platform centre."""
        return self.value[:8]

    @property
    def division(self) -> str:
        """The six division digits that open the centre code."""
        return self.value[:6]

    @property
    def industry(self) -> str:
        """Two digits of the industry that owns it."""
        return self.value[8:10]

    @property
    def kind(self) -> str:
        """Three digits of the device type: 131 camera, 132 network camera, 118 recorder, 200 signalling server."""
        return self.value[10:13]

    @property
    def is_camera(self) -> bool:
        """Type 131 or 132."""
        return self.kind in _CAMERAS

    @property
    def network(self) -> str:
        """One digit of the network it hangs in."""
        return self.value[13]

    @property
    def serial(self) -> str:
        """Six digits."""
        return self.value[14:]

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value
