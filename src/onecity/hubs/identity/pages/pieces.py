"""What the identity hub puts on 今日: what waits for the system, security and audit administrators."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import Permission
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.ui.contracts import FigureCard

__all__ = ["administrator_figures"]


def administrator_figures(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """Organisations and staff; posts without a role and locked accounts; acts of a day and refusals."""
    if not any(allows(actor, one) for one in (Permission.STAFF_EDIT, Permission.POST_AUTHORISE, Permission.AUDIT_VIEW)):
        return None
    found = api.administrator_figures(actor)
    staff, audit = reverse("identity.staff"), reverse("identity.audit")
    lines = (
        (_("组织机构"), found.organisations, _("个"), _("当前有效的机构"), reverse("identity.organisations")),
        (_("在册人员"), found.staff, _("人"), _("没有停用的工作人员账号"), staff),
        (_("待改初始密码"), found.first_passwords, _("人"), _("已开通、还没有首次登录改密的人员"), staff),
        (_("待授角色"), found.posts_without_role, _("个"), _("在岗但没有任何角色、登录后办不了事的岗位"), staff),
        (_("已锁定账号"), found.locked, _("个"), _("因连续输错密码等原因锁定中的账号"), staff),
        (_("审计行为"), found.acts, _("条"), _("最近二十四小时写入的审计记录"), audit),
        (_("被拒绝的行为"), found.refused, _("条"), _("最近二十四小时结果不是“完成”的审计记录"), audit),
    )
    cards = [
        FigureCard(title, f"{n:,}", unit, definition=words, as_of=wall_now(), source=_("统一身份"), href=href)
        for title, n, unit, words, href in lines
        if n >= 0
    ]
    return SlotPiece("", {"cards": cards}, 70)
