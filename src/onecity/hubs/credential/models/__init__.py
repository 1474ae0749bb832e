"""Tables of this hub, one aggregate per file; private."""

from onecity.hubs.credential.models.certificate import Certificate
from onecity.hubs.credential.models.kind import CertificateType
from onecity.hubs.credential.models.showing import ShowToken

__all__ = ["Certificate", "CertificateType", "ShowToken"]
