// One text for each instance of an object that is made of instances without their series (RFC 4791 §4.1).
import { needsOf } from './calendar-object.ts';
import { parseComponents, stringify } from './codec.ts';
import { zoneFinder } from './custom-zones.ts';
import { keyOfWhen, whenOf } from './times.ts';

/** By the key of the RECURRENCE-ID; undefined: the object has a component that is none. @throws TranslateError */
export function instanceTexts(text: string): ReadonlyMap<string, string> | undefined {
  const texts = new Map<string, string>();
  for (const [name, properties, components] of parseComponents(text)) {
    const events = components.filter((each) => each[0] === 'vevent');
    const others = components.filter((each) => !events.includes(each));
    const zones = others.filter((each) => each[0] === 'vtimezone');
    const zoneOf = zoneFinder(zones, needsOf(events));
    for (const event of events) {
      const id = event[1].find((property) => property[0] === 'recurrence-id');
      if (!id) return undefined;
      texts.set(keyOfWhen(whenOf(id, zoneOf)), stringify([name, properties, [...others, event]]));
    }
  }
  return texts;
}
