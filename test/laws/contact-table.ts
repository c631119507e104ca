// Generators of card properties, one row for each name that a row of src/translate/contact-rows.ts claims, and for what none
// does (RFC 2426, RFC 6350, RFC 6474, RFC 6715, RFC 8605, RFC 9554, and what programs in use write).
import * as fc from 'fast-check';
import type { Generated, Lines } from './table.ts';
import {
  basic,
  date,
  escaped,
  instant,
  language,
  line,
  name,
  ownParam,
  param,
  some,
  stamp,
  text,
} from './texts.ts';

type Version = '3.0' | '4.0';
type Row = Generated<Version>;

const lines = (of: fc.Arbitrary<string>): fc.Arbitrary<Lines> => of.map((each) => [each]);
const plain = fc.oneof({ arbitrary: line, weight: 3 }, text);
const empty = fc.constant('');
const part = fc.oneof({ arbitrary: plain, weight: 2 }, empty);

/** Parameters of 4.0 only where the version has them. */
function params(version: Version, ...more: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const four = [
    fc.integer({ min: 1, max: 100 }).map((each) => param('PREF', String(each))),
    fc.constantFrom(';ALTID=1', ';PID=1.1', ';PID=1.1,2.1'),
  ];
  return some(
    ...more,
    language.map((each) => param('LANGUAGE', each)),
    ownParam,
    ...(version === '4.0' ? four : []),
  );
}

/** `pref` is a type in 3.0 only. */
function types(version: Version, ...given: readonly string[]): fc.Arbitrary<string> {
  const names = given.filter((each) => version === '3.0' || each !== 'pref');
  return fc
    .tuple(fc.subarray([...names], { minLength: 1, maxLength: Math.min(3, names.length) }), fc.nat(2))
    .map(([all, style]) => {
      if (style === 0) return `;TYPE=${all.join(',')}`;
      if (style === 1) return all.map((each) => `;TYPE=${each.toUpperCase()}`).join('');
      return `;TYPE=${all.join(',').toUpperCase()}`;
    });
}

function textRow(name: string, sends: readonly string[], oneIn = 4): Row {
  return {
    names: [name.toLowerCase()],
    lines: (version) =>
      lines(fc.tuple(params(version), plain).map(([given, each]) => `${name}${given}:${escaped(each)}`)),
    sends,
    oneIn,
  };
}

function fixed(names: readonly string[], oneIn: number, ...each: readonly Lines[]): Row {
  return { names, lines: () => fc.constantFrom(...each), sends: [], oneIn };
}

/** Only in cards of one version. */
function only(version: Version, row: Row): Row {
  return { ...row, lines: (given) => (given === version ? row.lines(given) : fc.constant([])) };
}

function many(
  of: (version: Version) => fc.Arbitrary<Lines>,
  most: number,
): (version: Version) => fc.Arbitrary<Lines> {
  // The same line twice is one fact.
  return (version) =>
    fc
      .uniqueArray(of(version), { minLength: 1, maxLength: most, selector: (lines) => lines.join('\n') })
      .map((all) => all.flat());
}

const phoneTypes = [
  'work',
  'home',
  'cell',
  'voice',
  'fax',
  'pager',
  'text',
  'textphone',
  'video',
  'car',
  'isdn',
  'pref',
  'msg',
  'x-radio',
  'x-assistant',
  'main',
  'other',
];
const number = fc.constantFrom(
  '+43 1 2345',
  '+1 (555) 010-9999',
  '0800/123',
  '+49-30-1;ext=5',
  '112',
  '+81 3 1234 5678',
);
const mail = fc.constantFrom(
  'ada@example.org',
  'Ada.L@Example.com',
  "o'neil@example.org",
  'a+b@sub.example.org',
  'x@y.z',
);

const email = many(
  (version) =>
    lines(
      fc
        .tuple(params(version, types(version, 'work', 'home', 'internet', 'pref', 'x400', 'x-own')), mail)
        .map(([given, each]) => `EMAIL${given}:${each}`),
    ),
  5,
);

const tel = many(
  (version) =>
    lines(
      fc.oneof(
        fc
          .tuple(params(version, types(version, ...phoneTypes)), number)
          .map(([given, each]) => `TEL${given}:${escaped(each)}`),
        ...(version === '4.0'
          ? [
              fc
                .tuple(
                  types(version, 'work', 'voice', 'cell'),
                  fc.constantFrom('tel:+1-418-656-9254;ext=102', 'tel:+43-1-2'),
                )
                .map(([given, each]) => `TEL;VALUE=uri${given}:${each}`),
            ]
          : []),
      ),
    ),
  6,
);

const adr = many(
  (version) =>
    lines(
      fc
        .tuple(
          params(
            version,
            types(version, 'work', 'home', 'pref', 'postal', 'parcel', 'dom'),
            fc.constant(';LABEL="Street 3, City"'),
            fc.constant(';GEO="geo:48.2,16.3"'),
          ),
          fc.array(part, { minLength: 7, maxLength: 7 }),
        )
        .map(([given, parts]) => `ADR${given}:${parts.map(escaped).join(';')}`),
    ),
  4,
);

const impp = many(
  (version) =>
    lines(
      fc
        .tuple(
          params(
            version,
            types(version, 'work', 'home', 'pref'),
            fc.constantFrom(';X-SERVICE-TYPE=Jabber', ';X-SERVICE-TYPE=Skype'),
          ),
          fc.constantFrom(
            'xmpp:ada@example.org',
            'skype:ada.l',
            'aim:ada',
            'im:ada',
            'x-apple:ada',
            'msnim:ada@example.org',
          ),
        )
        .map(([given, each]) => `IMPP${given}:${each}`),
    ),
  5,
);

const url = many(
  (version) =>
    lines(
      fc
        .tuple(
          params(version, types(version, 'work', 'home', 'pref')),
          fc.constantFrom(
            'https://example.org/?a=b,c',
            'http://example.org/a;b',
            'https://example.org/ü',
            'www.example.org',
            'ftp://example.org/%20',
          ),
        )
        .map(([given, each]) => `URL${given}:${each}`),
    ),
  3,
);

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** Bytes in the form of the version, or a link. */
function picture(name: string, format: string): (version: Version) => fc.Arbitrary<Lines> {
  return (version) =>
    version === '3.0'
      ? fc.constantFrom(
          [`${name};ENCODING=b;TYPE=${format.toUpperCase()}:${pixel}`],
          [`${name};TYPE=${format.toUpperCase()};ENCODING=b:${pixel}`],
          [`${name};VALUE=uri:https://example.org/picture.${format}`],
        )
      : fc.constantFrom(
          [`${name}:data:image/${format};base64,${pixel}`],
          [`${name};PREF=1:data:image/${format};base64,${pixel}`],
          [`${name};MEDIATYPE=image/${format}:https://example.org/picture.${format}`],
        );
}

function day(name: string): (version: Version) => fc.Arbitrary<Lines> {
  return (version) =>
    lines(
      fc.oneof(
        date.map((each) => `${name}:${version === '3.0' ? each : basic(each)}`),
        date.map((each) => `${name}:${basic(each)}`),
        date.map((each) =>
          version === '3.0'
            ? `${name};X-APPLE-OMIT-YEAR=1604:1604${each.slice(4)}`
            : `${name}:--${basic(each.slice(5))}`,
        ),
        version === '3.0'
          ? date.map((each) => `${name};VALUE=date:${each}`)
          : fc.constantFrom(
              `${name}:1985-04`,
              `${name}:1985`,
              `${name}:---12`,
              `${name};VALUE=text:about 1800`,
              `${name}:19531015T231000Z`,
            ),
      ),
    );
}

const related = many(
  (version) =>
    lines(
      fc
        .tuple(
          fc.constantFrom('spouse', 'child', 'friend', 'parent', 'contact', 'agent', 'spouse,friend'),
          fc.oneof(
            line.map((each) => `;VALUE=text:${escaped(each)}`),
            fc.constantFrom(
              ':urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
              ';VALUE=uri:https://example.org/friend.vcf',
            ),
          ),
        )
        .map(([type, rest]) => (version === '4.0' ? `RELATED;TYPE=${type}${rest}` : `X-SPOUSE:${type}`)),
    ),
  4,
);

/** What people and groups have in common. */
const shared: readonly Row[] = [
  fixed(['uid'], 0, ['UID:law-card'], ['UID:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af']),
  textRow('NOTE', ['item:Body'], 3),
];

export const contactTable: readonly Row[] = [
  ...shared,
  {
    names: ['fn'],
    lines: (version) =>
      lines(fc.tuple(params(version), line).map(([given, each]) => `FN${given}:${escaped(each)}`)),
    sends: ['contacts:DisplayName'],
    oneIn: 0,
  },
  {
    names: ['n'],
    lines: (version) =>
      lines(
        fc
          .tuple(
            version === '4.0' ? some(fc.constant(';SORT-AS="Public,John"'), ownParam) : some(ownParam),
            fc.array(
              fc.oneof(
                part,
                fc.tuple(line, line).map((both) => both),
              ),
              { minLength: 5, maxLength: 5 },
            ),
          )
          .map(
            ([given, parts]) =>
              `N${given}:${parts.map((each) => [each].flat().map(escaped).join(',')).join(';')}`,
          ),
      ),
    sends: [
      'contacts:GivenName',
      'contacts:MiddleName',
      'contacts:Surname',
      'contacts:Generation',
      'contacts:FileAsMapping',
      '0x3A45',
    ],
    oneIn: 1.3,
  },
  {
    names: ['nickname'],
    lines: (version) =>
      lines(
        fc
          .tuple(params(version, types(version, 'work')), fc.array(line, { minLength: 1, maxLength: 3 }))
          .map(([given, all]) => `NICKNAME${given}:${all.map(escaped).join(',')}`),
      ),
    sends: ['contacts:Nickname'],
    oneIn: 3,
  },
  { names: ['email'], lines: email, sends: ['contacts:EmailAddress'], oneIn: 1.5 },
  { names: ['tel'], lines: tel, sends: ['contacts:PhoneNumber'], oneIn: 1.5 },
  {
    names: ['adr'],
    lines: adr,
    sends: [
      ...['Street', 'City', 'State', 'CountryOrRegion', 'PostalCode'].map(
        (each) => `contacts:PhysicalAddress:${each}`,
      ),
      'contacts:PostalAddressIndex',
      '32842',
      '0x3A5E',
      '0x3A64',
    ],
    oneIn: 2,
  },
  { names: ['impp'], lines: impp, sends: ['contacts:ImAddress'], oneIn: 3 },
  ...[
    'aim',
    'gadugadu',
    'google-talk',
    'groupwise',
    'gtalk',
    'icq',
    'jabber',
    'matrix',
    'msn',
    'qq',
    'skype',
    'skype-username',
    'yahoo',
  ].map((service): Row => ({
    names: [`x-${service}`],
    lines: () =>
      lines(
        fc.constantFrom('', ';TYPE=HOME').map((type) => `X-${service.toUpperCase()}${type}:ada@example.org`),
      ),
    sends: ['contacts:ImAddress'],
    oneIn: 30,
  })),
  textRow('X-EVOLUTION-FILE-AS', ['contacts:FileAs', 'contacts:FileAsMapping'], 8),
  textRow('X-PHONETIC-FIRST-NAME', ['32812'], 8),
  textRow('X-PHONETIC-LAST-NAME', ['32813'], 8),
  textRow('X-PHONETIC-ORG', ['32814'], 12),
  {
    names: ['org'],
    lines: (version) =>
      lines(
        fc
          .tuple(
            params(
              version,
              types(version, 'work'),
              ...(version === '4.0' ? [fc.constant(';SORT-AS="Example"')] : []),
            ),
            fc.array(plain, { minLength: 1, maxLength: 4 }),
          )
          .map(([given, all]) => `ORG${given}:${all.map(escaped).join(';')}`),
      ),
    sends: ['contacts:CompanyName', 'contacts:Department', 'contacts:FileAsMapping'],
    oneIn: 2,
  },
  textRow('TITLE', ['contacts:JobTitle']),
  textRow('ROLE', ['contacts:Profession']),
  textRow('X-MANAGER', ['contacts:Manager'], 8),
  textRow('X-EVOLUTION-MANAGER', ['contacts:Manager'], 12),
  textRow('X-KADDRESSBOOK-X-ManagersName', ['contacts:Manager'], 12),
  textRow('X-MS-MANAGER', ['contacts:Manager'], 12),
  textRow('X-ASSISTANT', ['contacts:AssistantName'], 8),
  textRow('X-EVOLUTION-ASSISTANT', ['contacts:AssistantName'], 12),
  textRow('X-KADDRESSBOOK-X-AssistantsName', ['contacts:AssistantName'], 12),
  textRow('X-MS-ASSISTANT', ['contacts:AssistantName'], 12),
  textRow('X-OFFICE', ['contacts:OfficeLocation'], 8),
  textRow('X-EVOLUTION-OFFICE', ['contacts:OfficeLocation'], 12),
  textRow('X-KADDRESSBOOK-X-Office', ['contacts:OfficeLocation'], 12),
  { names: ['related'], lines: related, sends: ['contacts:SpouseName', 'contacts:Children'], oneIn: 4 },
  textRow('X-EVOLUTION-SPOUSE', ['contacts:SpouseName'], 12),
  textRow('X-KADDRESSBOOK-X-SpousesName', ['contacts:SpouseName'], 12),
  { names: ['bday'], lines: day('BDAY'), sends: ['contacts:Birthday'], oneIn: 3 },
  {
    names: ['anniversary'],
    lines: (version) => day(version === '4.0' ? 'ANNIVERSARY' : 'X-ANNIVERSARY')(version),
    sends: ['contacts:WeddingAnniversary'],
    oneIn: 4,
  },
  {
    names: ['x-evolution-anniversary'],
    lines: day('X-EVOLUTION-ANNIVERSARY'),
    sends: ['contacts:WeddingAnniversary'],
    oneIn: 20,
  },
  {
    names: ['x-kaddressbook-x-anniversary'],
    lines: day('X-KADDRESSBOOK-X-Anniversary'),
    sends: ['contacts:WeddingAnniversary'],
    oneIn: 20,
  },
  { names: ['url'], lines: url, sends: ['contacts:BusinessHomePage', '0x3A50'], oneIn: 3 },
  {
    names: ['categories'],
    lines: (version) =>
      lines(
        fc
          .tuple(params(version), fc.uniqueArray(line, { minLength: 1, maxLength: 4 }))
          .map(([given, all]) => `CATEGORIES${given}:${all.map(escaped).join(',')}`),
      ),
    sends: ['item:Categories'],
    oneIn: 3,
  },
  {
    names: ['class'],
    lines: (version) =>
      fc
        .constantFrom('PUBLIC', 'PRIVATE', 'CONFIDENTIAL', 'X-PERSONAL')
        .map((each) => [`${version === '3.0' ? 'CLASS' : 'X-CLASS'}:${each}`]),
    sends: ['item:Sensitivity'],
    oneIn: 6,
  },
  { names: ['photo'], lines: picture('PHOTO', 'png'), sends: ['photo'], oneIn: 4 },
  {
    names: ['rev'],
    lines: (version) =>
      instant.map((each) => [
        `REV:${version === '4.0' ? stamp(each) : `${new Date(each).toISOString().slice(0, 19)}Z`}`,
      ]),
    sends: [],
    oneIn: 3,
  },
  { names: ['logo'], lines: picture('LOGO', 'jpeg'), sends: [], oneIn: 10 },
  {
    ...only(
      '4.0',
      fixed(
        ['gender'],
        6,
        ['GENDER:M'],
        ['GENDER:F;she'],
        ['GENDER:O;it is complicated'],
        ['GENDER:;only words'],
      ),
    ),
    sends: ['0x3A4D'],
  },
  { ...only('3.0', fixed(['x-gender'], 12, ['X-GENDER:M'], ['X-GENDER:F'])), sends: ['0x3A4D'] },
  {
    ...only(
      '4.0',
      fixed(['hobby'], 8, ['HOBBY;INDEX=1;LEVEL=high:reading'], ['HOBBY:reading', 'HOBBY:a\\, b']),
    ),
    sends: ['0x3A43'],
  },
  {
    ...only(
      '4.0',
      fixed(
        ['fburl'],
        8,
        ['FBURL;PREF=1:https://example.org/busy/john'],
        ['FBURL:https://example.org/b?a=1,2'],
      ),
    ),
    sends: ['32984'],
  },
  only('4.0', fixed(['kind'], 10, ['KIND:individual'], ['KIND:org'], ['KIND:location'])),
  only(
    '4.0',
    fixed(
      ['lang', 'tz', 'geo'],
      8,
      ['LANG;TYPE=work;PREF=1:en', 'LANG;TYPE=work;PREF=2:fr'],
      ['TZ:Europe/Vienna'],
      ['GEO;TYPE=work:geo:48.2,16.3'],
    ),
  ),
  only(
    '3.0',
    fixed(
      ['tz', 'geo', 'mailer', 'sort-string'],
      8,
      ['TZ:-05:00'],
      ['GEO:48.2;16.3'],
      ['MAILER:PigeonMail 2.1'],
      ['SORT-STRING:Harten'],
    ),
  ),
  only(
    '3.0',
    fixed(['label', 'agent'], 10, ['LABEL;TYPE=DOM,HOME,POSTAL:Mr. John Q. Public\\nMail Drop: TNE QB']),
  ),
  only(
    '4.0',
    fixed(
      ['source', 'xml', 'caladruri', 'caluri', 'clientpidmap'],
      8,
      ['SOURCE:ldap://ldap.example.com/cn=John%20Public'],
      ['CLIENTPIDMAP:1;urn:uuid:53e374d9-337e-4727-8803-a1e9c14e0556'],
    ),
  ),
  only(
    '4.0',
    fixed(
      ['birthplace', 'deathdate', 'expertise', 'interest', 'socialprofile', 'pronouns', 'gramgender'],
      6,
      ['BIRTHPLACE:Vienna', 'DEATHDATE:20900101'],
      ['EXPERTISE;LEVEL=expert:chemistry'],
      ['SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://example.social/@john'],
      ['PRONOUNS;LANGUAGE=en;PREF=1:he/him'],
      ['GRAMGENDER;LANGUAGE=de:masculine'],
    ),
  ),
  {
    names: ['key', 'sound'],
    lines: (version) =>
      version === '4.0'
        ? fc.constantFrom(
            ['KEY:data:application/pgp-keys;base64,bm90IGEga2V5'],
            ['KEY;MEDIATYPE=application/pgp-keys:https://example.org/john.asc'],
            ['SOUND:https://example.org/john.ogg'],
          )
        : fc.constantFrom(['KEY;ENCODING=b:bm90IGEga2V5'], ['SOUND;TYPE=OGG;ENCODING=b:bm90IGEga2V5']),
    sends: [],
    oneIn: 10,
  },
  {
    names: ['x-abdate', 'x-ablabel', 'x-abrelatednames'],
    lines: () =>
      fc
        .tuple(
          date,
          name,
          fc.constantFrom('Anniversary', 'Other'),
          fc.constantFrom('Spouse', 'Child', 'Manager', 'Assistant', 'Friend', 'Mother'),
        )
        .map(([day, called, dateLabel, label]) => [
          `item1.X-ABDATE;TYPE=pref:${day}`,
          `item1.X-ABLabel:_$!<${dateLabel}>!$_`,
          `item2.X-ABRELATEDNAMES:${escaped(called)}`,
          `item2.X-ABLabel:_$!<${label}>!$_`,
        ]),
    sends: ['WeddingAnniversary', 'SpouseName', 'Children', 'Manager', 'AssistantName'].map(
      (each) => `contacts:${each}`,
    ),
    oneIn: 8,
  },
  fixed(
    ['x-maidenname', 'x-socialprofile', 'x-abshowas'],
    6,
    ['X-SOCIALPROFILE;TYPE=twitter;X-USER=ada:https://twitter.com/ada'],
    ['X-ABShowAs:COMPANY'],
    ['X-MAIDENNAME:Byron'],
  ),
  {
    names: ['x-own'],
    lines: (version) =>
      lines(fc.tuple(params(version), line).map(([given, each]) => `X-OWN-TEXT${given}:${escaped(each)}`)),
    sends: [],
    oneIn: 5,
  },
];

const member = fc.constantFrom(
  'mailto:bob@elsewhere.example',
  'mailto:Carol.D@Example.test',
  'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  'urn:uuid:b8767877-b4a1-4c70-9acc-505d3819e519',
);

const common = new Set(['uid', 'note', 'categories', 'class', 'rev', 'x-own']);

/** Groups: KIND and MEMBER are said as X-ADDRESSBOOKSERVER-… in 3.0. */
export const groupTable: readonly Row[] = [
  ...contactTable.filter(({ names }) => names.every((each) => common.has(each))),
  {
    names: ['fn'],
    lines: (version) =>
      lines(fc.tuple(params(version), line).map(([given, each]) => `FN${given}:${escaped(each)}`)),
    sends: ['contacts:DisplayName'],
    oneIn: 0,
  },
  {
    names: ['n'],
    lines: (version) =>
      lines(line.map((each) => (version === '3.0' ? `N:${escaped(each)};;;;` : `N:${escaped(each)};;;;`))),
    sends: ['contacts:DisplayName'],
    oneIn: 2,
  },
  {
    names: ['kind', 'x-addressbookserver-kind'],
    lines: (version) => fc.constant([version === '3.0' ? 'X-ADDRESSBOOKSERVER-KIND:group' : 'KIND:group']),
    sends: [],
    oneIn: 0,
  },
  {
    names: ['member', 'x-addressbookserver-member'],
    lines: (version) =>
      fc
        .uniqueArray(fc.tuple(member, version === '4.0' ? params(version) : some(ownParam)), {
          minLength: 1,
          maxLength: 4,
          selector: ([each]) => each,
        })
        .map((all) =>
          all.map(
            ([each, given]) =>
              `${version === '3.0' ? 'X-ADDRESSBOOKSERVER-MEMBER' : 'MEMBER'}${given}:${each}`,
          ),
        ),
    sends: ['distributionlist:Members', 'distributionlist:Members:Member'],
    oneIn: 1.2,
  },
];
