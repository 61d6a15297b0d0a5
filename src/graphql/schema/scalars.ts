import { GraphQLScalarType } from 'graphql';

/** A calendar day. Values are already canonical: `readDate` (qcc/values.ts) has read them. */
export const DateScalar = new GraphQLScalarType({
  name: 'Date',
  description: '日期, a calendar day as `YYYY-MM-DD` (ISO 8601).',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
});

/** An exact amount. Values are already canonical: `readAmount` (qcc/values.ts) has read them. */
export const DecimalScalar = new GraphQLScalarType({
  name: 'Decimal',
  description: 'An exact decimal number as a string without exponent, such as `"251198.34"`.',
});
