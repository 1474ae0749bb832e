"""The one error family of the house.

    CityError
    ├── Invalid           what was sent breaks a rule                (the sender mends it)
    ├── Unauthenticated   nobody is logged in                        (log in)
    ├── NotPermitted      logged in, but not allowed                 (ask for the right)
    ├── NotFound          no such thing, or not for this actor
    ├── Conflict          somebody was faster, or the state forbids it (reload)
    ├── Gone              it was there and has ended
    ├── TooLarge          the thing sent is larger than allowed
    ├── TooMany           quota or rate used up                      (later)
    ├── Unavailable       an outside system does not answer          (later; data may hold `expected_at`)
    └── Broken            our own fault; the operator is told

Owns: the family, each error with a stable code, a sentence, what to do and whom to call. Refuses: HTTP numbers; those are
given in `kernel.problems` and nowhere else.
"""

from collections.abc import Mapping
from typing import Any

__all__ = [
    "Broken", "CityError", "Conflict", "Gone", "Invalid", "NotFound", "NotPermitted", "TooLarge", "TooMany",
    "Unauthenticated", "Unavailable",
]  # fmt: skip


class CityError(Exception):
    """A refusal or a fault that a person can read.

    `code` is stable ("hub.reason"), `text` says the cause, `hint` what to do, `contact` whom to call, `data` the
    machine-readable details. A subclass may give class-level defaults and then needs no arguments.
    """

    code: str = "city.error"
    text: str = "办理未成功"
    hint: str = ""
    contact: str = ""

    def __init__(
        self, code: str = "", text: str = "", *, hint: str = "", contact: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.code = code or type(self).code
        self.text = text or type(self).text
        self.hint = hint or type(self).hint
        self.contact = contact or type(self).contact
        self.data: Mapping[str, Any] = dict(data or {})
        super().__init__(self.text)

    def __str__(self) -> str:
        return str(self.text)


class Invalid(CityError):
    """What was sent breaks a rule."""

    code = "city.invalid"
    text = "填写的内容不符合要求"
    hint = "请按提示修改后再提交"


class Unauthenticated(CityError):
    """Nobody is logged in, or the session ended."""

    code = "city.unauthenticated"
    text = "您还没有登录，或登录已失效"
    hint = "请重新登录后继续，已填内容不会丢失"


class NotPermitted(CityError):
    """Logged in, but not allowed."""

    code = "city.not_permitted"
    text = "当前身份没有办理此事的权限"
    hint = "如确需办理，请联系本单位安全管理员开通"


class NotFound(CityError):
    """No such thing, or not for this actor."""

    code = "city.not_found"
    text = "没有找到您要的内容"
    hint = "请核对编号，或从首页重新进入"


class Conflict(CityError):
    """Somebody was faster, or the state forbids it."""

    code = "city.conflict"
    text = "内容已被其他操作更新"
    hint = "请刷新页面，按最新状态继续"


class Gone(CityError):
    """It was there and has ended."""

    code = "city.gone"
    text = "该内容已失效"
    hint = "请重新获取"


class TooLarge(CityError):
    """The thing sent is larger than allowed."""

    code = "city.too_large"
    text = "上传的内容超过允许的大小"
    hint = "请压缩或拆分后再传"


class TooMany(CityError):
    """A quota or rate is used up."""

    code = "city.too_many"
    text = "操作过于频繁"
    hint = "请稍后再试"


class Unavailable(CityError):
    """An outside system does not answer. `data["expected_at"]` may say when it will."""

    code = "city.unavailable"
    text = "相关系统暂时没有响应"
    hint = "无需重复提交，恢复后自动继续"


class Broken(CityError):
    """Our own fault; the operator finds it in the log under the same reference."""

    code = "city.broken"
    text = "系统出现故障，已记录"
    hint = "请稍后再试；如仍不行，请拨打12345并报出错误编号"
