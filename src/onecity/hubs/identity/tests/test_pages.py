"""The screens and routes as a browser or a program meets them."""

import json
from typing import Any

import pytest
from django.test import Client

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import AccountView, PostSpec, StaffView
from onecity.hubs.identity.models import SecurityPolicy
from onecity.hubs.identity.testkit import citizen_number, make_actor, resident, sign_in, staff, subject
from onecity.hubs.identity.tests.conftest import BUREAU, DISTRICT, GOOD
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today

SYSTEM_ADMINISTRATOR = [
    "identity.organisation.view",
    "identity.organisation.edit",
    "identity.staff.view",
    "identity.staff.edit",
]
SECURITY_ADMINISTRATOR = [
    "identity.staff.view",
    "identity.post.authorise",
    "identity.role.view",
    "identity.role.edit",
    "identity.security.edit",
]


@pytest.fixture
def browser() -> Client:
    """A browser that is asked for its CSRF token."""
    return Client(enforce_csrf_checks=True)


def _send(browser: Client, path: str, **data: Any) -> Any:
    """Open the page, take its token, send the form."""
    browser.get(path)
    data["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
    return browser.post(path, data)


@pytest.mark.parametrize("who", ["person", "firm", "staff", "<script>"])
def test_the_login_page_has_three_tabs(db: None, client: Client, who: str) -> None:
    page = client.get("/login", {"as": who})
    assert page.status_code == 200
    for word in ("个人", "法人", "工作人员"):
        assert word in page.content.decode()
    assert "<script>" not in page.content.decode()


def test_a_resident_signs_in_and_out(parent: AccountView, browser: Client) -> None:
    inside = _send(browser, "/login", login="13800001234", password=GOOD)
    assert (inside.status_code, inside["Location"]) == (302, "/")
    page = browser.get("/account").content.decode()
    assert "王*" in page
    assert "王小明" not in page
    _out = browser.post("/logout", {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value})
    assert browser.get("/account").status_code == 302


def test_without_the_token_nothing_is_accepted(parent: AccountView, browser: Client) -> None:
    assert browser.post("/login", {"login": "13800001234", "password": GOOD}).status_code == 403


def test_a_wrong_password_is_told_without_saying_which(parent: AccountView, browser: Client) -> None:
    page = _send(browser, "/login", login="13800001234", password="nope")
    assert page.status_code == 401
    assert "账号或密码不正确" in page.content.decode()
    assert "nope" not in page.content.decode()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/account", "/account"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/logout", "/"),
    ],
)
def test_only_our_own_pages_follow(parent: AccountView, browser: Client, wanted: str, expected: str) -> None:
    assert _send(browser, "/login", login="13800001234", password=GOOD, next=wanted)["Location"] == expected


def test_a_stranger_is_sent_to_the_login_and_back(db: None, client: Client) -> None:
    answer = client.get("/account")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login?next=%2Faccount")


def test_the_session_key_of_a_stranger_is_never_kept(parent: AccountView, browser: Client) -> None:
    browser.cookies["sessionid"] = "fixed-by-somebody-else"
    _send(browser, "/login", login="13800001234", password=GOOD)
    assert browser.cookies["sessionid"].value != "fixed-by-somebody-else"


def test_staff_go_through_code_to_the_desk(clerk: StaffView, browser: Client, settings: Any) -> None:
    first = _send(browser, "/login?as=staff", login="clerk", password=GOOD)
    assert first["Location"] == "/login/code"
    assert browser.get("/account")["Location"] == "/login/code"
    page = browser.get("/login/code").content.decode()
    assert "<svg" in page
    assert _send(browser, "/login/code", code="abc").status_code == 401


def test_demonstration_accounts_are_offered_there_only(db: None, system: Actor, client: Client, settings: Any) -> None:
    settings.DEMO_MODE = True
    api.load_accounts(
        system,
        rows=[
            {
                "kind": "resident",
                "login": "wanghao",
                "name": "王浩",
                "number": citizen_number(7),
                "password": api.DEMO_PASSWORD,
            }
        ],
        demo=True,
    )
    assert "wanghao" in client.get("/login").content.decode()
    settings.DEMO_MODE = False
    assert "wanghao" not in client.get("/login").content.decode()


def test_a_demonstration_code_is_filled_in(city: None, system: Actor, browser: Client, settings: Any) -> None:
    settings.DEMO_MODE = True
    made = api.create_staff(
        system, login="demo", name="演示员", number=citizen_number(9), password=GOOD, first_password=False, demo=True
    )
    _send(browser, "/login?as=staff", login="demo", password=GOOD)
    page = browser.get("/login/code").content.decode()
    code = api.demo_code(account_id=made.id)
    assert len(code) == 6
    assert f'value="{code}"' in page
    assert _send(browser, "/login/code", code=code)["Location"] == "/desk/home"


def test_acting_for_a_child_by_page(parent: AccountView, system: Actor, browser: Client) -> None:
    child = subject("child")
    api.record_mandate(
        system,
        principal=child,
        agent=parent.subject,
        kind="guardian",
        source="人口库",
        valid_from=today(),
        principal_name="王小宁",
    )
    _send(browser, "/login", login="13800001234", password=GOOD)
    assert "监护人" in browser.get("/account/behalf").content.decode()
    assert _send(browser, "/account/behalf", principal=child).status_code == 302
    assert "正在为 王* 办事" in browser.get("/account").content.decode()
    assert _send(browser, "/account/behalf", principal=subject("stranger")).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/desk/identity/organisations",
        "/desk/identity/staff",
        "/desk/identity/roles",
        "/desk/identity/mandates",
        "/desk/identity/audit",
    ],
)
@pytest.mark.parametrize("who", [resident(), staff(["process.item.view"])])
def test_administration_is_shut_to_everybody_else(db: None, client: Client, path: str, who: Actor) -> None:
    sign_in(client, who)
    assert client.get(path).status_code == 403


def test_the_system_administrator_sees_the_tree_and_changes_a_phone(city: None, client: Client) -> None:
    sign_in(client, make_actor(SYSTEM_ADMINISTRATOR))
    assert "青岛市教育局" in client.get("/desk/identity/organisations").content.decode()
    page = client.get(f"/desk/identity/organisations/{BUREAU}")
    assert "市南区教育和体育局" in page.content.decode()
    form = {
        "name": "青岛市教育局",
        "short_name": "市教育局",
        "level": "city",
        "kind": "bureau",
        "area": "3702",
        "phone": "0532-99",
    }
    assert client.post(f"/desk/identity/organisations/{BUREAU}", {"verb": "change", **form}).status_code == 302
    assert api.contact_of(BUREAU).phone == "0532-99"
    assert client.get("/desk/identity/organisations/NOWHERE").status_code == 404


def test_the_system_administrator_makes_staff_and_sees_the_password_once(city: None, client: Client) -> None:
    sign_in(client, make_actor(SYSTEM_ADMINISTRATOR))
    form = {"login": "newman", "name": "新人", "number": citizen_number(21), "organisation": DISTRICT, "title": "科员"}
    page = client.post("/desk/identity/staff/new", form)
    assert "一次性初始密码" in page.content.decode()
    listed = client.get("/desk/identity/staff", {"q": "newman"}).content.decode()
    assert "新人" in listed
    assert "待改初始密码" in listed


def test_the_security_administrator_gives_roles_on_the_page(clerk: StaffView, client: Client) -> None:
    sign_in(client, make_actor(SECURITY_ADMINISTRATOR))
    path = f"/desk/identity/staff/{clerk.id}"
    assert "window_clerk" in client.get(path).content.decode()
    assert client.post(path, {"verb": "authorise", "post": str(clerk.posts[0].id)}).status_code == 302
    assert not api.actor_for(clerk.id).grants
    assert client.post(path, {"verb": "close", "reason": "x"}).status_code == 403


def test_the_security_administrator_edits_a_role_and_a_threshold(city: None, client: Client) -> None:
    sign_in(client, make_actor(SECURITY_ADMINISTRATOR))
    assert client.post("/desk/identity/roles/window_clerk", {}).status_code == 302
    assert "单次" not in client.get("/desk/identity/roles/window_clerk").content.decode()
    client.post("/desk/identity/roles", {"key": "idle_minutes", "value": "15", "source": "市局要求"})
    assert SecurityPolicy.objects.filter(key="idle_minutes", value=15).exists()
    assert client.post("/desk/identity/roles", {"key": "idle_minutes", "value": "60", "source": "x"}).status_code == 422


def test_the_audit_administrator_reads_the_trail_and_checks_the_chain(city: None, client: Client) -> None:
    audit.seal()
    sign_in(client, make_actor(["identity.audit.view"]))
    page = client.get("/desk/identity/audit", {"verify": "1", "act": "identity."}).content.decode()
    assert "identity.load_organisations" in page
    assert "链完整" in page


def test_mandates_are_looked_up_by_post(parent: AccountView, system: Actor, client: Client) -> None:
    api.record_mandate(
        system, principal=subject("c"), agent=parent.subject, kind="guardian", source="人口库", valid_from=today()
    )
    sign_in(client, staff(["identity.mandate.view"]))
    page = client.post("/desk/identity/mandates", {"number": citizen_number(1)}).content.decode()
    assert "监护人" in page
    assert client.get("/desk/identity/mandates", {"number": citizen_number(1)}).content.decode().count("监护人") == 0


def _json(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return client.generic(
        method, f"/api/v1/identity{path}", json.dumps(body or {}), "application/json", headers=headers
    )


def test_a_program_signs_in_asks_who_it_is_and_leaves(parent: AccountView, client: Client) -> None:
    token = _json(client, "POST", "/session", {"login": "13800001234", "password": GOOD}).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    me = _json(client, "GET", "/me", **bearer)
    assert me.json()["kind"] == "resident"
    assert "sessionid" not in me.cookies
    assert _json(client, "DELETE", "/session", **bearer).status_code == 204
    assert _json(client, "GET", "/me", **bearer).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"login": "13800001234", "password": "no"}, 401),
        ({"login": "", "password": "x"}, 422),
        ({"login": "a\x00b", "password": "x"}, 422),
        ({"login": "x" * 101, "password": "x"}, 422),
        ({"password": "x"}, 422),
        ({"login": ["a"], "password": "x"}, 422),
    ],
)
def test_hostile_sign_ins_get_problem_documents(parent: AccountView, client: Client, body: Any, status: int) -> None:
    answer = _json(client, "POST", "/session", body)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_cookie_needs_the_csrf_token_on_the_api_a_bearer_does_not(parent: AccountView, browser: Client) -> None:
    _send(browser, "/login", login="13800001234", password=GOOD)
    assert _json(browser, "DELETE", "/session").status_code == 403
    token = browser.cookies["csrftoken"].value
    assert _json(browser, "DELETE", "/session", **{"X-CSRFToken": token}).status_code == 204


@pytest.mark.parametrize("token", ["", "nothing", "x" * 5000, "' OR 1=1 --"])
def test_a_made_up_token_is_nobody(db: None, client: Client, token: str) -> None:
    assert _json(client, "GET", "/me", Authorization=f"Bearer {token}").status_code == 401


def test_staff_take_the_second_step_over_http(clerk: StaffView, client: Client) -> None:
    SecurityPolicy.objects.filter(key="second_factor_staff").update(value=0)
    api.give_post(Actor.system("identity"), account_id=clerk.id, post=PostSpec(BUREAU, "督导岗"))
    first = _json(client, "POST", "/session", {"login": "clerk", "password": GOOD}).json()
    assert first["stage"] == "post"
    step = {"post": first["posts"][1]["id"]}
    second = _json(client, "POST", "/session/step", step, Authorization=f"Bearer {first['token']}").json()
    assert second["stage"] == "open"
    me = _json(client, "GET", "/me", Authorization=f"Bearer {second['token']}").json()
    assert me["organisation"] == BUREAU
