// The running program: configuration, composition, command line.
export { runCommandLine } from './cli.ts';
export { startGateway } from './compose.ts';
export { readConfig } from './config.ts';
