import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { SearchKey } from '../../qcc/search-key.js';

/** The kinds of search keys. The values are those of `SearchKey.kind`. */
export enum SearchKeyKind {
  KEY_NO = 'KEY_NO',
  CREDIT_CODE = 'CREDIT_CODE',
  REGISTRATION_NO = 'REGISTRATION_NO',
  NAME = 'NAME',
}

registerEnumType(SearchKeyKind, {
  name: 'SearchKeyKind',
  description: 'The kind of a search key (搜索关键字).',
  valuesConfig: {
    KEY_NO: {
      description:
        'KeyNo (企查查唯一标识), the id that QCC gives a company: 32 characters, a letter or digit and then 31 hexadecimal digits. QCC: `KeyNo`.',
    },
    CREDIT_CODE: {
      description: '统一社会信用代码, the unified social credit code: 18 characters (GB 32100-2015).',
    },
    REGISTRATION_NO: { description: '注册号, the registration number: 15 digits, or 13 in older ones.' },
    NAME: { description: '公司名, the name of the company: 2 to 200 characters.' },
  },
});

@Directive('@key(fields: "searchKey")')
@Directive('@key(fields: "keyNo")')
@Directive('@key(fields: "creditCode")')
@ObjectType({
  simpleResolvers: true,
  description:
    '企业, a company, identified by its search key. Only `hasEndCases` and `endCases` call QCC; the other fields cost nothing.',
})
export class Company {
  @Field(() => String, {
    description:
      '搜索关键字, the search key that is sent to QCC: a KeyNo, unified social credit code, registration number or name. QCC: `searchKey`.',
  })
  readonly searchKey: string;

  @Field(() => SearchKeyKind, { description: 'The kind of `searchKey` (搜索关键字).' })
  readonly searchKeyKind: SearchKeyKind;

  @Field(() => ID, {
    nullable: true,
    description:
      'KeyNo (企查查唯一标识), the id that QCC gives the company. Null unless the search key is a KeyNo. QCC: `KeyNo`.',
  })
  readonly keyNo: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      '统一社会信用代码, the unified social credit code. Null unless the search key is a credit code.',
  })
  readonly creditCode: string | null;

  constructor(key: SearchKey) {
    this.searchKey = key.text;
    this.searchKeyKind = SearchKeyKind[key.kind];
    this.keyNo = key.kind === 'KEY_NO' ? key.text : null;
    this.creditCode = key.kind === 'CREDIT_CODE' ? key.text : null;
  }
}
