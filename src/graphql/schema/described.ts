import { Field, registerEnumType } from 'type-graphql';

/** The types that `@Field` takes. */
type TypeFunction = Parameters<typeof Field>[0];

/** A field, or an argument, that may be null. */
export function NullableField(type: TypeFunction, description: string) {
  return Field(type, { nullable: true, description });
}

/** Makes an enum from the descriptions of its values, for use as the type of a field or an argument. */
export function describedEnum(
  name: string,
  description: string,
  values: Readonly<Record<string, string>>,
): object {
  const valuesConfig = Object.fromEntries(
    Object.entries(values).map(([value, text]) => [value, { description: text }]),
  );
  const enumObject = Object.fromEntries(Object.keys(values).map((value) => [value, value]));
  registerEnumType(enumObject, { name, description, valuesConfig });
  return enumObject;
}
