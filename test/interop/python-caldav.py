# Drives python-caldav against the gateway: discovery, then create, read, search, change and delete of events and tasks.
import datetime
import sys

import caldav

# Whatever it does not expect of a server is an error, not a line in a log.
caldav.lib.error.debugmode = "DEVELOPMENT"

url, user, password = sys.argv[1:4]
client = caldav.DAVClient(url=url, username=user, password=password)
principal = client.principal()
calendars = {str(c.url).rstrip("/").rsplit("/", 1)[-1]: c for c in principal.calendars()}
print("collections:", sorted(calendars))
assert "calendar" in calendars and "tasks" in calendars, calendars

calendar = calendars["calendar"]
event = calendar.save_event(
    """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:python-caldav-1
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Vienna:20261201T100000
DTEND;TZID=Europe/Vienna:20261201T110000
SUMMARY:Über die Brücke
X-KEEP:this stays
END:VEVENT
END:VCALENDAR
"""
)
again = calendar.event_by_uid("python-caldav-1")
assert again.vobject_instance.vevent.summary.value == "Über die Brücke", again.data
assert "X-KEEP:this stays" in again.data, again.data

found = calendar.date_search(
    start=datetime.datetime(2026, 12, 1, tzinfo=datetime.timezone.utc),
    end=datetime.datetime(2026, 12, 2, tzinfo=datetime.timezone.utc),
    expand=True,
)
assert any("python-caldav-1" in item.data for item in found), [item.data for item in found]

again.vobject_instance.vevent.summary.value = "changed"
again.save()
assert calendar.event_by_uid("python-caldav-1").vobject_instance.vevent.summary.value == "changed"

series = calendar.save_event(
    """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:python-caldav-series
DTSTAMP:20260101T000000Z
DTSTART:20261207T090000Z
DTEND:20261207T093000Z
RRULE:FREQ=WEEKLY;COUNT=5
EXDATE:20261214T090000Z
SUMMARY:weekly
END:VEVENT
BEGIN:VEVENT
UID:python-caldav-series
DTSTAMP:20260101T000000Z
RECURRENCE-ID:20261221T090000Z
DTSTART:20261221T110000Z
DTEND:20261221T113000Z
SUMMARY:weekly, moved
END:VEVENT
END:VCALENDAR
"""
)
expanded = calendar.date_search(
    start=datetime.datetime(2026, 12, 1, tzinfo=datetime.timezone.utc),
    end=datetime.datetime(2027, 1, 31, tzinfo=datetime.timezone.utc),
    expand=True,
)
starts = []
for item in expanded:
    for component in item.vobject_instance.contents["vevent"]:
        if component.uid.value == "python-caldav-series":
            starts.append(component.dtstart.value.strftime("%m%dT%H%M"))
assert sorted(starts) == ["0104T0900", "1207T0900", "1221T1100", "1228T0900"], starts

task = calendars["tasks"].save_todo(
    """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VTODO
UID:python-caldav-task
DTSTAMP:20260101T000000Z
DUE;VALUE=DATE:20261224
SUMMARY:wrap presents
END:VTODO
END:VCALENDAR
"""
)
pending = calendars["tasks"].todos()
assert any("python-caldav-task" in item.data for item in pending), [item.data for item in pending]
mine = [item for item in pending if "python-caldav-task" in item.data][0]
mine.complete()
assert not any("python-caldav-task" in item.data for item in calendars["tasks"].todos())

for item in (again, series):
    item.delete()
mine.delete()
for uid in ("python-caldav-1", "python-caldav-series"):
    try:
        calendar.event_by_uid(uid)
    except caldav.lib.error.NotFoundError:
        continue
    raise AssertionError(uid + " is still there")

made = principal.make_calendar(name="Garden", cal_id="garden")
made.save_event(
    """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:garden-1
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20260501
SUMMARY:sow
END:VEVENT
END:VCALENDAR
"""
)
assert len(made.events()) == 1
assert len(made.search(event=True, summary="sow")) == 1
assert made.search(event=True, category="garden") == []

# The library's own synchronisation: a new member, then that it is gone.
everything = made.objects_by_sync_token(load_objects=True)
made.save_event(
    dtstart=datetime.datetime(2026, 6, 1, 8, tzinfo=datetime.timezone.utc),
    dtend=datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.timezone.utc),
    summary="harvest",
    rrule={"FREQ": "DAILY", "COUNT": 3},
)
changed = made.objects_by_sync_token(sync_token=everything.sync_token)
(new,) = list(changed)
new.delete()
gone = made.objects_by_sync_token(sync_token=changed.sync_token)
assert [str(one.url) for one in gone] == [str(new.url)], list(gone)
assert len(made.events()) == 1

busy = made.freebusy_request(start=datetime.datetime(2026, 4, 30), end=datetime.datetime(2026, 5, 3))
assert "VFREEBUSY" in busy.data, busy.data
made.delete()
print("ok")
