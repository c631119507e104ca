"""exchangelib, unmodified, against an EWS server: create, read, update, delete, sync, notifications.

Usage: checks.py URL basic|NTLM USER PASSWORD ADDRESS. Prints one line a check; the exit code says whether all passed.
"""

import datetime
import logging
import sys
import threading
import time
import traceback
from decimal import Decimal

from exchangelib import (
    BASIC,
    DELEGATE,
    NTLM,
    Account,
    CalendarItem,
    Configuration,
    Contact,
    Credentials,
    EWSDate,
    EWSDateTime,
    EWSTimeZone,
    ExtendedProperty,
    FileAttachment,
    HTMLBody,
    Task,
)
from exchangelib.errors import (
    ErrorCalendarOccurrenceIsDeletedFromRecurrence,
    ErrorIrresolvableConflict,
    ErrorItemNotFound,
    UnauthorizedError,
)
from exchangelib.folders import Calendar, Contacts, Tasks
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress
from exchangelib.items import SEND_TO_NONE
from exchangelib.properties import Attendee, Mailbox
from exchangelib.recurrence import (
    AbsoluteMonthlyPattern,
    AbsoluteYearlyPattern,
    DailyPattern,
    EndDatePattern,
    NoEndPattern,
    NumberedPattern,
    Recurrence,
    RelativeMonthlyPattern,
    RelativeYearlyPattern,
    TaskRecurrence,
    WeeklyPattern,
    WeeklyRegeneration,
)

# Definitions of zones have times without a zone; exchangelib remarks on each.
logging.getLogger("exchangelib").setLevel(logging.ERROR)

URL, AUTH, USER, PASSWORD, ADDRESS = sys.argv[1:6]
BERLIN = EWSTimeZone("Europe/Berlin")
NEW_YORK = EWSTimeZone("America/New_York")
UTC = EWSTimeZone("UTC")


def open_account(password=PASSWORD):
    config = Configuration(
        service_endpoint=URL,
        auth_type={"basic": BASIC, "ntlm": NTLM}[AUTH.lower()],
        credentials=Credentials(USER, password),
        max_connections=4,
    )
    return Account(ADDRESS, config=config, access_type=DELEGATE, default_timezone=BERLIN, autodiscover=False)


class ClientKey(ExtendedProperty):
    property_set_id = "3f8d9c52-5a37-4a1e-9f77-0f7a51f7a001"
    property_name = "client-key"
    property_type = "String"


class Numbers(ExtendedProperty):
    distinguished_property_set_id = "PublicStrings"
    property_name = "numbers"
    property_type = "IntegerArray"


CalendarItem.register("client_key", ClientKey)
CalendarItem.register("numbers", Numbers)

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def equal(found, expected, what="value"):
    assert found == expected, f"{what}: {found!r} instead of {expected!r}"


def at(text, tz=BERLIN):
    return EWSDateTime.from_datetime(datetime.datetime.fromisoformat(text).replace(tzinfo=tz))


def event(account, **kwargs):
    values = dict(
        account=account,
        folder=account.calendar,
        subject="Review",
        start=at("2026-03-10T09:00:00"),
        end=at("2026-03-10T10:30:00"),
    )
    values.update(kwargs)
    return CalendarItem(**values)


def fetched(item):
    return item.folder.get(id=item.id)


def delete(item, folder):
    """Deletes, and looks whether it is gone (exchangelib forgets the id)."""
    known = item.id
    item.delete()
    [found] = folder.account.fetch([(known, None)])
    assert isinstance(found, ErrorItemNotFound), f"after deletion: {found!r}"


@check
def wrong_password(_):
    try:
        open_account(password="wrong").root.refresh()
    except UnauthorizedError:
        return
    raise AssertionError("a wrong password was accepted")


@check
def version_and_zones(account):
    equal(account.version.build.major_version, 15, "major version")
    zones = list(account.protocol.get_timezones(return_full_timezone_data=True))
    assert len(zones) > 130, len(zones)
    some = list(account.protocol.get_timezones(timezones=[BERLIN]))
    equal(len(some), 1)


@check
def default_folders(account):
    assert isinstance(account.calendar, Calendar)
    assert isinstance(account.contacts, Contacts)
    assert isinstance(account.tasks, Tasks)
    names = {folder.name for folder in account.root.walk()}
    assert {"Calendar", "Contacts", "Tasks"} <= names, names
    assert account.calendar.effective_rights.read
    equal(account.calendar.total_count, 0, "total count")


@check
def single_event(account):
    item = event(
        account,
        body="Agenda:\r\n1. <figures> & facts",
        location="Room Ångström; 2nd floor",
        categories=["Blue category", "Customer"],
        importance="High",
        sensitivity="Private",
        legacy_free_busy_status="OOF",
        reminder_is_set=True,
        reminder_minutes_before_start=30,
    ).save()
    assert item.id and item.changekey
    found = fetched(item)
    for name in ("subject", "start", "end", "location", "categories", "importance", "sensitivity"):
        equal(getattr(found, name), getattr(item, name), name)
    equal(found.text_body.strip(), "Agenda:\r\n1. <figures> & facts", "body as text")
    equal(found.legacy_free_busy_status, "OOF")
    equal(found.reminder_minutes_before_start, 30)
    equal(found.type, "Single")
    equal(found.is_all_day, False)
    equal(found._start_timezone, BERLIN, "zone")
    assert found.uid
    key = found.changekey
    found.subject = "Review, moved"
    found.start = at("2026-03-11T14:00:00")
    found.end = at("2026-03-11T15:00:00")
    found.categories = None
    found.save(update_fields=["subject", "start", "end", "categories"])
    assert found.changekey != key, "the change key stayed"
    again = fetched(item)
    equal(again.subject, "Review, moved")
    equal(again.start, at("2026-03-11T14:00:00"))
    equal(again.categories, None)
    equal(again.location, "Room Ångström; 2nd floor")
    delete(again, account.calendar)


@check
def whole_update(account):
    """save() without update_fields writes every property there is."""
    item = event(account, location="Here", required_attendees=["bob@example.test"]).save(
        send_meeting_invitations=SEND_TO_NONE
    )
    found = fetched(item)
    found.location = "There"
    found.save(send_meeting_invitations=SEND_TO_NONE)
    equal(fetched(item).location, "There")
    item.delete(send_meeting_cancellations=SEND_TO_NONE)


@check
def html_body_and_all_day(account):
    item = event(
        account,
        subject="Fair",
        body=HTMLBody("<html><body><p>Bring <b>shoes</b></p></body></html>"),
        is_all_day=True,
        start=EWSDate(2026, 5, 4),
        end=EWSDate(2026, 5, 6),
    ).save()
    found = fetched(item)
    equal(found.is_all_day, True)
    equal(found.start, EWSDate(2026, 5, 4))
    equal(found.end, EWSDate(2026, 5, 6))
    assert isinstance(found.body, HTMLBody) and "<b>shoes</b>" in found.body
    item.delete()


@check
def meeting_unsent(account):
    item = event(
        account,
        required_attendees=[Attendee(mailbox=Mailbox(email_address="bob@example.test", name="Bob"))],
        optional_attendees=["carol@example.test"],
    ).save(send_meeting_invitations=SEND_TO_NONE)
    found = fetched(item)
    equal(found.is_meeting, True)
    equal(found.meeting_request_was_sent, False)
    equal([a.mailbox.email_address for a in found.required_attendees], ["bob@example.test"])
    equal(found.organizer.email_address, ADDRESS)
    equal(found.my_response_type, "Organizer")
    item.delete(send_meeting_cancellations=SEND_TO_NONE)


@check
def stale_change_key(account):
    item = event(account).save()
    other = fetched(item)
    other.subject = "first"
    other.save(update_fields=["subject"])
    item.subject = "second"
    try:
        item.save(update_fields=["subject"], conflict_resolution="NeverOverwrite")
    except ErrorIrresolvableConflict:
        pass
    else:
        raise AssertionError("a stale change key was accepted")
    equal(fetched(item).subject, "first")
    other.delete()


@check
def extended_properties(account):
    item = event(account, client_key="a&b <ü> 😀", numbers=[3, 1, 2]).save()
    found = fetched(item)
    equal(found.client_key, "a&b <ü> 😀")
    equal(found.numbers, [3, 1, 2])
    equal([f.id for f in account.calendar.filter(client_key="a&b <ü> 😀").only("id")], [item.id])
    found.client_key = None
    found.save(update_fields=["client_key"])
    equal(fetched(item).client_key, None)
    item.delete()


def series(account, pattern, boundary, start, minutes=45, **kwargs):
    begin = at(start, kwargs.pop("tz", BERLIN))
    return event(
        account,
        subject=type(pattern).__name__,
        start=begin,
        end=begin + datetime.timedelta(minutes=minutes),
        recurrence=Recurrence(pattern=pattern, boundary=boundary),
        **kwargs,
    ).save()


def days_in_view(account, item, start, end):
    view = account.calendar.view(start=at(start), end=at(end))
    return [i.start.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M") for i in view if i.uid == item.uid]


@check
def series_of_every_pattern(account):
    cases = [
        (DailyPattern(interval=2), "2026-03-27T09:00:00", ["2026-03-27", "2026-03-29", "2026-03-31"]),
        (
            WeeklyPattern(interval=1, weekdays=["Monday", "Friday"], first_day_of_week="Monday"),
            "2026-03-27T09:00:00",
            ["2026-03-27", "2026-03-30", "2026-04-03"],
        ),
        (AbsoluteMonthlyPattern(interval=1, day_of_month=31), "2026-03-31T09:00:00", ["2026-03-31", "2026-04-30", "2026-05-31"]),
        (
            RelativeMonthlyPattern(interval=1, weekday="Weekday", week_number="Last"),
            "2026-03-31T09:00:00",
            ["2026-03-31", "2026-04-30", "2026-05-29"],
        ),
        (AbsoluteYearlyPattern(day_of_month=29, month="February"), "2028-02-29T09:00:00", ["2028-02-29", "2029-02-28"]),
        (
            RelativeYearlyPattern(weekday="Sunday", week_number="Last", month="October"),
            "2026-10-25T09:00:00",
            ["2026-10-25", "2027-10-31"],
        ),
    ]
    for pattern, start, days in cases:
        boundary = NumberedPattern(start=EWSDate.from_string(start[:10]), number=len(days))
        item = series(account, pattern, boundary, start)
        found = fetched(item)
        equal(found.type, "RecurringMaster", "type")
        equal(found.recurrence.pattern, pattern, "pattern")
        equal(found.recurrence.boundary, boundary, "boundary")
        equal(found.first_occurrence.start, at(start), "first occurrence")
        equal(found.last_occurrence.start, at(f"{days[-1]}T09:00:00"), "last occurrence")
        last = datetime.date.fromisoformat(days[-1]) + datetime.timedelta(days=2)
        equal(days_in_view(account, found, f"{start[:10]}T00:00:00", f"{last}T00:00:00"), [f"{d}T09:00" for d in days])
        found.delete()


@check
def series_without_end_and_with_end_date(account):
    endless = series(
        account, DailyPattern(interval=1), NoEndPattern(start=EWSDate(2026, 3, 28)), "2026-03-28T23:30:00", tz=BERLIN
    )
    found = fetched(endless)
    equal(found.last_occurrence, None)
    # Over the change to summer time and into the next day.
    equal(
        days_in_view(account, found, "2026-03-28T00:00:00", "2026-03-30T12:00:00"),
        ["2026-03-28T23:30", "2026-03-29T23:30"],
    )
    ended = series(
        account,
        DailyPattern(interval=7),
        EndDatePattern(start=EWSDate(2026, 3, 2), end=EWSDate(2026, 3, 22)),
        "2026-03-02T18:00:00",
        tz=NEW_YORK,
    )
    found = fetched(ended)
    equal(found.last_occurrence.start, at("2026-03-16T18:00:00", NEW_YORK))
    for item in (endless, ended):
        item.delete()


@check
def occurrences(account):
    item = series(
        account,
        WeeklyPattern(interval=1, weekdays=["Tuesday"]),
        NumberedPattern(start=EWSDate(2026, 3, 3), number=6),
        "2026-03-03T10:00:00",
    )
    key = fetched(item).changekey
    second = item.occurrence(index=2)
    second.refresh()
    equal(second.type, "Occurrence")
    equal(second.start, at("2026-03-10T10:00:00"))
    second.start = at("2026-03-10T12:00:00")
    second.end = at("2026-03-10T13:00:00")
    second.subject = "Moved"
    second.save(update_fields=["subject", "start", "end"])
    item.occurrence(index=4).delete()
    master = fetched(item)
    assert master.changekey != key, "the master's change key stayed"
    equal([(o.original_start, o.start) for o in master.modified_occurrences], [(at("2026-03-10T10:00:00"), at("2026-03-10T12:00:00"))])
    equal([o.start for o in master.deleted_occurrences], [at("2026-03-24T10:00:00")])
    view = [i for i in account.calendar.view(start=at("2026-03-01T00:00:00"), end=at("2026-04-30T00:00:00")) if i.uid == master.uid]
    equal([i.type for i in view], ["Occurrence", "Exception", "Occurrence", "Occurrence", "Occurrence"])
    equal(view[1].subject, "Moved")
    equal(view[1].recurring_master().refresh().id, master.id)
    try:
        item.occurrence(index=4).refresh()
    except ErrorCalendarOccurrenceIsDeletedFromRecurrence:
        pass
    else:
        raise AssertionError("a deleted occurrence was found")
    master.start = at("2026-03-03T11:00:00")
    master.end = at("2026-03-03T12:00:00")
    master.save(update_fields=["start", "end"])
    equal(fetched(item).modified_occurrences, None, "exceptions after a change of time")
    item.delete()


@check
def searching(account):
    items = [
        event(
            account,
            subject=f"Search {number}",
            start=at(f"2026-06-{number:02}T09:00:00"),
            end=at(f"2026-06-{number:02}T10:00:00"),
            legacy_free_busy_status="Free" if number % 2 else "Busy",
        )
        for number in range(1, 13)
    ]
    ids = account.bulk_create(folder=account.calendar, items=items, send_meeting_invitations=SEND_TO_NONE)
    equal(len(ids), 12)
    calendar = account.calendar
    equal(calendar.filter(subject="Search 7").count(), 1)
    equal(calendar.filter(subject__icontains="search").count(), 12)
    equal(calendar.filter(start__gte=at("2026-06-03T00:00:00"), end__lt=at("2026-06-05T00:00:00")).count(), 2)
    equal(calendar.filter(legacy_free_busy_status="Free").exclude(subject="Search 1").count(), 5)
    ordered = list(calendar.filter(subject__startswith="Search").order_by("-start").values_list("subject", flat=True))
    equal(ordered, [f"Search {n}" for n in range(12, 0, -1)])
    page = calendar.filter(subject__startswith="Search").order_by("start")
    page.page_size = 5
    equal(len(list(page)), 12)
    part = calendar.filter(subject__startswith="Search").order_by("start")[3:6]
    equal([i.subject for i in part], ["Search 4", "Search 5", "Search 6"])
    changed = list(account.fetch(ids))
    for item in changed:
        item.location = "Everywhere"
    account.bulk_update([(i, ["location"]) for i in changed], send_meeting_invitations_or_cancellations=SEND_TO_NONE)
    equal({i.location for i in account.fetch(ids)}, {"Everywhere"})
    results = account.bulk_delete(ids, send_meeting_cancellations=SEND_TO_NONE)
    equal(set(results), {True})


@check
def attachments(account):
    item = event(account).save()
    key = fetched(item).changekey
    content = bytes(range(256)) * 20
    attached = FileAttachment(name="data.bin", content=content)
    item.attach(attached)
    found = fetched(item)
    assert found.changekey != key, "the change key stayed"
    equal([(a.name, a.content) for a in found.attachments], [("data.bin", content)])
    equal(found.has_attachments, True)
    found.detach(found.attachments[0])
    equal(fetched(item).attachments, [])
    item.delete()


@check
def contacts(account):
    item = Contact(
        account=account,
        folder=account.contacts,
        given_name="Zoë",
        surname="Ångström",
        display_name="Zoë Ångström",
        company_name="Larch & Labs",
        job_title="Engineer",
        email_addresses=[EmailAddress(label="EmailAddress1", email="zoe@larch.example"), EmailAddress(label="EmailAddress2", email="z@home.example")],
        phone_numbers=[PhoneNumber(label="MobilePhone", phone_number="+46 70 1"), PhoneNumber(label="BusinessPhone", phone_number="+46 8 2")],
        physical_addresses=[PhysicalAddress(label="Business", street="Gatan 1", city="Umeå", zipcode="903", country="Sweden")],
        birthday=EWSDate(1980, 2, 29),
        body="Note",
        categories=["Friends"],
    ).save()
    found = fetched(item)
    for name in ("given_name", "surname", "display_name", "company_name", "job_title", "categories"):
        equal(getattr(found, name), getattr(item, name), name)
    equal({(e.label, e.email) for e in found.email_addresses}, {("EmailAddress1", "zoe@larch.example"), ("EmailAddress2", "z@home.example")})
    equal({(p.label, p.phone_number) for p in found.phone_numbers if p.phone_number}, {("MobilePhone", "+46 70 1"), ("BusinessPhone", "+46 8 2")})
    [address] = [a for a in found.physical_addresses if a.label == "Business"]
    equal((address.street, address.city, address.zipcode, address.country), ("Gatan 1", "Umeå", "903", "Sweden"))
    equal(found.birthday, EWSDate(1980, 2, 29), "birthday")
    found.phone_numbers = [PhoneNumber(label="MobilePhone", phone_number="+46 70 9")]
    found.job_title = None
    found.physical_addresses = [PhysicalAddress(label="Home", street="Vägen 2", city="Luleå")]
    found.save(update_fields=["phone_numbers", "job_title", "physical_addresses"])
    again = fetched(item)
    equal({(p.label, p.phone_number) for p in again.phone_numbers if p.phone_number}, {("MobilePhone", "+46 70 9")})
    equal(again.job_title, None)
    assert any(a.label == "Home" and a.city == "Luleå" for a in again.physical_addresses)
    equal(account.contacts.filter(surname="Ångström").count(), 1)
    delete(again, account.contacts)


@check
def tasks(account):
    item = Task(
        account=account,
        folder=account.tasks,
        subject="Renew",
        body="soon",
        start_date=EWSDate(2026, 4, 1),
        due_date=EWSDate(2026, 4, 3),
        importance="Low",
        percent_complete=Decimal(25),
        status="InProgress",
    ).save()
    found = fetched(item)
    equal((found.subject, found.status, found.percent_complete), ("Renew", "InProgress", 25))
    equal((found.start_date, found.due_date), (EWSDate(2026, 4, 1), EWSDate(2026, 4, 3)))
    found.due_date = EWSDate(2026, 4, 10)
    found.save(update_fields=["due_date"])
    equal(fetched(item).due_date, EWSDate(2026, 4, 10))
    found.complete()
    done = fetched(item)
    equal((done.status, done.percent_complete, done.is_complete), ("Completed", 100, True))
    delete(done, account.tasks)


@check
def recurring_tasks(account):
    for pattern in (WeeklyPattern(interval=1, weekdays=["Friday"]), WeeklyRegeneration(interval=2)):
        item = Task(
            account=account,
            folder=account.tasks,
            subject="Time sheet",
            due_date=EWSDate(2026, 4, 3),
            recurrence=TaskRecurrence(pattern=pattern, boundary=NoEndPattern(start=EWSDate(2026, 4, 3))),
        ).save()
        found = fetched(item)
        equal(found.is_recurring, True)
        equal(found.recurrence.pattern, pattern)
        found.delete()


@check
def sync_items(account):
    calendar = account.calendar
    first = event(account, subject="one").save()
    second = event(account, subject="two").save()
    calendar.item_sync_state = None
    changes = list(calendar.sync_items())
    equal({(kind, item.subject) for kind, item in changes}, {("create", "one"), ("create", "two")})
    equal(list(calendar.sync_items()), [])
    found = fetched(first)
    found.subject = "one, changed"
    found.save(update_fields=["subject"])
    gone = second.id
    second.delete()
    third = event(account, subject="three").save()
    changes = list(calendar.sync_items(max_changes_returned=1))
    equal(
        {(kind, getattr(item, "subject", item.id)) for kind, item in changes},
        {("update", "one, changed"), ("delete", gone), ("create", "three")},
    )
    for item in (found, third):
        item.delete()


@check
def folders_and_sync_hierarchy(account):
    root = account.root
    root.folder_sync_state = None
    assert len(list(root.sync_hierarchy())) > 5
    folder = Calendar(parent=account.calendar, name="Side calendar").save()
    equal([(kind, f.name) for kind, f in root.sync_hierarchy() if f.id == folder.id], [("create", "Side calendar")])
    folder.name = "Renamed"
    folder.save()
    equal([(kind, f.name) for kind, f in root.sync_hierarchy() if f.id == folder.id], [("update", "Renamed")])
    inside = event(account, folder=folder).save()
    copied = inside.copy(to_folder=account.calendar)
    assert copied
    moved = event(account, subject="to be moved").save()
    old = moved.id
    moved.move(to_folder=folder)
    assert moved.id != old, "a moved item kept its id"
    equal({i.subject for i in folder.all()}, {"Review", "to be moved"})
    trashed = event(account, folder=folder, subject="trash").save()
    trashed.move_to_trash(send_meeting_cancellations=SEND_TO_NONE)
    equal(account.trash.filter(subject="trash").count(), 1)
    equal(folder.all().filter(subject="trash").count(), 0)
    known = folder.id
    folder.delete()
    equal([kind for kind, f in root.sync_hierarchy() if f.id == known], ["delete"])
    for item in account.calendar.all():
        item.delete(send_meeting_cancellations=SEND_TO_NONE)


@check
def streaming(account):
    calendar = account.calendar
    with calendar.streaming_subscription() as subscription:
        created = []

        def write():
            time.sleep(0.5)
            created.append(event(account, subject="streamed").save())

        writer = threading.Thread(target=write)
        writer.start()
        seen = []
        for notification in calendar.get_streaming_events(subscription, connection_timeout=1, max_notifications_returned=1):
            seen.extend(notification.events)
        writer.join()
        ids = {e.item_id.id for e in seen if getattr(e, "item_id", None)}
        assert created[0].id in ids, (ids, seen)
    created[0].delete()


@check
def pull_notifications(account):
    with account.calendar.pull_subscription() as (subscription, watermark):
        item = event(account, subject="pulled").save()
        time.sleep(0.1)
        notifications = list(account.calendar.get_events(subscription, watermark))
        ids = {e.item_id.id for n in notifications for e in n.events if getattr(e, "item_id", None)}
        assert item.id in ids, ids
    item.delete()


def main():
    account = open_account()
    failed = 0
    for function in CHECKS:
        began = time.monotonic()
        try:
            function(account)
            print(f"ok {function.__name__} {time.monotonic() - began:.2f} s", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {function.__name__}\n{traceback.format_exc(limit=-6)}", flush=True)
            clean(account)
    sys.exit(1 if failed else 0)


def clean(account):
    """What a failed check left behind must not trouble the next one."""
    for folder in (account.calendar, account.contacts, account.tasks):
        try:
            folder.all().delete(send_meeting_cancellations=SEND_TO_NONE, affected_task_occurrences="AllOccurrences")
        except Exception as error:
            print(f"# not cleaned: {error}")


main()
