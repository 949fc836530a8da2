import { Command } from 'commander';
import { addMachineOptions, type MachineFlags } from '../options/common-options.js';

const examples = `
Example, in the settings of an assistant:
  { "mcpServers": { "revela": { "command": "npx", "args": ["revela", "mcp", "/home/me/photos"] } } }`;

/** `revela mcp`: its options, not its work. */
export function mcpCommand(run: (folders: readonly string[], flags: MachineFlags) => Promise<void>): Command {
  const command = new Command('mcp')
    .description(
      'Offers denoising, enlarging, scoring, comparing and adapting to an assistant, as tools of the Model Context Protocol on standard input and output. Needs its SDK (npm install @modelcontextprotocol/sdk).',
    )
    .argument('<FOLDER...>', 'folders outside of which nothing is read or written');
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
