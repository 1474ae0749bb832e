"""The last step: everything at once or nothing, then the door closes for good."""

from django.db import transaction

from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.database import advisory_lock
from onecity.kernel.errors import Conflict, Invalid
from onecity.web.init_city import draft, gate
from onecity.web.init_city.importing import Written, write
from onecity.web.init_city.steps import Standing

__all__ = ["found"]


def found(actor: Actor, now: Standing, *, origin: str) -> Written:
    """Write the draft and close the wizard. `origin`: address of whoever pressed the button, for the audit trail.

    Raises NotPermitted, Invalid (a step is open or a row wrong), Conflict (somebody was faster).
    """
    if not now.complete:
        raise Invalid("web.setup_incomplete", "还有步骤没有完成或有错误的行", hint="请按上面的提示逐步改正")
    with transaction.atomic():
        advisory_lock("web.found_city")
        if not gate.is_open():
            raise Conflict("web.city_founded", "城市已经建成", hint="请用管理员账号登录")
        done = write(actor, now.judged, administrators=now.draft.administrators)
        if not isinstance(done, Written):
            raise Invalid("web.setup_incomplete", "还有错误的行，未写入任何数据", hint="请返回相应步骤改正")
        data = {"origin": origin, "divisions": done.divisions, "organisations": done.city.organisations}
        audit.record(actor, "web.found_city", target="web.city", target_id=now.draft.city_code, data=data)
    gate.close()
    draft.discard()
    return done
