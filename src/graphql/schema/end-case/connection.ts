import { GraphQLDateTime } from 'graphql-scalars';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { isStale } from '../../../qcc/call.js';
import { LAST_ROW } from '../../../qcc/methods.js';
import { InvalidRowError, InvalidTotalError } from '../../errors.js';
import { writeCursor } from '../../paging/cursor.js';
import type { BoughtRow, Slice } from '../../paging/list.js';
import { NullableField } from '../described.js';
import { EndCase } from './end-case.js';

@Directive('@shareable')
@ObjectType({
  simpleResolvers: true,
  description: '分页信息, the position of a window in its list, as the Relay specification defines it.',
})
class PageInfo {
  @Field(() => Boolean, {
    description:
      'Whether cases follow the window. False at case 5,000, where paging ends. Costs what `totalCount` costs.',
  })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether cases come before the window. Costs what `totalCount` costs.',
  })
  readonly hasPreviousPage!: boolean;

  @NullableField(() => String, 'The cursor of the first case; null if the window is empty.')
  readonly startCursor!: string | null;

  @NullableField(() => String, 'The cursor of the last case; null if the window is empty.')
  readonly endCursor!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A case (终本案件) with its cursor.' })
class EndCaseEdge {
  constructor(
    private readonly searchKey: string,
    private readonly placed: BoughtRow,
  ) {
    this.node = new EndCase(placed.row, placed.evidence);
  }

  @Field(() => String, { description: 'The position of the case in the list, for `after` and `before`.' })
  get cursor(): string {
    const { row, offset } = this.placed;
    return writeCursor(this.searchKey, { offset, caseId: row.id });
  }

  @Field(() => EndCase, { description: '终本案件, the case.' })
  readonly node: EndCase;
}

/** A window of a company's cases. */
@ObjectType({
  simpleResolvers: true,
  description:
    "终本案件列表, a window of a company's terminated cases, as the Relay specification defines connections. QCC: `GetList`.",
})
export class EndCaseConnection {
  /** @param oldest the age asked for: what was received before is stale, in milliseconds since 1970 */
  constructor(
    searchKey: string,
    private readonly slice: Slice,
    private readonly oldest: number,
  ) {
    this.edges = slice.rows.map((placed) => new EndCaseEdge(searchKey, placed));
  }

  /**
   * What QCC sent about the window that cannot be read.
   *
   * @param total whether the length of the list is selected
   */
  faults(total: boolean): Error[] {
    const { invalid, unreadableTotal } = this.slice;
    const rows = invalid.map(({ row, offset }) => new InvalidRowError(offset + 1, row.raw));
    return total && unreadableTotal !== null ? [...rows, new InvalidTotalError(unreadableTotal)] : rows;
  }

  // `sizedFields` on `endCases` would be more exact, but then a subgraph could not `@require` some fields of a connection only.
  @Directive('@listSize(assumedSize: 100)')
  @Field(() => [EndCaseEdge], {
    description: '数据信息, the cases of the window with their cursors. QCC: `Data`.',
  })
  readonly edges: readonly EndCaseEdge[];

  @Directive('@listSize(assumedSize: 100)')
  @Field(() => [EndCase], { description: '数据信息, the cases of the window. QCC: `Data`.' })
  get nodes(): readonly EndCase[] {
    return this.edges.map(({ node }) => node);
  }

  @Field(() => PageInfo, { description: '分页信息, the position of the window in the list. QCC: `Paging`.' })
  get pageInfo(): PageInfo {
    const { range, rows, total, mayContinue } = this.slice;
    const reachable = Math.min(total ?? 0, LAST_ROW);
    return {
      hasNextPage: range.to < reachable || mayContinue,
      hasPreviousPage: (rows[0]?.offset ?? range.from) > 0 && reachable > 0,
      startCursor: this.edges[0]?.cursor ?? null,
      endCursor: this.edges.at(-1)?.cursor ?? null,
    };
  }

  @Field(() => Int, {
    description:
      '总记录数, how many cases the company has, inside and outside the window. Costs one GetList call, unless page 1 is cached or another field of the request buys a page of this company. QCC: `Paging.TotalRecords`.',
  })
  get totalCount(): number {
    return this.slice.total ?? 0;
  }

  @Field(() => GraphQLDateTime, {
    description:
      '获取时间, how current the cases are: when the oldest of the pages that cover the window arrived from QCC. For a window without cases, when the page that gave `totalCount` arrived. If neither `nodes` nor `edges` is selected, it costs what `totalCount` costs.',
  })
  get retrievedAt(): Date {
    return new Date(Math.min(...this.slice.evidence.map(({ receivedAt }) => receivedAt)));
  }

  @Field(() => Boolean, {
    description:
      '是否过期, whether one of these pages is past its TTL, or older than the header `x-cost-max-age` allows. Such pages are served only if QCC fails. Costs what `retrievedAt` costs.',
  })
  get stale(): boolean {
    return this.slice.evidence.some((answer) => isStale(answer, this.oldest));
  }

  @Field(() => [String], {
    description:
      "订单号, QCC's order numbers of these pages, as on its invoice, in the order of the pages. Costs what `retrievedAt` costs. QCC: `OrderNumber`.",
  })
  get orderNumbers(): readonly string[] {
    return this.slice.evidence.flatMap(({ orderNumber }) => orderNumber ?? []);
  }
}
