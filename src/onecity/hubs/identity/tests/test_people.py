"""Accounts, staff, posts, roles, mandates, organisations against the database."""

from datetime import date, timedelta
from typing import Any

import pytest

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import (
    AccountRow,
    AccountView,
    MandateRow,
    OrganisationRow,
    PostSpec,
    StaffFilter,
    StaffView,
)
from onecity.hubs.identity.errors import (
    AdministratorsExclusive,
    DemonstrationOnly,
    LoginTaken,
    OrganisationInUse,
    UnknownOrganisation,
    UnknownRole,
    WrongIdentityNumber,
    WrongMandate,
    WrongMobile,
    WrongOrganisation,
    WrongRole,
)
from onecity.hubs.identity.events import PostEnded
from onecity.hubs.identity.models import Account, Organisation, Role
from onecity.hubs.identity.ports import Declaration
from onecity.hubs.identity.testkit import citizen_number, make_actor, resident, staff, subject
from onecity.hubs.identity.tests.conftest import BUREAU, DISTRICT, GOOD
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today
from onecity.kernel.errors import NotPermitted
from onecity.kernel.models import AuditRow, EventRow
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows


def test_numbers_and_mobiles_are_never_stored_bare(parent: AccountView) -> None:
    row = Account.objects.get(pk=parent.id)
    stored = " ".join(str(value) for value in vars(row).values())
    assert citizen_number(1) not in stored
    assert "13800001234" not in stored
    assert (parent.number_masked, parent.mobile_masked, parent.name_masked) == (
        "370299********0010",
        "138****1234",
        "王*",
    )
    assert api.mobile_of(parent.subject) == "13800001234"
    assert api.name_of(parent.subject) == "王小明"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"number": "370299199003070011"}, WrongIdentityNumber),
        ({"number": "A1234567"}, WrongIdentityNumber),
        ({"mobile": "12345"}, WrongMobile),
        ({"name": ""}, WrongIdentityNumber),
    ],
)
def test_an_account_needs_a_real_identity(
    db: None, system: Actor, changes: dict[str, str], error: type[Exception]
) -> None:
    facts: dict[str, Any] = {"number": citizen_number(1), "name": "王小明", "mobile": "13800001234"}
    with pytest.raises(error):
        api.open_resident_account(system, **{**facts, **changes})
    assert not Account.objects.exists()


def test_one_person_has_one_account(parent: AccountView, system: Actor) -> None:
    with pytest.raises(LoginTaken):
        api.open_resident_account(system, number=citizen_number(1), name="王小明", mobile="13900001234")


def test_the_same_key_opens_one_account(db: None, system: Actor) -> None:
    facts: dict[str, Any] = {
        "number": citizen_number(1),
        "name": "王小明",
        "mobile": "13800001234",
        "idempotency_key": "k1",
    }
    assert api.open_resident_account(system, **facts).id == api.open_resident_account(system, **facts).id


def test_rare_characters_in_names(db: None, system: Actor) -> None:
    made = api.open_resident_account(system, number=citizen_number(3), name="𠅤㛃", mobile="13800001235")
    assert api.name_of(made.subject) == "𠅤㛃"


def test_a_resident_cannot_open_accounts(db: None) -> None:
    with pytest.raises(NotPermitted):
        api.open_resident_account(resident(), number=citizen_number(1), name="王小明", mobile="13800001234")


def test_bulk_accounts_are_like_single_ones(db: None, system: Actor, settings: Any) -> None:
    settings.DEMO_MODE = True
    rows = [
        AccountRow("resident", "王小明", citizen_number(n), mobile=f"1380000{n:04d}", password=GOOD) for n in (1, 3, 5)
    ]
    made = api.load_accounts(system, rows=rows, demo=True)
    assert made.count == 3
    opened = api.log_in(login="13800000003", password=GOOD, origin="127.0.0.1")
    assert opened.account.id == made.ids[1]
    assert api.actor_for(made.ids[0]).kind is ActorKind.RESIDENT


def test_bulk_passwords_are_for_the_demonstration_only(db: None, system: Actor, settings: Any) -> None:
    settings.DEMO_MODE = False
    with pytest.raises(DemonstrationOnly):
        api.load_accounts(system, rows=[AccountRow("resident", "王小明", citizen_number(1), password=GOOD)])


def test_one_bad_number_stops_the_whole_load(db: None, system: Actor) -> None:
    rows: list[Any] = [
        AccountRow("resident", "王", citizen_number(1)),
        {"kind": "resident", "name": "李", "number": "123"},
    ]
    with pytest.raises(WrongIdentityNumber):
        api.load_accounts(system, rows=rows)
    assert not Account.objects.exists()


def test_a_post_gives_its_roles_within_its_organisation_and_area(clerk: StaffView) -> None:
    actor = api.actor_for(clerk.id)
    assert (actor.organisation, actor.area, actor.post) == (DISTRICT, "370202", "受理岗")
    assert allows(actor, "identity.mandate.view", organisation=DISTRICT, area="370202001")
    assert not allows(actor, "identity.mandate.view", organisation=BUREAU, area="370202001")
    assert not allows(actor, "identity.mandate.view", organisation=DISTRICT, area="370203")


def test_an_area_role_reaches_every_organisation_of_the_area(clerk: StaffView, system: Actor) -> None:
    api.define_role(system, key="inspector", labels={"zh": "督导"}, permissions=["identity.mandate.view"], scope="area")
    api.authorise_post(system, post_id=clerk.posts[0].id, roles=["inspector"])
    actor = api.actor_for(clerk.id)
    assert allows(actor, "identity.mandate.view", organisation=BUREAU, area="370202")
    assert not allows(actor, "identity.mandate.view", area="370203")


def test_a_post_cannot_reach_beyond_its_organisation(clerk: StaffView, system: Actor) -> None:
    with pytest.raises(WrongOrganisation):
        api.give_post(system, account_id=clerk.id, post=PostSpec(DISTRICT, "越界岗", (), "370203"))


@pytest.mark.parametrize(
    ("organisation", "roles", "error"), [("NOWHERE", (), UnknownOrganisation), (DISTRICT, ("king",), UnknownRole)]
)
def test_posts_name_what_exists(
    clerk: StaffView, system: Actor, organisation: str, roles: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        api.give_post(system, account_id=clerk.id, post=PostSpec(organisation, "岗", roles))


@pytest.mark.parametrize("second", ["security_administrator", "audit_administrator", "window_clerk"])
def test_one_account_cannot_hold_two_of_the_three(city: None, system: Actor, second: str) -> None:
    made = api.create_staff(
        system,
        login="sys",
        name="系统员",
        number=citizen_number(12),
        password=GOOD,
        posts=[(BUREAU, "系统管理员", ("system_administrator",), "")],
    )
    with pytest.raises(AdministratorsExclusive):
        api.give_post(system, account_id=made.id, post=PostSpec(BUREAU, "兼任", (second,)))
    with pytest.raises(AdministratorsExclusive):
        api.authorise_post(system, post_id=made.posts[0].id, roles=["system_administrator", second])


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "audit_administrator"])
def test_no_administrator_sees_business_data(city: None, system: Actor, role: str) -> None:
    made = api.create_staff(
        system,
        login="adm",
        name="管理员",
        number=citizen_number(12),
        password=GOOD,
        posts=[(BUREAU, "管理员", (role,), "")],
    )
    Role.objects.filter(key=role).update(added=["identity.mandate.view"])  # even a row written around the rules
    actor = api.actor_for(made.id)
    assert not allows(actor, "identity.mandate.view")
    with pytest.raises(NotPermitted):
        api.mandates_for(actor, subject=subject("someone"))


def test_nobody_gives_roles_to_themselves(clerk: StaffView) -> None:
    me = make_actor(["identity.post.authorise"], account_id=clerk.id)
    with pytest.raises(AdministratorsExclusive):
        api.authorise_post(me, post_id=clerk.posts[0].id, roles=[])


def test_the_system_administrator_places_but_does_not_empower(clerk: StaffView) -> None:
    actor = make_actor(["identity.staff.edit", "identity.staff.view"])
    api.give_post(actor, account_id=clerk.id, post=PostSpec(BUREAU, "兼职岗"))
    with pytest.raises(NotPermitted):
        api.give_post(actor, account_id=clerk.id, post=PostSpec(BUREAU, "带权岗", ("window_clerk",)))


def test_handing_over_names_the_successor_in_the_event(clerk: StaffView, system: Actor) -> None:
    heir = api.create_staff(
        system,
        login="heir",
        name="接任",
        number=citizen_number(14),
        password=GOOD,
        posts=[(DISTRICT, "受理岗", (), "")],
    )
    api.end_post(system, post_id=clerk.posts[0].id, successor_post=heir.posts[0].id, reason="调岗")
    payload = EventRow.objects.get(topic=PostEnded.topic).payload
    assert (payload["account_id"], payload["successor_account"]) == (str(clerk.id), str(heir.id))
    assert not api.actor_for(clerk.id).grants


def test_roles_are_declared_idempotently_and_overlays_survive(city: None, system: Actor) -> None:
    content = Declaration.model_validate(
        {
            "roles": [
                {
                    "key": "reviewer",
                    "labels": {"zh": "复核员", "en": "Reviewer"},
                    "permissions": ["identity.mandate.view"],
                }
            ]
        }
    )
    api.apply_declaration(system, "pack_a", content)
    api.adjust_role(system, key="reviewer", removed=["identity.mandate.view"])
    api.apply_declaration(system, "pack_a", content)
    assert Role.objects.get(key="reviewer").effective == frozenset()
    assert AuditRow.objects.filter(act="identity.define_role", target_id="reviewer").count() == 1
    api.apply_declaration(system, "pack_a", Declaration(roles=[]))
    assert Role.objects.get(key="reviewer").valid_to == today()


@pytest.mark.parametrize("permission", ["nobody.knows.this", "identity.role.edit"])
def test_a_pack_cannot_declare_unknown_or_reserved_permissions(city: None, system: Actor, permission: str) -> None:
    with pytest.raises(WrongRole):
        api.define_role(system, key="bad", labels={"zh": "坏"}, permissions=[permission], pack="pack_a")


def test_a_pack_cannot_take_anothers_role(city: None, system: Actor) -> None:
    with pytest.raises(WrongRole):
        api.define_role(system, key="window_clerk", labels={"zh": "x"}, permissions=[], pack="pack_b")
    with pytest.raises(WrongRole):
        api.define_role(system, key="audit_administrator", labels={"zh": "x"}, permissions=[])


def test_a_person_may_empower_an_agent_for_themselves_only(db: None) -> None:
    me = resident()
    facts: dict[str, Any] = {
        "kind": "agent",
        "source": "本人线上授权",
        "valid_from": today(),
        "valid_to": today() + timedelta(days=30),
    }
    made = api.record_mandate(me, principal=me.subject, agent=subject("helper"), **facts)
    assert [m.id for m in api.mandates_of(subject("helper"))] == [made.id]
    with pytest.raises(NotPermitted):
        api.record_mandate(me, principal=subject("neighbour"), agent=me.subject, **facts)
    with pytest.raises(NotPermitted):
        api.record_mandate(me, principal=me.subject, agent=subject("helper"), **{**facts, "kind": "guardian"})


def test_the_same_mandate_is_recorded_once(db: None, system: Actor) -> None:
    facts: dict[str, Any] = {
        "principal": subject("child"),
        "agent": subject("mother"),
        "kind": "guardian",
        "source": "人口库",
        "valid_from": date(2020, 1, 1),
    }
    assert api.record_mandate(system, **facts).id == api.record_mandate(system, **facts).id
    api.load_mandates(system, rows=[MandateRow(**facts)])
    assert len(api.mandates_of(subject("mother"))) == 1


def test_a_mandate_without_source_is_refused(db: None, system: Actor) -> None:
    with pytest.raises(WrongMandate):
        api.load_mandates(
            system,
            rows=[
                {
                    "principal": subject("a"),
                    "agent": subject("b"),
                    "kind": "guardian",
                    "source": "",
                    "valid_from": today(),
                }
            ],
        )


def test_organisations_are_found_by_code_key_kind_and_area(city: None) -> None:
    assert api.organisation_by_key("education").code == BUREAU
    assert api.organisation(BUREAU, at=date(2019, 1, 1)) is None
    assert [o.code for o in api.organisations(kind="bureau", area="3702")] == [BUREAU, DISTRICT]
    assert [o.code for o in api.organisations(parent=BUREAU)] == [DISTRICT]
    assert api.contact_of(DISTRICT).phone == "0532-1"
    with pytest.raises(UnknownOrganisation):
        api.organisation_by_key("nothing")


def test_a_new_name_begins_a_new_period_a_new_phone_does_not(city: None, system: Actor) -> None:
    api.change_organisation(system, code=BUREAU, phone="0532-2")
    assert len(api.organisation_history(BUREAU)) == 1
    api.change_organisation(system, code=BUREAU, name="青岛市教育和体育局")
    now = api.organisation(BUREAU)
    before = api.organisation(BUREAU, at=today() - timedelta(days=1))
    assert now is not None
    assert before is not None
    assert (before.name, now.name) == ("青岛市教育局", "青岛市教育和体育局")


def test_the_tree_refuses_what_does_not_fit(city: None, system: Actor) -> None:
    outside = OrganisationRow("STREET-1", "某街道", "street", "street", "370203001", parent=DISTRICT)
    with pytest.raises(WrongOrganisation):
        api.found_organisation(system, row=outside)
    with pytest.raises(WrongOrganisation) as refused:
        api.load_organisations(
            system, rows=[outside, OrganisationRow("GRID-9", "格", "grid", "grid", "370202001001001")]
        )
    assert [bad["code"] for bad in refused.value.data["rows"]] == ["STREET-1"]
    assert Organisation.objects.count() == 2


def test_children_and_people_follow_the_successor(clerk: StaffView, system: Actor) -> None:
    with pytest.raises(OrganisationInUse):
        api.end_organisation(system, code=DISTRICT)
    heir = api.found_organisation(
        system, row=OrganisationRow("NEW-EDU", "新教体局", "district", "bureau", "370202", parent=BUREAU)
    )
    api.end_organisation(system, code=DISTRICT, successor=heir.code)
    assert api.organisation(DISTRICT) is None
    assert api.organisation_history(DISTRICT)[0].successor == heir.code
    assert api.actor_for(clerk.id).organisation == heir.code


def test_edits_stay_inside_the_editors_area(city: None) -> None:
    editor = make_actor(["identity.organisation.edit"], area="370203")
    with pytest.raises(NotPermitted):
        api.change_organisation(editor, code=DISTRICT, phone="1")


def test_staff_are_found_by_text_and_role(clerk: StaffView, system: Actor) -> None:
    found = api.staff_list(system, filter=StaffFilter(text="陈", role="window_clerk"), page=PageRequest())
    assert [person.login for person in found.items] == ["clerk"]
    assert not api.staff_list(system, filter=StaffFilter(role="reviewer"), page=PageRequest()).items


def test_a_clerk_cannot_list_staff(db: None) -> None:
    with pytest.raises(NotPermitted):
        api.staff_list(staff(), filter=StaffFilter(), page=PageRequest())


def test_a_threshold_changes_from_today_and_history_stays(db: None, system: Actor) -> None:
    api.set_policy(system, key="lock_minutes", value=20, source="市局通知")
    entry = next(e for e in api.policy_entries() if e.key == "lock_minutes")
    assert (entry.value, entry.source) == (20, "市局通知")
