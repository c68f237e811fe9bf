// Boxes to tick, several of one name: a list, or a table whose rows are chosen (screens.md §5: checkbox list, checkbox table).
import type { ComponentChildren, VNode } from 'preact';
import type { FieldName } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, type Told } from './errors.tsx';
import { Need } from './field.tsx';
import { Icon } from './icon.tsx';
import { Table, type Column } from './table.tsx';

export interface Box {
  readonly value: string;
  readonly label: ComponentChildren;
  readonly checked: boolean;
  /** It holds anyway and can't be chosen; the words say why. */
  readonly always?: string | undefined;
}

/** A list of boxes in its fieldset. */
export function Boxes(props: {
  readonly t: Texts;
  readonly name: FieldName;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly boxes: readonly Box[];
  readonly errors: readonly Told[];
}): VNode {
  const { t, name, errors, hint, boxes } = props;
  const wrong = errors.some((error) => error.field === name);
  const described = [hint === undefined ? '' : `${name}-hint`, wrong ? `${name}-error` : ''].filter((id) => id !== '');
  const first = boxes.find(({ always }) => always === undefined);
  return (
    <fieldset
      class={wrong ? 'field field-wrong' : 'field'}
      aria-describedby={described.length === 0 ? undefined : described.join(' ')}
    >
      <legend class="label">
        {props.label} <Need t={t} required={false} />
      </legend>
      {hint === undefined ? null : (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <ul class="boxes">
        {boxes.map((box) => (
          <li>
            {box.always === undefined ? (
              <label class="radio">
                <input
                  type="checkbox"
                  id={box === first ? name : undefined}
                  name={name}
                  value={box.value}
                  checked={box.checked}
                />
                <span>{box.label}</span>
              </label>
            ) : (
              <div class="radio radio-fixed">
                <Icon name="check" />
                <span>
                  {box.label} <span class="note">{box.always}</span>
                </span>
              </div>
            )}
          </li>
        ))}
      </ul>
      <FieldErrors errors={errors} name={name} />
    </fieldset>
  );
}

export interface BoxRow {
  readonly value: string;
  readonly checked: boolean;
  /** The first cell is the box's label. */
  readonly cells: readonly [ComponentChildren, ...ComponentChildren[]];
}

/** A table with a box in the first cell of each row. */
export function BoxTable(props: {
  readonly name: FieldName;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly BoxRow[];
  readonly errors: readonly Told[];
}): VNode {
  const { name, errors } = props;
  return (
    <>
      <Table
        quiet
        caption={props.caption}
        columns={props.columns}
        rows={props.rows.map(({ value, checked, cells: [label, ...rest] }, index) => ({
          cells: [
            <label class="radio">
              <input type="checkbox" id={index === 0 ? name : undefined} name={name} value={value} checked={checked} />
              <span>{label}</span>
            </label>,
            ...rest,
          ],
        }))}
      />
      <FieldErrors errors={errors} name={name} />
    </>
  );
}
