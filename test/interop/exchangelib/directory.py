"""The directory side of EWS as exchangelib asks for it: names, groups, rooms, busy times, options, impersonation, tokens.

FindPeople and GetMailTips are left out: exchangelib 4.9 sends an attribute and a bare text in them that no schema has.

Usage: directory.py URL TOKEN_URL. Signs in as alice, bob and an application. Prints one line a check.
"""

import datetime
import logging
import sys
import traceback

from exchangelib import (
    BASIC,
    DELEGATE,
    IMPERSONATION,
    OAUTH2,
    Account,
    Configuration,
    Credentials,
    EWSDateTime,
    EWSTimeZone,
    Identity,
    OAuth2Credentials,
    OofSettings,
)
from exchangelib.autodiscover.protocol import AutodiscoverProtocol
from exchangelib.errors import (
    ErrorImpersonateUserDenied,
    ErrorItemNotFound,
    ErrorMailRecipientNotFound,
    ErrorNameResolutionNoResults,
    ErrorNonExistentMailbox,
)
from exchangelib.properties import AlternateId, DLMailbox
from exchangelib.version import EXCHANGE_2016, Version

logging.getLogger("exchangelib").setLevel(logging.ERROR)
URL, TOKEN_URL = sys.argv[1:3]
BERLIN = EWSTimeZone("Europe/Berlin")
CHECKS = []


def config_of(name):
    credentials = Credentials(f"{name}@example.test", name)
    return Configuration(service_endpoint=URL, auth_type=BASIC, credentials=credentials)


def open_account(name, config=None, access_type=DELEGATE):
    return Account(
        f"{name}@example.test",
        config=config or config_of(name),
        access_type=access_type,
        default_timezone=BERLIN,
        autodiscover=False,
    )


def check(function):
    CHECKS.append(function)
    return function


def equal(found, expected, what="value"):
    assert found == expected, f"{what}: {found!r} instead of {expected!r}"


def fails(error, work):
    try:
        found = work()
    except error:
        return
    assert isinstance(found, error), f"{found!r} instead of {error.__name__}"


@check
def names(alice):
    found = alice.protocol.resolve_names(["bob@example.test"])
    equal([mailbox.email_address for mailbox in found], ["bob@example.test"])
    [(mailbox, contact)] = alice.protocol.resolve_names(
        ["alice@example.test"], return_full_contact_data=True, search_scope="ActiveDirectory", shape="AllProperties"
    )
    equal(contact.display_name, "Alice Example")
    assert contact.job_title and contact.phone_numbers, contact
    several = alice.protocol.resolve_names(["room"])
    equal({mailbox.name for mailbox in several} >= {"Room Atlas (12 seats)", "Room Cook (4 seats)"}, True)
    fails(ErrorNameResolutionNoResults, lambda: alice.protocol.resolve_names(["zzz"])[0])


@check
def groups(alice):
    members = alice.protocol.expand_dl("everybody@example.test")
    equal([m.mailbox_type for m in members if m.email_address == "sales@example.test"], ["PublicDL"])
    nested = alice.protocol.expand_dl(DLMailbox(email_address="sales@example.test", mailbox_type="PublicDL"))
    assert "bob@example.test" in [m.email_address for m in nested], nested
    fails(ErrorNameResolutionNoResults, lambda: alice.protocol.expand_dl("nobody@example.test"))


@check
def rooms(alice):
    [rooms] = list(alice.protocol.get_roomlists())
    equal(rooms.email_address, "rooms@example.test")
    equal(len(list(alice.protocol.get_rooms(rooms.email_address))), 3)
    fails(ErrorNameResolutionNoResults, lambda: list(alice.protocol.get_rooms("none@example.test"))[0])


@check
def busy_times(alice):
    start = EWSDateTime.now(tz=BERLIN).replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + datetime.timedelta(days=7)
    asked = [(alice, "Organizer", False), ("room-atlas@example.test", "Room", False), ("carol@example.test", "Required", False)]
    own, room, carol = alice.protocol.get_free_busy_info(asked, start, end)
    equal((own.view_type, room.view_type), ("DetailedMerged", "FreeBusyMerged"))
    equal(carol.view_type, "DetailedMerged")
    assert set(room.merged) <= set("01234") and "2" in room.merged, room.merged
    equal(own.working_hours_timezone.bias, -60)
    equal(len(own.merged), 7 * 48)
    [nobody] = alice.protocol.get_free_busy_info([("nobody@example.test", "Required", False)], start, end)
    assert isinstance(nobody, ErrorMailRecipientNotFound), nobody


@check
def ids(alice):
    known = alice.calendar.id
    def convert(value, source, target):
        alternate = AlternateId(id=value, format=source, mailbox=alice.primary_smtp_address)
        return list(alice.protocol.convert_ids([alternate], destination_format=target))[0].id

    for form in ("EntryId", "HexEntryId", "StoreId", "OwaId", "EwsLegacyId"):
        equal(convert(convert(known, "EwsId", form), form, "EwsId"), known, form)


@check
def user_configurations(alice):
    folder = alice.drafts
    fails(ErrorItemNotFound, lambda: folder.get_user_configuration("Settings"))
    folder.create_user_configuration("Settings", dictionary={"a": "b", "n": 3, "on": True}, binary_data=b"\x00\x01")
    held = folder.get_user_configuration("Settings")
    equal(held.dictionary, {"a": "b", "n": 3, "on": True})
    equal(held.binary_data, b"\x00\x01")
    folder.update_user_configuration("Settings", dictionary={"a": "c"})
    equal(folder.get_user_configuration("Settings").dictionary, {"a": "c"})
    folder.delete_user_configuration("Settings")
    fails(ErrorItemNotFound, lambda: folder.get_user_configuration("Settings"))
    equal(alice.root.get_user_configuration("OWA.UserOptions").dictionary["timezone"], "W. Europe Standard Time")


@check
def out_of_office(alice):
    equal(alice.oof_settings.state, OofSettings.DISABLED)
    start = EWSDateTime.now(tz=BERLIN).replace(microsecond=0) + datetime.timedelta(days=1)
    alice.oof_settings = OofSettings(
        state=OofSettings.SCHEDULED,
        external_audience="Known",
        internal_reply="inside",
        external_reply="outside",
        start=start,
        end=start + datetime.timedelta(days=3),
    )
    held = alice.oof_settings
    equal((held.state, held.internal_reply, held.start), (OofSettings.SCHEDULED, "inside", start))
    alice.oof_settings = OofSettings(state=OofSettings.DISABLED)


@check
def delegates(alice):
    equal(list(alice.delegates), [])


@check
def impersonation(alice):
    bob = config_of("bob")
    equal(open_account("alice", bob, IMPERSONATION).calendar.id, alice.calendar.id)
    fails(ErrorImpersonateUserDenied, lambda: open_account("carol", bob, IMPERSONATION).calendar.id)
    fails(ErrorNonExistentMailbox, lambda: open_account("nobody", bob, IMPERSONATION).calendar.id)


class Application(OAuth2Credentials):
    """Tokens from the authority of the simulator, not from Microsoft's."""

    @property
    def token_url(self):
        return TOKEN_URL


@check
def tokens(alice):
    credentials = Application(
        client_id="exdav-service",
        client_secret="service-secret",
        tenant_id="x",
        identity=Identity(primary_smtp_address="alice@example.test"),
    )
    config = Configuration(
        service_endpoint=URL, auth_type=OAUTH2, credentials=credentials, version=Version(build=EXCHANGE_2016)
    )
    equal(open_account("alice", config, IMPERSONATION).calendar.id, alice.calendar.id)


@check
def autodiscover(alice):
    endpoint = URL.replace("/EWS/Exchange.asmx", "/autodiscover/autodiscover.svc")
    config = Configuration(
        service_endpoint=endpoint, auth_type=BASIC, credentials=Credentials("alice@example.test", "alice")
    )
    settings = AutodiscoverProtocol(config=config).get_user_settings("a.example@example.test")
    equal(settings.autodiscover_smtp_address, "alice@example.test")
    equal(settings.ews_url, URL)
    moved = AutodiscoverProtocol(config=config).get_user_settings("moved@example.test")
    equal(moved.redirect_address, "alice@example.test")


def main():
    alice = open_account("alice")
    failed = 0
    for function in CHECKS:
        try:
            function(alice)
            print(f"ok {function.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {function.__name__}\n{traceback.format_exc(limit=-6)}", flush=True)
    sys.exit(1 if failed else 0)


main()
