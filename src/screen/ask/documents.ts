import * as z from 'zod';

/** Asks for one window of the cases of several companies, with their details or without. */
export const SCREEN_DOCUMENT = `query Screen($searchKeys: [String!]!, $first: Int!, $offset: Int!, $details: Boolean!) {
  companies(searchKeys: $searchKeys) {
    endCases(first: $first, offset: $offset) {
      totalCount
      retrievedAt
      stale
      orderNumbers
      nodes {
        id
        caseNo
        court
        filingDate
        endDate
        enforcementAmount
        unperformedAmount
        detail @include(if: $details) {
          certificateNo
          judgmentDebtor {
            keyNo
            name
          }
          retrievedAt
          stale
          orderNumber
        }
      }
    }
  }
}`;

/** What the variables of the document are. */
export interface Window {
  readonly first: number;
  readonly offset: number;
  readonly details: boolean;
}

const text = z.string().nullable();

const endCase = z.object({
  id: z.string(),
  caseNo: text,
  court: text,
  filingDate: text,
  endDate: text,
  enforcementAmount: text,
  unperformedAmount: text,
  detail: z
    .object({
      certificateNo: text,
      judgmentDebtor: z.object({ keyNo: text, name: text }).nullable(),
      retrievedAt: z.string(),
      stale: z.boolean(),
      orderNumber: text,
    })
    .nullish(),
});

const caseWindow = z.object({
  totalCount: z.int(),
  retrievedAt: z.string(),
  stale: z.boolean(),
  orderNumbers: z.array(z.string()),
  nodes: z.array(endCase),
});

/** The data of a response. A company or its list is null where an error says why. */
export const screenData = z.object({
  companies: z.array(z.object({ endCases: caseWindow.nullable() }).nullable()),
});

export type EndCase = z.infer<typeof endCase>;
export type CaseWindow = z.infer<typeof caseWindow>;
