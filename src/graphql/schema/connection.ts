import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { LAST_ROW } from '../../qcc/methods.js';
import { writeCursor } from '../paging/cursor.js';
import type { PlacedRow, Slice } from '../paging/page-loader.js';
import { EndCase } from './end-case.js';

function cursorOf(searchKey: string, { row, offset }: PlacedRow): string {
  return writeCursor(searchKey, { offset, caseId: row.id });
}

@Directive('@shareable')
@ObjectType({ simpleResolvers: true, description: 'Where a window stands in its list, as Relay has it.' })
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Whether rows follow the window; false at row 5,000, where paging ends.',
  })
  readonly hasNextPage: boolean;

  @Field(() => Boolean, { description: 'Whether rows come before the window.' })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: "The first row's cursor; null in an empty window." })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true, description: "The last row's cursor; null in an empty window." })
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

@ObjectType({ simpleResolvers: true, description: 'A case and its place in the list.' })
export class EndCaseEdge {
  @Field(() => String, { description: 'For `after` and `before`.' })
  readonly cursor: string;

  @Field(() => EndCase, { description: 'The case.' })
  readonly node: EndCase;

  constructor(searchKey: string, placed: PlacedRow, node: EndCase) {
    this.cursor = cursorOf(searchKey, placed);
    this.node = node;
  }
}

/** A window of a company's cases. What is not selected is not made. */
@ObjectType({
  simpleResolvers: true,
  description: "A window of a company's terminated cases. QCC: `GetList`.",
})
export class EndCaseConnection {
  #nodes: readonly EndCase[] | undefined;
  #edges: readonly EndCaseEdge[] | undefined;

  constructor(
    private readonly searchKey: string,
    private readonly slice: Slice,
  ) {}

  // By size alone: sizedFields on endCases would keep a subgraph from requiring some fields of a connection and not others.
  @Directive('@listSize(assumedSize: 100)')
  @Field(() => [EndCaseEdge], { description: 'The cases of the window with their cursors.' })
  get edges(): readonly EndCaseEdge[] {
    const { nodes } = this;
    this.#edges ??= this.slice.rows.flatMap((placed, index) => {
      const node = nodes[index];
      return node ? [new EndCaseEdge(this.searchKey, placed, node)] : [];
    });
    return this.#edges;
  }

  @Directive('@listSize(assumedSize: 100)')
  @Field(() => [EndCase], { description: 'The cases of the window.' })
  get nodes(): readonly EndCase[] {
    if (this.#nodes === undefined) {
      this.#nodes = this.slice.rows.map(({ row }) => new EndCase(row));
    }
    return this.#nodes;
  }

  @Field(() => PageInfo, { description: 'Where the window stands.' })
  get pageInfo(): PageInfo {
    return new PageInfo(this.searchKey, this.slice);
  }

  @Field(() => Int, {
    description: 'All cases of the company, in the window or not. QCC: `Paging.TotalRecords`.',
  })
  get totalCount(): number {
    return this.slice.total ?? 0;
  }
}
