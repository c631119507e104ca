// Facts of contacts as lines of vCard 3.0 and 4.0 and as what Exchange keeps, each with the path under which another program
// finds it: `contacts:GivenName`, `contacts:PhoneNumber/Pager`, `0x3A45` or `Address/0x802c`.

export interface Fact {
  readonly name: string;
  /** As a client of that version writes it, and as an item of Outlook is shown. */
  readonly three: readonly string[];
  readonly four: readonly string[];
  readonly exchange: Readonly<Record<string, string>>;
  /** Which of the two directions differ: shown when Outlook wrote it. */
  readonly fromOutlook?: { readonly three?: readonly string[]; readonly four?: readonly string[] };
}

function same(name: string, line: string, exchange: Readonly<Record<string, string>>): Fact {
  return { name, three: [line], four: [line], exchange };
}

function phone(slot: string, types: string): Fact {
  const number = `+43 1 ${slot}`;
  return {
    name: slot,
    three: [`TEL;TYPE=${types.toUpperCase()}:${number}`],
    four: [`TEL;TYPE=${types}:${number}`],
    exchange: { [`contacts:PhoneNumber/${slot}`]: number },
  };
}

function labelled(name: string, label: string, lines: { apple: string; four: string }, path: string): Fact {
  return {
    name,
    three: [`item1.${lines.apple}`, `item1.X-ABLABEL:_$!<${label}>!$_`],
    four: [lines.four],
    exchange: { [path]: /[^:]*$/.exec(lines.apple)?.[0] ?? '' },
  };
}

const address = (name: string, types: { three: string; four: string }): Fact => ({
  name: `${name} address`,
  three: [`ADR${types.three}:;;Ring 1\\nStiege 2;Wien;W;1010;Austria`],
  four: [`ADR${types.four}:;;Ring 1\\nStiege 2;Wien;W;1010;Austria`],
  exchange: {
    [`contacts:PhysicalAddress:Street/${name}`]: 'Ring 1\nStiege 2',
    [`contacts:PhysicalAddress:City/${name}`]: 'Wien',
    [`contacts:PhysicalAddress:State/${name}`]: 'W',
    [`contacts:PhysicalAddress:PostalCode/${name}`]: '1010',
    [`contacts:PhysicalAddress:CountryOrRegion/${name}`]: 'Austria',
  },
});

export const facts: readonly Fact[] = [
  same('the parts of a name', 'N:Doe;Jane;Ann;Dr.;Jr.', {
    'contacts:Surname': 'Doe',
    'contacts:GivenName': 'Jane',
    'contacts:MiddleName': 'Ann',
    '0x3A45': 'Dr.',
    'contacts:Generation': 'Jr.',
  }),
  {
    name: 'phonetic names',
    three: ['X-PHONETIC-FIRST-NAME:はなこ', 'X-PHONETIC-LAST-NAME:やまだ', 'X-PHONETIC-ORG:かいしゃ'],
    four: ['X-PHONETIC-FIRST-NAME:はなこ', 'X-PHONETIC-LAST-NAME:やまだ', 'X-PHONETIC-ORG:かいしゃ'],
    exchange: { 'Address/0x802c': 'はなこ', 'Address/0x802d': 'やまだ', 'Address/0x802e': 'かいしゃ' },
  },
  same('file as', 'X-EVOLUTION-FILE-AS:Doe\\, the elder', { 'contacts:FileAs': 'Doe, the elder' }),
  same('a nickname', 'NICKNAME:Janie', { 'contacts:Nickname': 'Janie' }),
  {
    name: 'three e-mail addresses',
    three: ['EMAIL;TYPE=WORK,PREF:a@x.org', 'EMAIL;TYPE=HOME:b@x.org', 'EMAIL:c@x.org'],
    four: ['EMAIL;PREF=1;TYPE=work:a@x.org', 'EMAIL;TYPE=home:b@x.org', 'EMAIL:c@x.org'],
    exchange: {
      'contacts:EmailAddress/EmailAddress1': 'a@x.org',
      'contacts:EmailAddress/EmailAddress2': 'b@x.org',
      'contacts:EmailAddress/EmailAddress3': 'c@x.org',
    },
  },
  phone('BusinessPhone', 'voice,work'),
  phone('HomePhone', 'home,voice'),
  phone('MobilePhone', 'cell'),
  phone('BusinessFax', 'fax,work'),
  phone('HomeFax', 'fax,home'),
  phone('OtherFax', 'fax'),
  phone('Pager', 'pager'),
  phone('CarPhone', 'car'),
  phone('Isdn', 'isdn'),
  phone('AssistantPhone', 'x-assistant'),
  phone('Callback', 'x-callback'),
  phone('CompanyMainPhone', 'x-company'),
  phone('RadioPhone', 'x-radio'),
  phone('Telex', 'x-telex'),
  phone('TtyTddPhone', 'textphone'),
  phone('PrimaryPhone', 'x-primary'),
  phone('OtherTelephone', 'voice'),
  {
    name: 'second telephones',
    three: [
      'TEL;TYPE=VOICE,WORK:1',
      'TEL;TYPE=VOICE,WORK:2',
      'TEL;TYPE=HOME,VOICE:3',
      'TEL;TYPE=HOME,VOICE:4',
    ],
    four: [
      'TEL;TYPE=voice,work:1',
      'TEL;TYPE=voice,work:2',
      'TEL;TYPE=home,voice:3',
      'TEL;TYPE=home,voice:4',
    ],
    exchange: {
      'contacts:PhoneNumber/BusinessPhone': '1',
      'contacts:PhoneNumber/BusinessPhone2': '2',
      'contacts:PhoneNumber/HomePhone': '3',
      'contacts:PhoneNumber/HomePhone2': '4',
    },
  },
  address('Business', { three: ';TYPE=WORK', four: ';TYPE=work' }),
  address('Home', { three: ';TYPE=HOME', four: ';TYPE=home' }),
  address('Other', { three: '', four: '' }),
  {
    name: 'the mailing address',
    three: ['ADR;TYPE=WORK:;;A 1;;;;', 'ADR;TYPE=HOME,PREF:;;B 2;;;;'],
    four: ['ADR;TYPE=work:;;A 1;;;;', 'ADR;PREF=1;TYPE=home:;;B 2;;;;'],
    exchange: {
      'contacts:PhysicalAddress:Street/Business': 'A 1',
      'contacts:PhysicalAddress:Street/Home': 'B 2',
      'contacts:PostalAddressIndex': 'Home',
    },
  },
  same('an organisation with a unit', 'ORG:ACME\\, Inc.;Research', {
    'contacts:CompanyName': 'ACME, Inc.',
    'contacts:Department': 'Research',
  }),
  same('a title', 'TITLE:Engineer', { 'contacts:JobTitle': 'Engineer' }),
  same('a role', 'ROLE:Lead', { 'contacts:Profession': 'Lead' }),
  same('an office', 'X-OFFICE:12b', { 'contacts:OfficeLocation': '12b' }),
  labelled(
    'a manager',
    'Manager',
    { apple: 'X-ABRELATEDNAMES:Max', four: 'X-MANAGER:Max' },
    'contacts:Manager',
  ),
  labelled(
    'an assistant',
    'Assistant',
    { apple: 'X-ABRELATEDNAMES:Ada', four: 'X-ASSISTANT:Ada' },
    'contacts:AssistantName',
  ),
  labelled(
    'a spouse',
    'Spouse',
    { apple: 'X-ABRELATEDNAMES:Eve', four: 'RELATED;TYPE=spouse;VALUE=TEXT:Eve' },
    'contacts:SpouseName',
  ),
  {
    name: 'children',
    three: [
      'item1.X-ABRELATEDNAMES:Kim',
      'item1.X-ABLABEL:_$!<Child>!$_',
      'item2.X-ABRELATEDNAMES:Lou',
      'item2.X-ABLABEL:_$!<Child>!$_',
    ],
    four: ['RELATED;TYPE=child;VALUE=TEXT:Kim', 'RELATED;TYPE=child;VALUE=TEXT:Lou'],
    exchange: { 'contacts:Children': 'Kim|Lou' },
  },
  {
    name: 'a birthday',
    three: ['BDAY:1980-02-29'],
    four: ['BDAY:19800229'],
    exchange: { 'contacts:Birthday': '1980-02-29T00:00:00Z' },
  },
  {
    name: 'a birthday without year',
    three: ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29'],
    four: ['BDAY:--0229'],
    exchange: { 'contacts:Birthday': '1604-02-29T00:00:00Z' },
  },
  {
    name: 'an anniversary',
    three: ['item1.X-ABDATE:2001-09-08', 'item1.X-ABLABEL:_$!<Anniversary>!$_'],
    four: ['ANNIVERSARY:20010908'],
    exchange: { 'contacts:WeddingAnniversary': '2001-09-08T00:00:00Z' },
  },
  { name: 'a gender', three: ['X-GENDER:F'], four: ['GENDER:F'], exchange: { '0x3A4D': '1' } },
  same('a hobby', 'HOBBY:Fishing\\, reading', { '0x3A43': 'Fishing, reading' }),
  same('a page', 'URL:https://example.org/a?b=1,2', {
    'contacts:BusinessHomePage': 'https://example.org/a?b=1,2',
  }),
  {
    name: 'a personal page',
    three: ['URL;TYPE=HOME:https://example.org/~jane'],
    four: ['URL;TYPE=home:https://example.org/~jane'],
    exchange: { '0x3A50': 'https://example.org/~jane' },
  },
  same('published busy times', 'FBURL:https://example.org/jane.ifb', {
    'Address/0x80d8': 'https://example.org/jane.ifb',
  }),
  {
    name: 'three accounts',
    three: ['IMPP:xmpp:j@x.org', 'IMPP:skype:jane', 'IMPP:im:jane@x.org'],
    four: ['IMPP:xmpp:j@x.org', 'IMPP:skype:jane', 'IMPP:im:jane@x.org'],
    exchange: {
      'contacts:ImAddress/ImAddress1': 'xmpp:j@x.org',
      'contacts:ImAddress/ImAddress2': 'skype:jane',
      'contacts:ImAddress/ImAddress3': 'jane@x.org',
    },
  },
  same('a note', 'NOTE:Two\\nlines\\, one comma', { 'item:Body': 'Two\nlines, one comma' }),
  same('categories', 'CATEGORIES:Friends,Work', { 'item:Categories': 'Friends|Work' }),
  {
    name: 'a class',
    three: ['CLASS:CONFIDENTIAL'],
    four: ['X-CLASS:CONFIDENTIAL'],
    exchange: { 'item:Sensitivity': 'Confidential' },
  },
];

/** What no mailbox has a place for, as clients write it in 3.0 or 4.0: it comes back to the letter. */
export const kept: readonly (readonly [version: '3.0' | '4.0', ...lines: string[]])[] = [
  ['4.0', 'N;SORT-AS="Harten,Rene":van der Harten;Rene,J.;Sir;;R.D.O.N.'],
  ['4.0', 'FN;ALTID=1;LANGUAGE=en:Yamada', 'FN;ALTID=1;LANGUAGE=jp:山田'],
  ['3.0', 'SORT-STRING:Harten'],
  ['3.0', 'X-PHONETIC-MIDDLE-NAME:あい'],
  ['3.0', 'EMAIL:1@x.org', 'EMAIL:2@x.org', 'EMAIL:3@x.org', 'EMAIL;TYPE=X-BOAT:4@x.org'],
  ['3.0', 'TEL;TYPE=CELL:1', 'TEL;TYPE=CELL:2', 'TEL;TYPE=X-SATELLITE:3', 'TEL;TYPE=VIDEO:4'],
  ['4.0', 'TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+1-555-555-5555;ext=5555'],
  ['4.0', 'ADR;GEO="geo:12.3,4.5";LABEL="Box 1\\nWien";TYPE=work:Box 1;Floor 2;Ring 1;Wien;;1010;AT'],
  ['3.0', 'ADR;TYPE=HOME:;;A;;;;', 'ADR;TYPE=HOME:;;B;;;;', 'LABEL;TYPE=HOME:A\\nB'],
  ['4.0', 'ORG:ABC\\, Inc.;North American Division;Marketing', 'ORG:Second'],
  ['4.0', 'TITLE:First', 'TITLE:Second', 'ROLE:One', 'ROLE:Two'],
  [
    '4.0',
    'RELATED;TYPE=friend:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    'RELATED;TYPE=emergency;VALUE=text:Mum',
  ],
  ['4.0', 'BDAY:1985', 'ANNIVERSARY:--05'],
  [
    '4.0',
    'BDAY;VALUE=text:circa 1800',
    'DEATHDATE:19960415',
    'BIRTHPLACE;VALUE=text:Graz',
    'DEATHPLACE;VALUE=text:Wien',
  ],
  ['4.0', 'BDAY:19531015T231000Z'],
  ['4.0', 'GENDER:M;Fellow', 'GENDER:O;intersex'],
  ['3.0', 'LOGO;ENCODING=b;TYPE=PNG:iVBORw0KGgo=', 'SOUND;ENCODING=b;TYPE=OGG:T2dnUw=='],
  ['3.0', 'PHOTO;VALUE=uri:https://example.org/p,1.jpg'],
  ['4.0', 'PHOTO;MEDIATYPE=image/gif:https://example.org/p.gif'],
  ['4.0', 'URL;TYPE=work:https://a.example/', 'URL;TYPE=work:https://b.example/', 'URL:https://c.example/'],
  [
    '3.0',
    'IMPP;X-SERVICE-TYPE=Jabber;TYPE=HOME,PREF:xmpp:a@x.org',
    'X-JABBER;TYPE=HOME:a@x.org',
    'X-AIM:aa',
    'X-ICQ:1',
  ],
  ['3.0', 'X-SOCIALPROFILE;TYPE=TWITTER;X-USER=jane:http://twitter.com/jane'],
  [
    '4.0',
    'KEY:https://example.org/key.pgp',
    'KEY;MEDIATYPE=application/pgp-keys:data:application/pgp-keys;base64,AAAA',
  ],
  ['3.0', 'KEY;TYPE=X509;ENCODING=b:MIIB'],
  ['3.0', 'GEO:48.2;16.3', 'TZ:+01:00', 'MAILER:Pine', 'CLASS:X-ODD'],
  ['4.0', 'GEO:geo:48.2,16.3', 'TZ:Europe/Vienna', 'LANG;PREF=1:de', 'LANG:en', 'SOURCE:ldap://x.example/'],
  ['3.0', 'item1.TEL:1', 'item1.X-ABLABEL:Boat', 'item2.ADR:;;A;;;;', 'item2.X-ABADR:at'],
  [
    '4.0',
    'CALURI;PREF=1:https://c.example/',
    'CALADRURI:mailto:jane@x.org',
    'FBURL:https://a.example/',
    'FBURL:https://b.example/',
  ],
  [
    '4.0',
    'HOBBY;INDEX=1;LEVEL=high:reading',
    'HOBBY;INDEX=2;LEVEL=high:sewing',
    'INTEREST;LEVEL=low:rock',
    'EXPERTISE;LEVEL=expert:chemistry',
  ],
  [
    '4.0',
    'ORG-DIRECTORY;INDEX=1:https://directory.example/',
    'KIND:individual',
    'XML:<a xmlns="urn:x">b</a>',
    'CLIENTPIDMAP:1;urn:uuid:53e374d9',
  ],
  [
    '3.0',
    'X-ABSHOWAS:COMPANY',
    'X-MS-OL-DESIGN:1',
    'X-EVOLUTION-BLOG-URL:b.example',
    'X-KADDRESSBOOK-BLOGFEED:f',
  ],
];
