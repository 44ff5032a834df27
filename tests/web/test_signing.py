"""Signing in and out, and the headers that every page carries."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import User
from tests.factories import PASSWORD


def test_a_person_signs_in_and_arrives_where_they_were_going(client: Client, alice: User) -> None:
    answer = client.post(
        "/sign-in/?next=/tokens/", {"username": "alice", "password": PASSWORD, "next": "/tokens/"}
    )
    assert answer["Location"] == "/tokens/"
    assert client.get("/tokens/").status_code == 200


@pytest.mark.django_db
def test_as_long_as_nobody_has_an_account_the_page_says_how_to_make_one(client: Client) -> None:
    User.objects.create(username="robot", is_service=True)
    assert b"manage.py createsuperuser" in client.get("/sign-in/").content
    User.objects.create_user("ann", password=PASSWORD)
    assert b"manage.py createsuperuser" not in client.get("/sign-in/").content


def test_a_wrong_password_and_an_unknown_name_are_told_alike(client: Client, alice: User) -> None:
    pages = [
        client.post("/sign-in/", {"username": name, "password": "wrong"}).content.decode()
        for name in ("alice", "nobody")
    ]
    for page in pages:
        assert "That name and password do not belong together." in page


def test_signing_in_leads_to_no_other_site(client: Client, alice: User) -> None:
    answer = client.post(
        "/sign-in/", {"username": "alice", "password": PASSWORD, "next": "https://example.org/"}
    )
    assert answer["Location"] == reverse("projects")


def test_whoever_sent_a_form_when_the_session_was_over_comes_back_to_its_page(client: Client) -> None:
    form = "/projects/1/rules/"
    for page, back in (
        ("http://testserver/projects/1/members/", "/projects/1/members/"),
        ("https://example.org/projects/", "/"),
        ("", "/"),
    ):
        answer = client.post(form, {}, headers={"Referer": page})
        assert answer["Location"] == f"/sign-in/?next={back}"


def test_signing_out_ends_the_session(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_signing_out_takes_a_click_on_the_page_itself(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post("/sign-out/").status_code == 403


def test_every_page_forbids_what_is_inline_but_for_its_own_nonce(client: Client, alice: User) -> None:
    client.force_login(alice)
    nonces = set()
    for _ in range(2):
        answer = client.get("/")
        (nonce,) = re.findall(r"script-src 'nonce-([^']+)'", answer["Content-Security-Policy"])
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        page = answer.content.decode()
        scripts = re.findall(r"<script\b[^>]*>", page)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert not re.search(r"\son\w+=|\sstyle=|<style", page)
        nonces.add(nonce)
    assert len(nonces) == 2


def test_addresses_of_scripts_change_with_their_content(client: Client, db: None) -> None:
    page = client.get("/sign-in/").content.decode()
    assert re.search(
        r'"/static/labeling/shared/api.js": "/static/labeling/shared/api.js\?v=[0-9a-f]{12}"', page
    )
