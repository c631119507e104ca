// exdav check-config: the settings in force, or what is wrong with them.
import { configSchema, readConfig, shownValue } from '../config.ts';
import type { Command } from './command.ts';

export const checkConfig: Command = {
  name: 'check-config',
  summary: 'check the settings and show what is in force',
  usage: '',
  help: 'Exit code 0: the settings are valid. 1: they are not; one line per problem on standard error.',
  options: {},
  async run({ environment, write }) {
    const config = new Map(Object.entries(readConfig(environment)));
    for (const [variable, schema] of Object.entries(configSchema.shape)) {
      const origin = environment[variable] === undefined ? 'default' : 'environment';
      write(
        `${variable} = ${shownValue(variable, config.get(variable)) || '(not set)'}   (${origin})\n  ${schema.meta()?.description ?? ''}\n`,
      );
    }
    return 0;
  },
};
