import { QccError } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import type { Handler, Middleware } from './handler.js';

/** Counts every attempt on the asker's meter, by what is known of it when it ends. */
export const metered: Middleware = (next): Handler => {
  return async (call, by) => {
    try {
      const answer = await next(call, by);
      by.meter.count(call.method, statusRule(answer.status).billed, answer.orderNumber);
      return answer;
    } catch (error) {
      if (error instanceof QccError && error.upstream) {
        by.meter.count(call.method, error.upstream.billed, error.upstream.orderNumber);
      }
      throw error;
    }
  };
};
