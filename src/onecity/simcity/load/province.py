"""The demonstration's province: an upper level behind the twin, and the entry that data flowing back from it arrive in."""

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.ports import Declaration, DeclaredResource
from onecity.hubs.exchange import api as exchange
from onecity.kernel.actor import Actor

__all__ = ["DOWNFLOW", "ENTRY", "PROVINCE", "connect_province"]

PROVINCE = "province"
DOWNFLOW = "province_social_bodies"

ENTRY = DeclaredResource.model_validate({
    "key": DOWNFLOW, "code": "102001/90", "name": "省级登记在青社会组织信息", "provider": "data_bureau",
    "abstract": "住所在本市、由省级民政部门登记的社会组织，由省级平台按月回流本市", "share_type": "unconditional",
    "update_cycle": "monthly", "tags": ("省级回流",),
    "fields": (
        {"name": "credit_code", "label": "统一社会信用代码", "type": "credit_code", "required": True},
        {"name": "name", "label": "社会组织名称", "required": True}, {"name": "kind", "label": "社会组织类型"},
        {"name": "district", "label": "所在区市"}, {"name": "registered_on", "label": "成立登记日期", "type": "date"},
        {"name": "status", "label": "登记状态"},
    ),
})  # fmt: skip


def connect_province(address: str) -> None:
    """Connect the twin at `address` as the province; does nothing twice."""
    actor = Actor.system("simcity")
    catalog.apply_declaration(actor, "simcity_province", Declaration(resources=(ENTRY,)))
    exchange.connect_superior(
        actor, connection=exchange.Connection(PROVINCE, "山东省一体化大数据平台", f"{address}/cascade/v1")
    )
