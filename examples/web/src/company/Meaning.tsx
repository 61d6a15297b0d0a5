import { useText } from '../text/text';

/** What the terms mean in law, since they are easily confused. */
export function Meaning({ isOpen }: { isOpen: boolean }) {
  const text = useText().company;
  return (
    <details className="meaning" open={isOpen}>
      <summary>{text.meaning}</summary>
      {text.meanings.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </details>
  );
}
