"""What packs may declare: types of certificates.

Owns: the schema of `declares/credential.yaml`. Validates; applying is a service behind the api.
"""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from onecity.codes import CodeError, CreditCode

__all__ = ["CredentialDeclaration", "FieldDeclaration", "Labels", "TypeDeclaration"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Labels(_Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(default="", max_length=120)


class FieldDeclaration(_Strict):
    """One field. `personal` values are masked for others; `printed` ones stand in the code on paper (keep them few and
    never personal); `shown` ones are given to whoever checks a shown certificate; `optional` ones may be empty."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    names: Labels
    personal: bool = False
    printed: bool = False
    shown: bool = True
    optional: bool = False

    @model_validator(mode="after")
    def _code_holds_nothing_personal(self) -> "FieldDeclaration":
        if self.personal and self.printed:
            raise ValueError(f"{self.key}: 个人信息不得写入纸面二维码（personal 与 printed 不能同时为真）")
        return self


class TypeDeclaration(_Strict):
    """One type. `code` is the 21 characters of GB/T 36904 (credit code of the defining body + 3), or only the 3, then
    the
    issuer's own credit code stands before them. `issuer` is an organisation's key; `series` its 代字 for numbers."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
    code: str
    names: Labels
    issuer: str = Field(min_length=1, max_length=60)
    series: str = Field(pattern=r"^[\u4e00-\u9fffA-Z0-9]{1,20}$")
    fields: tuple[FieldDeclaration, ...] = Field(min_length=1)
    valid_days: int | None = Field(default=None, ge=1, le=36_600)
    show_seconds: int = Field(default=60, ge=10, le=60)
    print_template: str = ""
    seal_words: str = Field(default="电子证照专用章", max_length=12)
    algorithm: Literal["Ed25519", "ES256", "SM2"] = "Ed25519"

    @field_validator("code")
    @classmethod
    def _code_is_well_formed(cls, code: str) -> str:
        if re.fullmatch(r"[0-9A-Z]{3}", code):
            return code
        try:
            CreditCode.parse(code[:18])
        except CodeError as error:
            raise ValueError(f"证照类型代码前18位应为统一社会信用代码：{error.text}") from error
        if not re.fullmatch(r"[0-9A-Z]{21}", code):
            raise ValueError("证照类型代码应为21位（统一社会信用代码加3位）")
        return code

    @model_validator(mode="after")
    def _fields_are_unique(self) -> "TypeDeclaration":
        keys = [field.key for field in self.fields]
        if len(set(keys)) != len(keys):
            raise ValueError("字段标识重复")
        return self


class CredentialDeclaration(_Strict):
    """The whole of `declares/credential.yaml` (after `schema: 1`)."""

    types: tuple[TypeDeclaration, ...] = ()

    @model_validator(mode="after")
    def _keys_are_unique(self) -> "CredentialDeclaration":
        keys = [declared.key for declared in self.types]
        if len(set(keys)) != len(keys):
            raise ValueError("证照类型标识重复")
        return self
