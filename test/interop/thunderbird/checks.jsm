// What a user does in Thunderbird, through its own modules. Runs inside Thunderbird as the body of a function that is given
// { origin, user, password } and answers what was seen.
const take = (path, name) => ChromeUtils.importESModule(`resource:///modules/${path}.sys.mjs`)[name];
const cal = take('calendar/calUtils', 'cal');
const CalEvent = take('CalEvent', 'CalEvent');
const CalTodo = take('CalTodo', 'CalTodo');
const CalAlarm = take('CalAlarm', 'CalAlarm');
const CalAttendee = take('CalAttendee', 'CalAttendee');
const CalRecurrenceInfo = take('CalRecurrenceInfo', 'CalRecurrenceInfo');
const CardDAVUtils = take('CardDAVUtils', 'CardDAVUtils');
const CardDAVDirectory = take('CardDAVDirectory', 'CardDAVDirectory');

const { origin, user, password } = given;
const seen = {};

const pause = (ms) => new Promise((done) => Services.tm.currentThread.dispatch(() => later(done, ms), 0));
function later(done, ms) {
  const timer = Cc['@mozilla.org/timer;1'].createInstance(Ci.nsITimer);
  timer.initWithCallback({ notify: () => (timer, done()) }, ms, Ci.nsITimer.TYPE_ONE_SHOT);
}
async function until(found, what) {
  for (let tries = 0; tries < 300; tries += 1) {
    const value = await found();
    if (value) return value;
    await pause(100);
  }
  throw new Error(`in vain: ${what}`);
}

// What the password dialog would leave behind.
const login = Cc['@mozilla.org/login-manager/loginInfo;1'].createInstance(Ci.nsILoginInfo);
login.init(origin, null, 'Exdav', user, password, '', '');
await Services.logins.addLoginAsync(login);

// New calendar → on the network → find calendars.
const detected = await cal.provider.detection.detect(user, password, `${origin}/`, false, [], {});
const found = [...detected.values()].flat();
seen.calendars = found.map(({ name }) => name).toSorted();

const all = Ci.calICalendar.ITEM_FILTER_ALL_ITEMS;
const itemsOf = (calendar) => calendar.getItemsAsArray(all, 0, null, null);
async function opened(name, count) {
  const calendar = found.find((each) => each.name === name);
  cal.manager.registerCalendar(calendar);
  await until(async () => (await itemsOf(calendar)).length >= count, `items of ${name}`);
  return calendar;
}
const calendar = await opened('Calendar', 300);
seen.events = (await itemsOf(calendar)).length;

const timeZone = cal.timezoneService.getTimezone('Europe/Vienna');
function eventOn(day, title) {
  const event = new CalEvent();
  event.id = cal.getUUID();
  event.title = title;
  event.startDate = timeOf(`${day}T090000`);
  event.endDate = timeOf(`${day}T100000`);
  return event;
}
function timeOf(text) {
  const time = cal.createDateTime(text);
  time.timezone = timeZone;
  return time;
}
async function edited(calendar, item, edit) {
  const copy = item.clone();
  edit(copy);
  return calendar.modifyItem(copy, item);
}

// An event: made, changed, its alarm dismissed, removed.
const event = eventOn('20261202', 'from Thunderbird');
const alarm = new CalAlarm();
alarm.action = 'DISPLAY';
alarm.related = Ci.calIAlarm.ALARM_RELATED_START;
alarm.offset = cal.createDuration('-PT15M');
event.addAlarm(alarm);
let held = await calendar.addItem(event);
held = await edited(calendar, held, (copy) => {
  copy.title = 'changed by Thunderbird';
  copy.setProperty('DESCRIPTION', 'two\nlines');
});
held = await edited(calendar, held, (copy) => {
  copy.alarmLastAck = cal.dtz.now();
});
calendar.refresh();
seen.changed = [held.title, held.getProperty('DESCRIPTION'), held.getAlarms().length];
await calendar.deleteItem(held);

// A series with one changed and one removed occurrence.
const weekly = eventOn('20261202', 'weekly');
weekly.recurrenceInfo = new CalRecurrenceInfo(weekly);
weekly.recurrenceInfo.appendRecurrenceItem(cal.createRecurrenceRule('RRULE:FREQ=WEEKLY;COUNT=6'));
const occurrencesOf = (item) =>
  item.recurrenceInfo.getOccurrences(timeOf('20261101T000000'), timeOf('20270301T000000'), 0);
const series = await calendar.addItem(weekly);
await edited(calendar, series, (copy) => {
  const third = occurrencesOf(series)[2].clone();
  third.title = 'third, changed';
  copy.recurrenceInfo.modifyException(third, true);
  copy.recurrenceInfo.removeOccurrenceAt(occurrencesOf(series)[4].recurrenceId);
});
seen.series = occurrencesOf(await calendar.getItem(weekly.id)).map(({ title }) => title);

// An invitation that was there before is accepted; a meeting of one's own invites.
const asked = await until(
  async () => (await itemsOf(calendar)).find(({ title }) => title === 'invitation of bob'),
  'the invitation',
);
const reply = await edited(calendar, asked, (copy) => {
  const me = asked.getAttendees().find(({ id }) => id.toLowerCase().endsWith(user));
  const accepting = me.clone();
  accepting.participationStatus = 'ACCEPTED';
  copy.removeAttendee(me);
  copy.addAttendee(accepting);
});
seen.accepted = reply.getAttendees().map(({ participationStatus }) => participationStatus);
const meeting = eventOn('20261204', 'meeting of alice');
meeting.organizer = person(user, 'ACCEPTED');
meeting.organizer.isOrganizer = true;
meeting.addAttendee(person('bob@example.test', 'NEEDS-ACTION'));
await calendar.addItem(meeting);
function person(address, status) {
  const attendee = new CalAttendee();
  attendee.id = `mailto:${address}`;
  attendee.role = 'REQ-PARTICIPANT';
  attendee.rsvp = 'TRUE';
  attendee.participationStatus = status;
  return attendee;
}
seen.eventsAfter = (await itemsOf(calendar)).length;

// A task, completed.
const tasks = await opened('Tasks', 40);
const todo = new CalTodo();
todo.id = cal.getUUID();
todo.title = 'task of Thunderbird';
todo.dueDate = timeOf('20261224T120000');
const done = await edited(tasks, await tasks.addItem(todo), (copy) => {
  copy.isCompleted = true;
});
seen.task = [done.title, done.isCompleted, done.percentComplete];

// An address book: found, synchronised; a contact made, changed, removed.
const told = (topic) =>
  new Promise((done) => {
    const observer = { observe: () => (Services.obs.removeObserver(observer, topic), done()) };
    Services.obs.addObserver(observer, topic);
  });
const books = await CardDAVUtils.detectAddressBooks(user, password, `${origin}/`, false);
seen.books = books.map(({ name }) => name);
const synchronised = told('addrbook-directory-synced');
const book = await books.find(({ name }) => name === 'Contacts').create();
await synchronised;
const remote = CardDAVDirectory.forFile(book.fileName);
seen.contacts = book.childCards.length;
const jane = () => book.childCards.find(({ primaryEmail }) => primaryEmail === 'jane@x.test');
const card = Cc['@mozilla.org/addressbook/cardproperty;1'].createInstance(Ci.nsIAbCard);
Object.assign(card, {
  displayName: 'Jane Doe',
  firstName: 'Jane',
  lastName: 'Doe',
  primaryEmail: 'jane@x.test',
});
book.addCard(card);
await until(() => jane()?.getProperty('_etag', '') !== '', 'the new contact on the server');
const etag = jane().getProperty('_etag', '');
const renamed = jane();
renamed.displayName = 'Jane Roe';
book.modifyCard(renamed);
await until(() => jane().getProperty('_etag', '') !== etag, 'the changed contact on the server');
await remote.syncWithServer();
seen.contact = jane().displayName;
book.deleteCards([jane()]);
await pause(500);
await remote.syncWithServer();
seen.contactsAfter = book.childCards.length;
return seen;
