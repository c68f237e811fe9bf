// Sentences on pages: moments are marked up as <time>.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Piece, Texts } from '../messages/texts.ts';
import { date, dateTime, machineTime, tableDate, tableTime } from './format.ts';

function Part({ piece: { text, at, whole } }: { readonly piece: Piece }): VNode {
  if (at !== null) return <time datetime={machineTime(at)}>{text}</time>;
  return whole === true ? <span class="phone">{text}</span> : <>{text}</>;
}

/** The pieces of a sentence, each moment inside a <time> with its machine form, each telephone number on one line. */
export function Sentence({ pieces }: { readonly pieces: readonly Piece[] }): VNode {
  return (
    <>
      {pieces.map((piece) => (
        <Part piece={piece} />
      ))}
    </>
  );
}

/** One moment: as in sentences, `date` for its day alone; in tables `table` for `2026-11-22 08:50`, `day` for `2026-11-22`. */
export function Moment(props: {
  readonly t: Texts;
  readonly at: Instant;
  readonly as?: 'date' | 'table' | 'day';
}): VNode {
  const text =
    props.as === 'table'
      ? tableTime(props.at)
      : props.as === 'day'
        ? tableDate(props.at)
        : props.as === 'date'
          ? date(props.at, props.t.language)
          : dateTime(props.at, props.t.language, null);
  return <time datetime={machineTime(props.at)}>{text}</time>;
}
