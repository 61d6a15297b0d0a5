import { Directive, Field, ID, ObjectType } from 'type-graphql';
import type { SearchKey } from '../../qcc/search-key.js';
import { describedEnum, NullableField } from './described.js';

const kinds: Readonly<Record<SearchKey['kind'], string>> = {
  KEY_NO:
    'KeyNo (企查查唯一标识), the id that QCC gives a company: 32 characters, a letter or digit and then 31 hexadecimal digits. QCC: `KeyNo`.',
  CREDIT_CODE: '统一社会信用代码, the unified social credit code: 18 characters (GB 32100-2015).',
  REGISTRATION_NO: '注册号, the registration number: 15 digits, or 13 in older ones.',
  NAME: '公司名, the name of the company: 2 to 200 characters.',
};
const SearchKeyKind = describedEnum('SearchKeyKind', 'The kind of a search key (搜索关键字).', kinds);

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
  readonly searchKeyKind: SearchKey['kind'];

  @NullableField(
    () => ID,
    'KeyNo (企查查唯一标识), the id that QCC gives the company. Null unless the search key is a KeyNo. QCC: `KeyNo`.',
  )
  readonly keyNo: string | null;

  @NullableField(
    () => String,
    '统一社会信用代码, the unified social credit code. Null unless the search key is a credit code.',
  )
  readonly creditCode: string | null;

  constructor(key: SearchKey) {
    this.searchKey = key.text;
    this.searchKeyKind = key.kind;
    this.keyNo = key.kind === 'KEY_NO' ? key.text : null;
    this.creditCode = key.kind === 'CREDIT_CODE' ? key.text : null;
  }
}
