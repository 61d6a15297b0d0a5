import { runProgram } from '../../src/commands/program.js';

/**
 * Runs a command of the program inside this process, which is much quicker than a process of its own.
 *
 * @param env its whole environment
 * @returns its exit code and everything it printed
 */
export async function runInProcess(env: Record<string, string>, ...args: string[]) {
  let output = '';
  const print = (...texts: unknown[]) => {
    output += `${texts.join(' ')}\n`;
  };
  const consoles = (['log', 'error'] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation(print),
  );
  const { exitCode } = process;
  const variables = jest.replaceProperty(process, 'env', { ...env });
  process.exitCode = 0;
  try {
    await runProgram(args, () => undefined);
    return { code: process.exitCode, output };
  } finally {
    process.exitCode = exitCode;
    variables.restore();
    for (const spy of consoles) spy.mockRestore();
  }
}
