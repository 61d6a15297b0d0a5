import { once } from 'node:events';
import { createServer } from 'node:http';
import { SANDBOX_CREDENTIALS } from '../../src/sandbox/server.js';
import { closeAfterTest } from './cleanup.js';

/** One call as the upstream sees it. */
export interface ScriptedCall {
  readonly method: string;
  /** The search key, or the id of a case. */
  readonly subject: string;
  readonly page: number;
  /** The query string as it came. */
  readonly query: string;
  /** Calls so far, this one included. */
  readonly count: number;
}

/** A body as it is, with its Content-Type. */
export class RawBody {
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string,
  ) {}
}

/** What the upstream answers: JSON, a text or a body as it is, or nothing. */
export type Script = (call: ScriptedCall) => object | string | 'hang' | Promise<object | string>;

export interface ScriptedUpstream {
  /** For `startTestGateway({ env })` and for programs. */
  readonly env: Record<string, string>;
  readonly calls: ScriptedCall[];
  close(): Promise<void>;
}

let orders = 0;

/** An upstream that answers as a test says. It ends with the test. */
export async function startUpstream(script: Script): Promise<ScriptedUpstream> {
  const calls: ScriptedCall[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://upstream');
    const { searchParams } = url;
    const call: ScriptedCall = {
      method: url.pathname.split('/').at(-1) ?? '',
      subject: searchParams.get('searchKey') ?? searchParams.get('id') ?? '',
      page: Number(searchParams.get('pageIndex') ?? 0),
      query: (request.url ?? '').split('?').at(1) ?? '',
      count: calls.length + 1,
    };
    calls.push(call);
    const answer = await script(call);
    if (answer === 'hang') return;
    const isRaw = answer instanceof RawBody;
    response.setHeader('content-type', isRaw ? answer.contentType : 'application/json');
    response.end(isRaw ? answer.bytes : typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return closeAfterTest({
    env: {
      QCC_BASE_URL: `http://127.0.0.1:${port}/api`,
      QCC_KEY: SANDBOX_CREDENTIALS.key,
      QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
    },
    calls,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

/** An answer with a status, and its own order number. */
export function answer(status: string, rest: object = {}): object {
  orders += 1;
  const OrderNumber = `ENDEXECUTECASECHECK20261125120000${String(orders).padStart(8, '0')}`;
  return { Status: status, Message: '', OrderNumber, ...rest };
}

/** A page of GetList. @param from the number of its first row, 1 for the first of the list */
export function pageOf(from: number, count: number, total: number, paging: object = {}): object {
  return answer('200', {
    Paging: { TotalRecords: total, ...paging },
    Result: { VerifyResult: 1, Data: Array.from({ length: count }, (_, index) => row(from + index)) },
  });
}

/** The row with this number. */
export function row(number: number): object {
  return {
    Id: `case-${number}`,
    CaseNo: `(2019)浙1082执${number}号`,
    Court: '临海市人民法院',
    EndDate: '2019-07-25',
    LianDate: '2018-07-03',
    ExecuteSubject: '1000',
    UnperformedAmt: '500',
  };
}

/** The answer of GetDetail. */
export function detailOf(id: string, rest: object = {}): object {
  return answer('200', {
    Result: { Id: id, CerNo: '14796919-0', OwnerInfo: { KeyNo: '', Name: '某某' }, ...rest },
  });
}
