import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { SearchKey } from '../../qcc/search-key.js';

/** What a search key was taken for. Values are those of `SearchKey.kind`. */
export enum SearchKeyKind {
  KEY_NO = 'KEY_NO',
  CREDIT_CODE = 'CREDIT_CODE',
  REGISTRATION_NO = 'REGISTRATION_NO',
  NAME = 'NAME',
}

registerEnumType(SearchKeyKind, {
  name: 'SearchKeyKind',
  description: 'What a search key was taken for.',
  valuesConfig: {
    KEY_NO: { description: "QCC's own identifier of a company: 32 hexadecimal digits, or g and 31." },
    CREDIT_CODE: {
      description: '统一社会信用代码, unified social credit code, 18 characters (GB 32100-2015).',
    },
    REGISTRATION_NO: { description: '工商注册号, registration number, 15 or 13 digits.' },
    NAME: { description: '公司名, name of the company.' },
  },
});

@Directive('@key(fields: "searchKey")')
@Directive('@key(fields: "keyNo")')
@Directive('@key(fields: "creditCode")')
@ObjectType({
  simpleResolvers: true,
  description:
    'A company, by what it is searched by. Calls nothing until a field is asked that QCC must tell.',
})
export class Company {
  @Field(() => String, {
    description: 'What is sent to QCC: a KeyNo, credit code, registration number or name. QCC: `searchKey`.',
  })
  readonly searchKey: string;

  @Field(() => SearchKeyKind, { description: 'What the search key was taken for.' })
  readonly searchKeyKind: SearchKeyKind;

  @Field(() => ID, { nullable: true, description: 'The KeyNo, where the search key is one. QCC: `KeyNo`.' })
  readonly keyNo: string | null;

  @Field(() => String, {
    nullable: true,
    description: '统一社会信用代码, the credit code, where the search key is one.',
  })
  readonly creditCode: string | null;

  constructor(key: SearchKey) {
    this.searchKey = key.text;
    this.searchKeyKind = SearchKeyKind[key.kind];
    this.keyNo = key.kind === 'KEY_NO' ? key.text : null;
    this.creditCode = key.kind === 'CREDIT_CODE' ? key.text : null;
  }
}
