import { persistedOf } from '../../config/access.js';
import { type Config, ConfigError, parseConfig } from '../../config/config.js';
import { ALL_PRICE_VARIABLES } from '../../config/prices.js';
import { type Finding, note, ok, wrong } from './finding.js';

const SUBJECT = 'configuration';

/** The configuration of the environment, unless it has faults. */
export async function checkConfiguration(): Promise<{ config?: Config; findings: readonly Finding[] }> {
  try {
    const config = parseConfig(process.env);
    await persistedOf(config);
    return { config, findings: [ok(SUBJECT, 'every setting can be used'), ...notesOn(config)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { findings: error.faults.map((fault) => wrong(SUBJECT, fault)) };
  }
}

function notesOn({ budget, prices, credentials }: Config): readonly Finding[] {
  if (credentials === undefined) {
    const text =
      'the gateway serves invented data of the sandbox. For real data, set QCC_KEY and QCC_SECRET_KEY';
    return [note(SUBJECT, text)];
  }
  const hasBudget = Object.values(budget).some((limit) => limit !== undefined);
  return [
    ...(hasBudget ? [] : [note(SUBJECT, 'no budget limits the bill. To limit it, set BUDGET_PER_DAY')]),
    ...(prices
      ? []
      : [note(SUBJECT, `costs are counted in calls only. For amounts in yuan, set ${ALL_PRICE_VARIABLES}`)]),
  ];
}
