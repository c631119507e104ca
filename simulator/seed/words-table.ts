// Words the seeds are made of. People and firms are invented; domains are reserved ones (RFC 2606).

export const givenNames: readonly string[] =
  'Anna Ben Clara David Elena Felix Greta Hugo Ida Jonas Katrin Leo Mara Niels Olga Paul Quirin Rosa Simon Tove Ulrike Victor Wanda Xaver Yara Zoë Amélie Björn Chloé Désirée François Göran José Łukasz Søren Zuzana Aiko Kenji Priya Arjun'.split(
    ' ',
  );
export const surnames: readonly string[] =
  'Albrecht Bauer Carlsen Dubois Eriksen Fischer Garcia Hansen Ivanova Jansen Keller Lindqvist Meier Novák Olsen Petit Quist Rossi Schmidt Tanaka Ullmann Vega Weber Yilmaz Zimmermann Müller Sørensen Ångström Gómez Kowalski Patel O’Brien van-der-Berg Nguyễn Sato'.split(
    ' ',
  );
export const firms: readonly string[] = [
  'Northwind',
  'Blue Harbour',
  'Fjord Systems',
  'Kleine & Söhne',
  'Larch Labs',
  'Meridian Rail',
  'Oakline',
  'Papier Dubois',
  'Quayside Press',
  'Tallinn Optics',
];
export const departments: readonly string[] = [
  'Sales',
  'Research',
  'Finance',
  'Support',
  'Legal',
  'Operations',
];
export const jobTitles: readonly string[] = [
  'Engineer',
  'Account Manager',
  'Director',
  'Analyst',
  'Designer',
  'Team Lead',
  'Office Manager',
];
export const cities: readonly (readonly [
  city: string,
  state: string,
  postalCode: string,
  country: string,
])[] = [
  ['Berlin', 'BE', '10115', 'Germany'],
  ['Wien', '', '1010', 'Austria'],
  ['København', '', '1050', 'Denmark'],
  ['Lyon', 'ARA', '69001', 'France'],
  ['Boston', 'MA', '02110', 'United States'],
  ['Kyoto', '', '600-8001', 'Japan'],
  ['Kraków', '', '30-001', 'Poland'],
];
export const streets: readonly string[] = [
  'Hauptstraße 12',
  'Rue des Lilas 4',
  'Lindenallee 77',
  '1 Harbour Road',
  'Østergade 9\n2. sal',
  'Karmelicka 31',
];
export const rooms: readonly string[] = [
  'Room 101',
  'Room Elbe (2nd floor)',
  'Library',
  'Board room',
  'Online',
  'Café Central, Herrengasse 14',
  'Customer site; gate B, 3rd door',
];
export const categories: readonly string[] = [
  'Blue category',
  'Green category',
  'Red category',
  'Travel',
  'Customer',
];
export const subjects: readonly string[] = [
  'Design review',
  'Call with the supplier',
  'Budget planning',
  'Interview: backend engineer',
  'Quarterly figures',
  'Release checklist',
  'Lunch with Clara',
  'Car service',
  'Contract: second reading',
  'Roadmap, next half',
  'Workshop: onboarding',
  'Walk-through of the new office',
  'Prepare slides',
  'Café & planning',
  'Q&A <live>',
  'Besprechung Übergabe',
  'Réunion d’équipe',
  '打ち合わせ',
  'Budget; part 2, open points',
  '🎉 Launch',
];
export const allDaySubjects: readonly string[] = [
  'Public holiday',
  'Birthday of Björn',
  'Home office',
  'Deadline: tax return',
  'Company anniversary',
  'Moving day',
];
export const longSubjects: readonly string[] = [
  'Holiday',
  'Conference in Lyon',
  'Trade fair',
  'Business trip to Boston',
  'Parental leave (part)',
];
export const meetingSubjects: readonly string[] = [
  'Steering committee',
  'Architecture round',
  'Customer demo',
  'Retrospective',
  'Hiring panel',
  'Security review',
];
export const taskSubjects: readonly string[] = [
  'Send the offer to Northwind',
  'Renew the certificate',
  'Book flights',
  'Write the minutes',
  'Read the contract',
  'Order toner',
  'Plan the summer party',
  'Back up the old laptop',
  'Check invoices',
  'Answer the survey',
  'Update the risk list',
  'Return library books',
  'Prüfbericht lesen',
  'Water the plants',
];
export const sentences: readonly string[] = [
  'Please bring the figures of last month.',
  'Agenda follows.',
  'We start on time, the room is booked for one hour only.',
  'Dial-in as usual; the code is in the invitation.',
  'Open points: prices, dates & people.',
  'See the notes from last time — especially section 3.',
  'Coffee is on us.',
  'Bitte Unterlagen mitbringen, danke.',
];
