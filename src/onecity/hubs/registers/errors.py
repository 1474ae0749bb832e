"""What can go wrong in the registers: NotFound ── PersonNotFound. Owns codes and sentences. Refuses HTTP numbers."""

from onecity.kernel.errors import NotFound


class PersonNotFound(NotFound):
    """No such person in the population register."""

    code = "registers.person_not_found"
    text = "人口库中没有此人"
    hint = "请核对证件号码，或向公安户籍窗口核实"
