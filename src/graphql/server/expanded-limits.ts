import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** Fields inside one another. */
const MAX_DEPTH = 20;
/** Fields of a definition. */
const MAX_FIELDS = 3000;
/** Fields with one name in the response, in one place. Validation compares each of them with each other. */
const MAX_REPEATS = 100;

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * Which limit a definition of a document exceeds with its fragments in place, as a part of a sentence. Undefined: none.
 *
 * @param document its nesting must be limited already
 */
export function expandExcess({ definitions }: DocumentNode): string | undefined {
  const fragments = new Map(
    definitions.filter(isFragment).map((fragment) => [fragment.name.value, fragment]),
  );
  const measure = measureWith(fragments);
  const sets = definitions.flatMap((definition) =>
    'selectionSet' in definition ? [definition.selectionSet] : [],
  );
  for (const set of sets) {
    const { fields, depth } = measure(set);
    if (depth > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} fields deep`;
    if (fields > MAX_FIELDS) return `has more than ${MAX_FIELDS} fields, with its fragments in place`;
  }
  if (sets.some((set) => hasRepeats([set], fragments, { left: MAX_FIELDS }))) {
    return `selects one field more than ${MAX_REPEATS} times in one place`;
  }
  return undefined;
}

function isFragment(definition: DefinitionNode): definition is FragmentDefinitionNode {
  return definition.kind === Kind.FRAGMENT_DEFINITION;
}

/** How large a selection is with its fragments in place. */
interface Extent {
  readonly fields: number;
  readonly depth: number;
}

/** Measures each fragment once, since fragments that spread others twice would grow without bound. */
function measureWith(fragments: Fragments): (set: SelectionSetNode | undefined) => Extent {
  const known = new Map<string, Extent>();
  const measureFragment = (name: string): Extent => {
    const extent = known.get(name);
    if (extent) return extent;
    // A fragment inside itself counts for nothing here: another rule refuses it.
    known.set(name, { fields: 0, depth: 0 });
    const measured = measure(fragments.get(name)?.selectionSet);
    known.set(name, measured);
    return measured;
  };
  const measure = (set: SelectionSetNode | undefined): Extent => {
    let [fields, depth] = [0, 0];
    for (const node of set?.selections ?? []) {
      const own = node.kind === Kind.FIELD ? 1 : 0;
      const inside =
        node.kind === Kind.FRAGMENT_SPREAD ? measureFragment(node.name.value) : measure(node.selectionSet);
      fields += inside.fields + own;
      depth = Math.max(depth, inside.depth + own);
    }
    return { fields, depth };
  };
  return measure;
}

/**
 * Whether selections in one place select one field too often, there or further down.
 *
 * @param budget fields to look at: only a fragment inside itself has more, which another rule refuses
 */
function hasRepeats(
  sets: readonly SelectionSetNode[],
  fragments: Fragments,
  budget: { left: number },
): boolean {
  const byName = new Map<string, FieldNode[]>();
  for (const field of fieldsOf(sets, fragments, new Set())) {
    if (budget.left === 0) return false;
    budget.left -= 1;
    const name = field.alias?.value ?? field.name.value;
    const fields = byName.get(name);
    if (fields) fields.push(field);
    else byName.set(name, [field]);
  }
  return [...byName.values()].some(
    (fields) =>
      fields.length > MAX_REPEATS ||
      hasRepeats(
        fields.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : [])),
        fragments,
        budget,
      ),
  );
}

/** @param spread names of the fragments that were spread here: each counts once */
function* fieldsOf(
  sets: readonly SelectionSetNode[],
  fragments: Fragments,
  spread: Set<string>,
): Generator<FieldNode> {
  for (const { selections } of sets) {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) yield node;
      else if (node.kind === Kind.INLINE_FRAGMENT) yield* fieldsOf([node.selectionSet], fragments, spread);
      else if (!spread.has(node.name.value)) {
        spread.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment) yield* fieldsOf([fragment.selectionSet], fragments, spread);
      }
    }
  }
}
