"""What can go wrong here.

    CityError
    ├── Invalid
    │   ├── TemplateIncomplete   support.template_incomplete   a placeholder got no value
    │   ├── SmsUnlawful          support.sms_unlawful          a short message would carry personal data in a link
    │   ├── FileRefused          support.file_refused          not an allowed kind, or not what it claims to be
    │   ├── ReasonNeeded         support.reason_needed         a large export without a reason
    │   └── PrintFailed          support.print_failed          the template and its data do not fit
    ├── NotFound
    │   ├── TemplateUnknown      support.template_unknown
    │   ├── DictionaryUnknown    support.dictionary_unknown
    │   └── AttachmentUnknown    support.attachment_unknown
    ├── TooLarge
    │   └── FileTooLarge         support.file_too_large
    └── Conflict
        └── TooManyFiles         support.too_many_files

Owns: the stable codes. Refuses HTTP numbers.
"""

from onecity.kernel.errors import Conflict, Invalid, NotFound, TooLarge

__all__ = [
    "AttachmentUnknown", "DictionaryUnknown", "FileRefused", "FileTooLarge", "PrintFailed", "ReasonNeeded",
    "SmsUnlawful",
    "TemplateIncomplete", "TemplateUnknown", "TooManyFiles",
]  # fmt: skip


class TemplateIncomplete(Invalid):
    """A placeholder of a template got no value."""

    code = "support.template_incomplete"
    text = "模板所需的内容没有提供完整"
    hint = "请补齐模板声明的全部字段"


class SmsUnlawful(Invalid):
    """A short message would carry personal data in a link, or no signature."""

    code = "support.sms_unlawful"
    text = "短信链接中不得带有个人信息，且短信须有签名"
    hint = "请改为不带参数的链接，让收信人登录后查看"


class FileRefused(Invalid):
    """Not an allowed kind of file, or not what its name says."""

    code = "support.file_refused"
    text = "文件类型不符合要求，或内容与扩展名不一致"
    hint = "请上传PDF、PNG或JPEG文件；拍照时请使用手机相机原图"


class ReasonNeeded(Invalid):
    """A large export without a reason."""

    code = "support.reason_needed"
    text = "导出行数较多，须填写导出事由"
    hint = "请写明用途，例如“开学前名单核对”；事由将留痕备查"


class PrintFailed(Invalid):
    """Template and data do not fit."""

    code = "support.print_failed"
    text = "文书生成失败，模板与数据不相符"
    hint = "请联系模板维护单位核对字段"


class TemplateUnknown(NotFound):
    """No such template now."""

    code = "support.template_unknown"
    text = "没有这个模板，或模板已停用"
    hint = "请核对模板标识，或启用所属场景包"


class DictionaryUnknown(NotFound):
    """No such dictionary."""

    code = "support.dictionary_unknown"
    text = "没有这个字典"
    hint = "请核对字典标识，或先导入字典"


class AttachmentUnknown(NotFound):
    """No such attachment, or not for this actor."""

    code = "support.attachment_unknown"
    text = "没有找到该附件，或您无权查看"
    hint = "请从所办事项中重新打开"


class FileTooLarge(TooLarge):
    """Larger than the limit told beforehand."""

    code = "support.file_too_large"
    text = "文件超过允许的大小"
    hint = "请压缩图片或分成多个文件上传"


class TooManyFiles(Conflict):
    """The matter already holds as many files as allowed."""

    code = "support.too_many_files"
    text = "附件数量已达上限"
    hint = "请先删除不需要的附件"
