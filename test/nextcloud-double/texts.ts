// iCalendar and vCard as the double reads them: enough for UIDs, kinds, parties and repairs; nothing is shared with the product.

export interface Prop {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface Component {
  readonly name: string;
  readonly props: readonly Prop[];
  readonly children: readonly Component[];
}

/** Undefined for what cannot be parsed. */
export function parseText(text: string): Component | undefined {
  const root: Growing = { name: '', props: [], children: [] };
  const stack: Growing[] = [root];
  for (const line of text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    if (line === '') continue;
    const prop = propIn(line);
    const top = stack.at(-1)!;
    if (prop === undefined) return undefined;
    if (prop.name === 'BEGIN') {
      const next: Growing = { name: prop.value.toUpperCase(), props: [], children: [] };
      top.children.push(next);
      stack.push(next);
    } else if (prop.name === 'END') {
      if (stack.length === 1 || top.name !== prop.value.toUpperCase()) return undefined;
      stack.pop();
    } else top.props.push(prop);
  }
  return stack.length === 1 && root.children.length === 1 ? root.children[0] : undefined;
}

interface Growing {
  readonly name: string;
  readonly props: Prop[];
  readonly children: Growing[];
}

function propIn(line: string): Prop | undefined {
  const match = /^([A-Za-z0-9.-]+)((?:;(?:[^":]|"[^"]*")*)?):(.*)$/s.exec(line);
  if (match === null) return undefined;
  const [, name = '', head = '', value = ''] = match;
  const pairs = (head.match(/(?:[^;"]|"[^"]*")+/g) ?? []).map((each) => {
    const equals = each.indexOf('=');
    return [each.slice(0, equals).toUpperCase(), each.slice(equals + 1).replaceAll('"', '')] as const;
  });
  return { name: name.toUpperCase(), params: Object.fromEntries(pairs), value };
}

export function valueOf(component: Component | undefined, name: string): string | undefined {
  return component?.props.find((prop) => prop.name === name)?.value;
}

/** The component a calendar object is about. */
export function mainOf(calendar: Component): Component | undefined {
  return calendar.children.find(({ name }) => ['VEVENT', 'VTODO', 'VJOURNAL'].includes(name));
}
