// Filters as XML (RFC 4791 §9.7, RFC 6352 §10.5).
import type {
  AddressFilter,
  AddressPropFilter,
  CalendarPropFilter,
  CompFilter,
  ParamFilter,
  TextMatch,
} from '../model/filter.ts';
import { xml, type Markup } from '../xml/index.ts';
import { rangeElement } from './shape.ts';

export function calendarFilterElement(comp: CompFilter): Markup {
  return xml('C:filter', {}, compFilter(comp));
}

export function addressFilterElement(filter: AddressFilter): Markup {
  return xml('CR:filter', { test: filter.test }, filter.props.map(addressProp));
}

function compFilter(comp: CompFilter): Markup {
  return xml(
    'C:comp-filter',
    { name: comp.name },
    comp.isNotDefined ? xml('C:is-not-defined', {}) : undefined,
    rangeElement('C:time-range', comp.timeRange),
    comp.props.map(calendarProp),
    comp.comps.map(compFilter),
  );
}

function calendarProp(prop: CalendarPropFilter): Markup {
  return xml(
    'C:prop-filter',
    { name: prop.name },
    prop.isNotDefined ? xml('C:is-not-defined', {}) : undefined,
    rangeElement('C:time-range', prop.timeRange),
    prop.textMatch === undefined ? undefined : textMatch('C', prop.textMatch),
    prop.params.map((param) => paramFilter('C', param)),
  );
}

function addressProp(prop: AddressPropFilter): Markup {
  return xml(
    'CR:prop-filter',
    { name: prop.name, test: prop.test },
    prop.isNotDefined ? xml('CR:is-not-defined', {}) : undefined,
    prop.texts.map((match) => textMatch('CR', match)),
    prop.params.map((param) => paramFilter('CR', param)),
  );
}

function paramFilter(prefix: 'C' | 'CR', param: ParamFilter): Markup {
  return xml(
    `${prefix}:param-filter`,
    { name: param.name },
    param.isNotDefined ? xml(`${prefix}:is-not-defined`, {}) : undefined,
    param.textMatch === undefined ? undefined : textMatch(prefix, param.textMatch),
  );
}

function textMatch(prefix: 'C' | 'CR', match: TextMatch): Markup {
  return xml(
    `${prefix}:text-match`,
    {
      collation: match.collation,
      'negate-condition': match.negate ? 'yes' : undefined,
      'match-type': prefix === 'CR' ? match.match : undefined,
    },
    match.text,
  );
}
