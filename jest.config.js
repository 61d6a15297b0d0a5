import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Sources are ES modules. swc translates them to CommonJS for jest, so that Node needs no experimental flag. */
const common = { target: 'es2023', keepClassNames: true };
const commonjs = { type: 'commonjs' };

const project = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          ...common,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true },
        },
        module: commonjs,
      },
    ],
    // This package has ES modules only.
    '/node_modules/jose/.+\\.js$': ['@swc/jest', { jsc: common, module: commonjs }],
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
};
const SLOW = '\\.slow\\.test\\.ts$';
/** The files with properties of which the fast tests try few cases: the slow tests try all of them. */
const PROPERTIES = readdirSync('test', { recursive: true })
  .filter(
    (name) =>
      name.endsWith('.test.ts') && /propertyRuns\(\d+, \d+\)/.test(readFileSync(`test/${name}`, 'utf8')),
  )
  .map((name) => `/${name}$`.replaceAll('.', '\\.'));

export default {
  projects: [
    {
      ...project,
      displayName: 'fast',
      testPathIgnorePatterns: ['/node_modules/', SLOW],
      globals: { propertiesInFull: false },
      globalSetup: '<rootDir>/test/support/memory-folders.js',
    },
    {
      ...project,
      displayName: 'slow',
      testRegex: [SLOW, ...PROPERTIES],
      globals: { propertiesInFull: true },
    },
  ],
  reporters: ['default', '<rootDir>/test/support/skip-reporter.js'],
  // More than there are processors, since much of the time is spent waiting, for clocks and for other processes.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // On a busy machine everything takes many times as long: only a test that hangs reaches this.
  testTimeout: 180_000,
};
