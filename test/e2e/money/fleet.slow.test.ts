import { testStampede } from '../../support/fleet.js';

testStampede(Number(process.env.AT_ONCE ?? 10_000));
