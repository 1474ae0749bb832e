"""Connects the base map: permissions, page, HTTP. Nothing else."""

from enum import StrEnum

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from onecity.hubs.basemap.contracts import Permission

LABELS: dict[StrEnum, tuple[str, str]] = {
    Permission.DIVISION_VIEW: ("查看行政区划与地名地址", "View divisions and addresses"),
    Permission.PLACE_LOAD: ("导入区划、地址和学区", "Load divisions, addresses and catchments"),
}


class BasemapConfig(AppConfig):
    """数字底板."""

    name = "onecity.hubs.basemap"
    label = "basemap"
    verbose_name = _("数字底板")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register permissions, the page and the router."""
        from onecity.hubs.basemap.http.router import router
        from onecity.hubs.basemap.pages.divisions import divisions
        from onecity.kernel.api_mount import mount
        from onecity.kernel.policy import register_permissions
        from onecity.kernel.slots import Face, Nav, Page, register_page

        register_permissions(Permission, labels=LABELS)
        register_page(
            Page(
                Face.DESK,
                "/desk/basemap/divisions",
                divisions,
                "basemap.divisions",
                Permission.DIVISION_VIEW,
                Nav(_("行政区划"), "map", _("基础"), 60),
            )
        )
        mount("basemap", router)
