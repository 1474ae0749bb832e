"""Rows the law asks for from the first day: thresholds of login and session, the three separated administrators."""

from datetime import date

from django.db import migrations

SOURCE = "GB/T 22239-2019 第三级安全要求 8.1.4.1 身份鉴别（取值按等级测评常用值）"
SINCE = date(2019, 12, 1)
POLICY = {
    "password_length": 10,
    "password_kinds": 3,
    "password_history": 5,
    "password_days": 90,
    "lock_failures": 5,
    "lock_minutes": 15,
    "idle_minutes": 30,
    "idle_minutes_administrator": 10,
    "session_hours": 12,
    "origin_failures": 30,
    "origin_minutes": 5,
    "second_factor_staff": 1,
    "second_factor_administrator": 1,
}
ROLES = {
    "system_administrator": (
        "system",
        {"zh": "系统管理员", "en": "System administrator"},
        [
            "identity.organisation.view",
            "identity.organisation.edit",
            "identity.staff.view",
            "identity.staff.edit",
            "kernel.operation.operate",
        ],
    ),
    "security_administrator": (
        "security",
        {"zh": "安全管理员", "en": "Security administrator"},
        [
            "identity.organisation.view",
            "identity.staff.view",
            "identity.post.authorise",
            "identity.role.view",
            "identity.role.edit",
            "identity.security.edit",
        ],
    ),
    "audit_administrator": (
        "audit",
        {"zh": "审计管理员", "en": "Audit administrator"},
        ["identity.audit.view", "kernel.audit.read"],
    ),
}


def seed(apps, schema_editor):
    policy = apps.get_model("identity", "SecurityPolicy")
    for key, value in POLICY.items():
        policy.objects.get_or_create(key=key, valid_from=SINCE, defaults={"value": value, "source": SOURCE})
    role = apps.get_model("identity", "Role")
    for key, (administrator, labels, permissions) in ROLES.items():
        role.objects.get_or_create(
            key=key,
            defaults={
                "administrator": administrator,
                "labels": labels,
                "permissions": permissions,
                "scope": "city",
                "valid_from": SINCE,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
