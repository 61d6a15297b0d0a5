import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScreenError } from '../../../src/screen/errors.js';
import { type Cell, RowFile } from '../../../src/screen/output/row-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function written(cells: readonly Cell[], format: 'csv' | 'jsonl') {
  const path = join(temporaryFolder(), 'out');
  const file = await RowFile.open(path, ['cell'], format);
  for (const cell of cells) await file.write({ cell });
  await file.close({ isWhole: true });
  return readFileSync(path, 'utf8');
}

describe('a file of rows', () => {
  it('is CSV that opens in Excel: a byte order mark, quoted cells, booleans as words', async () => {
    expect(await written(['小米, "A"', 12, true, null], 'csv')).toBe(
      '\ufeffcell\n"小米, ""A"""\n12\ntrue\n\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    'guards the formula %j in CSV',
    async (cell) => {
      const [, line = ''] = (await written([cell], 'csv')).split('\n');
      expect(line.replace(/^"/, '').startsWith(`'${cell[0]}`)).toBe(true);
    },
  );

  it('is JSON lines, with the values as they are', async () => {
    const lines = (await written(['=1', 12, false, null], 'jsonl')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(['=1', 12, false, null].map((cell) => ({ cell })));
  });

  it('has the suffix .part until it is whole, and leaves an older file in place until then', async () => {
    const path = join(temporaryFolder(), 'out');
    const file = await RowFile.open(path, ['cell'], 'csv');
    await file.write({ cell: 'x' });
    await file.close({ isWhole: false });
    expect([existsSync(path), readFileSync(`${path}.part`, 'utf8')]).toEqual([false, '\ufeffcell\nx\n']);
  });

  it('says that it cannot be written', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out.part'));
    await expect(RowFile.open(join(folder, 'out'), ['cell'], 'csv')).rejects.toThrow(ScreenError);
    await expect(RowFile.open(folder, ['cell'], 'csv')).rejects.toThrow(
      '--out must be a file, and is a folder',
    );
    await expect(RowFile.open(join(folder, 'missing', 'out'), ['cell'], 'csv')).rejects.toThrow(
      /^--out must be/,
    );
  });
});
