# What evolution-data-server's clients see and do through one of its backends: one JSON object on the last line.
import json
import sys
import time

import gi

for name, version in (
    ("EDataServer", "1.2"),
    ("ECal", "2.0"),
    ("ICalGLib", "3.0"),
    ("EBook", "1.2"),
    ("EBookContacts", "1.2"),
):
    gi.require_version(name, version)
from gi.repository import EBook, EBookContacts, ECal, EDataServer, GLib, ICalGLib  # noqa: E402

# The address book of the organisation has another name on either side.
user, password, directory = sys.argv[1:4]
context = GLib.MainContext.default()
seen = {}


def until(found, what, seconds=30):
    """Lets the main loop run until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        context.iteration(False)
        time.sleep(0.005)
    raise TimeoutError(what)


def wait(start, finish, what):
    results = []
    start(lambda _source, result, *_data: results.append(result))
    return finish(until(lambda: results, what)[0])


def sign_in(_registry, source, *_reason):
    given = EDataServer.NamedParameters.new()
    given.set("username", user)
    given.set("password", password)
    source.invoke_authenticate(given, None, lambda asked, result: asked.invoke_authenticate_finish(result))


registry = EDataServer.SourceRegistry.new_sync(None)
registry.connect("credentials-required", sign_in)
KINDS = ("Calendar", "Task List", "Memo List", "Address Book")


def sources():
    return [source for source in registry.list_sources(None) if source.get_parent() == "exdav"]


def source_named(name, kind):
    return until(
        lambda: next((one for one in sources() if one.get_display_name() == name and one.has_extension(kind)), None),
        f"{kind} {name}",
    )


def calendar_client(name, kind, extension):
    source = source_named(name, extension)
    client = wait(
        lambda done: ECal.Client.connect(source, kind, 20, None, done),
        lambda result: ECal.Client.connect_finish(result),
        f"connection to {name}",
    )
    until(client.is_online, f"{name} online")
    return client


def objects(client, query="#t"):
    return client.get_object_list_sync(query, None)[1]


def component(text):
    return ICalGLib.Component.new_from_string(text.strip().replace("\n", "\r\n") + "\r\n")


def summary_of(client, uid, rid=None):
    return client.get_object_sync(uid, rid, None)[1].get_summary()


def settled(count, what, seconds=60):
    """The number of entries, once it stays the same for two seconds and is not 0."""
    state = {"count": -1, "since": time.monotonic()}

    def check():
        now = count()
        if now != state["count"]:
            state.update(count=now, since=time.monotonic())
        return now > 0 and time.monotonic() - state["since"] > 2

    until(check, what, seconds)
    return state["count"]


def events():
    client = calendar_client("Calendar", ECal.ClientSourceType.EVENTS, "Calendar")
    # Changed occurrences are listed beside their series.
    seen["listed"] = settled(lambda: len(objects(client)), "events of the calendar")
    seen["events"] = len({one.get_uid() for one in objects(client)})
    seen["series"] = len({one.get_uid() for one in objects(client, "(has-recurrences?)")})
    made = component(EVENT)
    uid = client.create_object_sync(made, ECal.OperationFlags.NONE, None)[1]
    held = client.get_object_sync(uid, None, None)[1]
    seen["created"] = [held.get_summary(), held.get_location(), held.get_dtstart().as_ical_string()]
    held.set_summary("changed by Evolution")
    client.modify_object_sync(held, ECal.ObjModType.ALL, ECal.OperationFlags.NONE, None)
    seen["changed"] = summary_of(client, uid)
    client.remove_object_sync(uid, None, ECal.ObjModType.ALL, ECal.OperationFlags.NONE, None)
    series(client)


def series(client):
    uid = client.create_object_sync(component(SERIES), ECal.OperationFlags.NONE, None)[1]
    one = client.get_object_sync(uid, None, None)[1].clone()
    third = ICalGLib.Time.new_from_string("20261216T090000Z")
    one.set_recurrenceid(third)
    one.set_dtstart(third)
    one.set_dtend(ICalGLib.Time.new_from_string("20261216T100000Z"))
    one.set_summary("third, changed by Evolution")
    one.remove_property(one.get_first_property(ICalGLib.PropertyKind.RRULE_PROPERTY))
    client.modify_object_sync(one, ECal.ObjModType.THIS, ECal.OperationFlags.NONE, None)
    parts = lambda: objects(client, f'(uid? "{uid}")')  # noqa: E731
    for _attempt in range(3):
        # A refresh reads the series anew; it may come before the change has arrived.
        client.refresh_sync(None)
        if settled(lambda: len(parts()), "parts of the series") == 2:
            break
    seen["seriesParts"] = sorted(part.get_summary() for part in parts())


def tasks():
    client = calendar_client("Tasks", ECal.ClientSourceType.TASKS, "Task List")
    seen["tasks"] = settled(lambda: len(objects(client)), "tasks")
    uid = client.create_object_sync(component(TASK), ECal.OperationFlags.NONE, None)[1]
    held = client.get_object_sync(uid, None, None)[1]
    seen["createdTask"] = held.get_summary()
    held.set_summary("task changed by Evolution")
    client.modify_object_sync(held, ECal.ObjModType.ALL, ECal.OperationFlags.NONE, None)
    seen["changedTask"] = summary_of(client, uid)


def contacts():
    source = source_named("Contacts", "Address Book")
    client = wait(
        lambda done: EBook.BookClient.connect(source, 20, None, done),
        lambda result: EBook.BookClient.connect_finish(result),
        "connection to the contacts",
    )
    until(client.is_online, "contacts online")
    everybody = '(exists "full_name")'
    seen["contacts"] = settled(lambda: len(client.get_contacts_sync(everybody, None)[1]), "contacts")
    contact = EBookContacts.Contact.new_from_vcard(CARD.strip().replace("\n", "\r\n") + "\r\n")
    uid = client.add_contact_sync(contact, EBookContacts.BookOperationFlags.NONE, None)[1]
    held = client.get_contact_sync(uid, None)[1]
    seen["createdContact"] = [
        held.get_property("full-name"),
        held.get_property("email-1"),
        held.get_property("mobile-phone"),
    ]
    held.set_property("name", EBookContacts.ContactName.from_string("Jane Roe"))
    held.set_property("full-name", "Jane Roe")
    client.modify_contact_sync(held, EBookContacts.BookOperationFlags.NONE, None)
    seen["changedContact"] = client.get_contact_sync(uid, None)[1].get_property("full-name")


EVENT = """
BEGIN:VEVENT
UID:evolution-1
DTSTAMP:20260101T000000Z
DTSTART:20261202T090000Z
DTEND:20261202T100000Z
SUMMARY:from Evolution
LOCATION:Room 5
END:VEVENT
"""
SERIES = """
BEGIN:VEVENT
UID:evolution-2
DTSTAMP:20260101T000000Z
DTSTART:20261202T090000Z
DTEND:20261202T100000Z
RRULE:FREQ=WEEKLY;COUNT=6;BYDAY=WE
SUMMARY:weekly from Evolution
END:VEVENT
"""
TASK = """
BEGIN:VTODO
UID:evolution-3
DTSTAMP:20260101T000000Z
DUE;VALUE=DATE:20261224
SUMMARY:task from Evolution
END:VTODO
"""
CARD = """
BEGIN:VCARD
VERSION:3.0
N:Doe;Jane;;;
FN:Jane Doe
EMAIL;TYPE=WORK:jane@x.test
TEL;TYPE=CELL:+43 1 2
END:VCARD
"""

for name, kind in (("Vereinskalender", "Calendar"), ("Contacts", "Address Book"), (directory, "Address Book")):
    source_named(name, kind)
settled(lambda: len(sources()), "sources")
seen["sources"] = sorted(
    f"{kind}: {one.get_display_name()}" for one in sources() for kind in KINDS if one.has_extension(kind)
)
failures = []
for part in (events, tasks, contacts):
    try:
        part()
    except Exception as error:  # noqa: BLE001 - everything is reported
        failures.append(f"{part.__name__}: {type(error).__name__}: {error}")
seen["failures"] = failures
print(json.dumps(seen))
