/** Sources are ES modules; under jest they run as CommonJS, translated by swc, so that no experimental flag is needed. */
const common = { target: 'es2023', keepClassNames: true };
const commonjs = { type: 'commonjs' };

export default {
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
    // A package that is nothing but ES modules.
    '/node_modules/jose/.+\\.js$': ['@swc/jest', { jsc: common, module: commonjs }],
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  // Most of the time is spent waiting, for clocks and for other processes.
  maxWorkers: '100%',
  testTimeout: 30_000,
};
