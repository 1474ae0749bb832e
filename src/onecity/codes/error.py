"""The one error of this floor. Owns its shape; refuses to repeat the offending text, which may be personal."""


class CodeError(ValueError):
    """A text is not the code it claims to be.

    `code` is stable and machine-readable (`citizen_number.check`), `text` names the cause and `hint` says what to do,
    both in Chinese. The refused text itself is never quoted: errors end in logs, numbers of persons must not.
    """

    def __init__(self, code: str, text: str, hint: str) -> None:
        super().__init__(code, text, hint)
        self.code = code
        self.text = text
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.text}。{self.hint}。"
