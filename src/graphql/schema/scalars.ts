import { GraphQLScalarType } from 'graphql';

const asText = (name: string) => (value: unknown) => {
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} must come as text`);
};

/** A calendar day. Values are canonical when they arrive here: the reader of QCC's answers made them so. */
export const DateScalar = new GraphQLScalarType({
  name: 'Date',
  description: 'A calendar day, ISO 8601: `YYYY-MM-DD`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  serialize: asText('Date'),
});

/** An exact amount; canonical when it arrives here. */
export const DecimalScalar = new GraphQLScalarType({
  name: 'Decimal',
  description: 'An exact decimal number in a string, without exponent: `"251198.34"`.',
  serialize: asText('Decimal'),
});
