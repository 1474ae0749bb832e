"""The API of this hub: /api/v1/credential/…"""

from onecity.hubs.credential.http.routes import router
from onecity.kernel.api_mount import mount

__all__ = ["connect"]


def connect() -> None:
    """Mount the router."""
    mount("credential", router)
