import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { LAST_ROW } from '../../qcc/methods.js';
import { writeCursor } from '../paging/cursor.js';
import type { PlacedRow, Slice } from '../paging/list.js';
import { EndCase } from './end-case.js';

function cursorOf(searchKey: string, { row, offset }: PlacedRow): string {
  return writeCursor(searchKey, { offset, caseId: row.id });
}

@Directive('@shareable')
@ObjectType({
  simpleResolvers: true,
  description: '分页信息, the position of a window in its list, as the Relay specification defines it.',
})
export class PageInfo {
  @Field(() => Boolean, {
    description:
      'Whether cases follow the window. False at case 5,000, where paging ends. Costs what `totalCount` costs.',
  })
  readonly hasNextPage: boolean;

  @Field(() => Boolean, {
    description: 'Whether cases come before the window. Costs what `totalCount` costs.',
  })
  readonly hasPreviousPage: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the first case; null if the window is empty.',
  })
  readonly startCursor: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last case; null if the window is empty.',
  })
  readonly endCursor: string | null;

  constructor(searchKey: string, { range, rows, total }: Slice) {
    const [first, last] = [rows[0], rows.at(-1)];
    const reachable = Math.min(total ?? 0, LAST_ROW);
    this.hasNextPage = range.to < reachable;
    this.hasPreviousPage = (first?.offset ?? range.from) > 0 && reachable > 0;
    this.startCursor = first ? cursorOf(searchKey, first) : null;
    this.endCursor = last ? cursorOf(searchKey, last) : null;
  }
}

@ObjectType({ simpleResolvers: true, description: 'A case (终本案件) with its cursor.' })
export class EndCaseEdge {
  @Field(() => String, { description: 'The position of the case in the list, for `after` and `before`.' })
  readonly cursor: string;

  @Field(() => EndCase, { description: '终本案件, the case.' })
  readonly node: EndCase;

  constructor(searchKey: string, placed: PlacedRow, node: EndCase) {
    this.cursor = cursorOf(searchKey, placed);
    this.node = node;
  }
}

/** A window of a company's cases. Its fields are getters: nothing is built that is not selected. */
@ObjectType({
  simpleResolvers: true,
  description:
    "终本案件列表, a window of a company's terminated cases, as the Relay specification defines connections. QCC: `GetList`.",
})
export class EndCaseConnection {
  #nodes: readonly EndCase[] | undefined;
  #edges: readonly EndCaseEdge[] | undefined;

  constructor(
    private readonly searchKey: string,
    private readonly slice: Slice,
  ) {}

  // `sizedFields` on `endCases` would be more exact, but then a subgraph could not `@require` some fields of a connection only.
  @Directive('@listSize(assumedSize: 100)')
  @Field(() => [EndCaseEdge], {
    description: '数据信息, the cases of the window with their cursors. QCC: `Data`.',
  })
  get edges(): readonly EndCaseEdge[] {
    const { nodes } = this;
    this.#edges ??= this.slice.rows.flatMap((placed, index) => {
      const node = nodes[index];
      return node ? [new EndCaseEdge(this.searchKey, placed, node)] : [];
    });
    return this.#edges;
  }

  @Directive('@listSize(assumedSize: 100)')
  @Field(() => [EndCase], { description: '数据信息, the cases of the window. QCC: `Data`.' })
  get nodes(): readonly EndCase[] {
    if (this.#nodes === undefined) {
      this.#nodes = this.slice.rows.map(({ row }) => new EndCase(row));
    }
    return this.#nodes;
  }

  @Field(() => PageInfo, { description: '分页信息, the position of the window in the list. QCC: `Paging`.' })
  get pageInfo(): PageInfo {
    return new PageInfo(this.searchKey, this.slice);
  }

  @Field(() => Int, {
    description:
      '总记录数, how many cases the company has, inside and outside the window. Costs one GetList call, unless page 1 is cached or another field of the request buys a page of this company. QCC: `Paging.TotalRecords`.',
  })
  get totalCount(): number {
    return this.slice.total ?? 0;
  }
}
