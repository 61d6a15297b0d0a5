import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useStore } from '../store';
import { useText } from '../text/text';
import { access, isPossibleKey, signIn, stopAsking } from './access';

/** The dialog that asks for a key. It opens when the gateway wants one, or when the reader does. */
export function SignIn() {
  const text = useText().access;
  const { asked } = useStore(access);
  const dialog = useRef<HTMLDialogElement>(null);
  const [key, setKey] = useState('');
  const [remember, setRemember] = useState(true);
  const [isImpossible, setImpossible] = useState(false);
  const [heading, field, reason] = [useId(), useId(), useId()];
  useEffect(() => {
    if (asked) dialog.current?.showModal();
    else dialog.current?.close();
  }, [asked]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = key.trim();
    setImpossible(!isPossibleKey(trimmed));
    if (!isPossibleKey(trimmed)) return;
    setKey('');
    signIn(trimmed, remember);
  };
  const isWrong = isImpossible || asked === 'refused';
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={stopAsking}>
      <form method="dialog" onSubmit={submit}>
        <h2 id={heading}>{text.title}</h2>
        <p className="quiet">{text.lead}</p>
        {asked && (
          <p id={reason} role={isWrong ? 'alert' : undefined} className={isWrong ? 'warning' : 'quiet'}>
            {isImpossible ? text.impossible : text[asked]}
          </p>
        )}
        <label htmlFor={field}>{text.key}</label>
        <input
          id={field}
          type="password"
          autoComplete="off"
          required
          value={key}
          aria-invalid={isWrong}
          aria-describedby={reason}
          onChange={(event) => setKey(event.target.value)}
        />
        <label className="check">
          <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
          {text.remember}
        </label>
        <div className="actions">
          <button type="submit" className="primary">
            {text.submit}
          </button>
          <button type="button" onClick={stopAsking}>
            {text.later}
          </button>
        </div>
      </form>
    </dialog>
  );
}
