"""Connects the pack: permissions, rules, subscriptions, pages, its part of the synthetic city."""

from django.apps import AppConfig


class SchoolEnrolmentConfig(AppConfig):
    """义务教育入学一件事."""

    name = "onecity.scenarios.school_enrolment"
    label = "school_enrolment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register; nothing is computed here."""
        from onecity.hubs.service.ports import register_decider
        from onecity.kernel.policy import register_permissions
        from onecity.scenarios.school_enrolment import demo, pages, subscriptions
        from onecity.scenarios.school_enrolment.contracts import BUNDLE
        from onecity.scenarios.school_enrolment.contracts import Permission as P
        from onecity.scenarios.school_enrolment.extensions import EnrolmentRules

        register_permissions(
            P,
            labels={
                P.VIEW: ("查看招生批次", "See enrolment rounds"),
                P.RUN: ("办理招生批次", "Run enrolment rounds"),
                P.CHECK: ("学校初审", "Check a school's list"),
                P.REVIEW: ("审核入学申请", "Review enrolment applications"),
                P.EDIT_RULES: ("维护招生规则", "Edit enrolment rules"),
                P.WITNESS: ("公证摇号", "Witness a draw"),
                P.ANSWER: ("答复公示异议", "Answer objections"),
                P.OBJECT: ("对公示提出异议", "Object to a published list"),
            },
            resident=(P.OBJECT,),
        )
        register_decider(BUNDLE, EnrolmentRules())
        subscriptions.connect()
        pages.connect()
        demo.register()
