import { spawnSync } from 'node:child_process';
import { type Requirement, requires } from './requirement.js';

const PROMTOOL: Requirement = {
  tests: 'tests of alerts and dashboards',
  remedy: 'promtool is not installed; apt-get install prometheus',
  met: spawnSync('promtool', ['--version']).status === 0,
  variable: 'REQUIRE_PROMTOOL',
};

/** `it`, where promtool is installed. */
export const itWithPromtool = requires(PROMTOOL).it;
