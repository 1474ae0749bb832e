"""The package for the province: what is in it, that its digests hold, who may make it."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.models import Resource
from onecity.hubs.catalog.testkit import PROVIDER, publish
from onecity.hubs.identity.testkit import sign_in, staff
from onecity.kernel.actor import Actor
from onecity.kernel.crypto.digests import sm3
from onecity.kernel.errors import NotPermitted

pytestmark = pytest.mark.django_db


def bureau() -> Actor:
    return staff([Permission.REVIEW], organisation="")


def opened(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    return json.loads(files.pop("manifest.json")), files


def test_every_file_bears_the_digests_of_the_manifest_and_none_is_unlisted() -> None:
    publish()
    manifest, files = opened(api.provincial_report(bureau()))
    assert {one["file"] for one in manifest["files"]} == set(files)
    for one in manifest["files"]:
        content = files[one["file"]]
        assert (one["bytes"], one["sm3"]) == (len(content), sm3(content).hex())
        assert one["sha256"] == hashlib.sha256(content).hexdigest()


def test_published_entries_are_in_it_in_the_national_fields_and_no_others() -> None:
    publish("told", name="已发布的条目", code="307001/1", pack="one")
    publish("draft", name="未发布的条目", code="307001/2", pack="two")
    Resource.objects.filter(key="draft").update(state="draft")
    manifest, files = opened(api.provincial_report(bureau()))
    entries = {entry["资源标识"]: entry for entry in json.loads(files[f"entries/{PROVIDER}.json"])}
    assert "draft" not in entries
    view = api.resource("told")
    assert entries["told"]["信息资源代码"] == "307001/1"
    assert entries["told"]["共享类型"] == view.share_type.label
    assert [item["信息项名称"] for item in entries["told"]["信息项"]] == [field.label for field in view.fields]
    assert manifest["entries"] == Resource.objects.filter(state="published").count()
    assert manifest["items"] == sum(
        len(fields) for fields in Resource.objects.filter(state="published").values_list("fields", flat=True)
    )


def test_the_same_entries_give_the_same_files() -> None:
    publish()
    first, second = (opened(api.provincial_report(bureau())) for _ in range(2))
    assert first[1] == second[1]
    assert first[0]["files"] == second[0]["files"]


def test_a_department_cannot_report_for_the_city(client: Client) -> None:
    one = staff(list(Permission), organisation=PROVIDER)
    with pytest.raises(NotPermitted):
        api.provincial_report(one)
    sign_in(client, one)
    assert "上报包" not in client.get("/desk/catalog/files").content.decode()
    assert client.post("/desk/catalog/files", {"export": "province"}).status_code == 403


def test_the_bureau_downloads_it_on_the_page_of_files(client: Client) -> None:
    publish()
    sign_in(client, staff(list(Permission), organisation=""))
    assert "上报包" in client.get("/desk/catalog/files").content.decode()
    answer = client.post("/desk/catalog/files", {"export": "province"})
    assert answer["Content-Type"] == "application/zip"
    assert opened(answer.content)[0]["schema"] == 1
