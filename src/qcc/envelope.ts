import { z } from 'zod';

/** What every QCC answer is wrapped in. Nothing in it is trusted to be there but `Status`. */
export interface Envelope {
  readonly status: string;
  readonly message: string | null;
  readonly orderNumber: string | null;
  readonly paging: unknown;
  readonly result: unknown;
}

const label = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null)
  .transform((text) => text?.trim() || null);

const schema = z.object({
  Status: z.union([z.string(), z.number()]).transform((status) => String(status).trim()),
  Message: label,
  OrderNumber: label,
  Paging: z.unknown().optional(),
  Result: z.unknown().optional(),
});

/** Reads the body of an HTTP 200. Undefined where it is not JSON, or no object with a `Status`. */
export function readEnvelope(body: string): Envelope | undefined {
  const parsed = schema.safeParse(parseJson(body));
  if (!parsed.success || parsed.data.Status === '') return undefined;
  const { Status, Message, OrderNumber, Paging, Result } = parsed.data;
  return { status: Status, message: Message, orderNumber: OrderNumber, paging: Paging, result: Result };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
