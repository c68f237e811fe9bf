// CON021 and CON031: rights of administration, and the partner services a person may enter (screens.md §11).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { Boxes } from '../parts/boxes.tsx';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';

export interface PersonPermissionsProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly isNew: boolean;
  /** 操作履歴照会; `always` for administrators. */
  readonly viewsRecords: boolean | 'always';
  /** `open` ones admit everybody. */
  readonly portals: readonly {
    readonly id: string;
    readonly name: string;
    readonly open: boolean;
    readonly granted: boolean;
  }[];
}

export function PersonPermissionsPage(props: PersonPermissionsProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const always = props.viewsRecords === 'always';
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen={props.isNew ? 'CON021' : 'CON031'}
      title={t.say(props.isNew ? 'CON021.title' : 'CON031.title')}
      errors={told}
      banners={props.banners}
      progress="permissions"
      lead={t.say('CON021.1')}
    >
      <Form frame={props.frame}>
        <Boxes
          t={t}
          name="permissions"
          label={t.label('permissions')}
          boxes={[
            {
              value: 'view-records',
              label: t.say('CON021.2'),
              checked: props.viewsRecords === true,
              always: always ? t.say('CON021.3') : undefined,
            },
          ]}
          errors={told}
        />
        {props.portals.length === 0 ? (
          <p class="empty">{t.say('CON021.5')}</p>
        ) : (
          <Boxes
            t={t}
            name="portals"
            label={t.label('portals')}
            hint={t.say('hint.portals')}
            boxes={props.portals.map(({ id, name, open, granted }) => ({
              value: id,
              label: name,
              checked: granted,
              always: open ? t.say('CON021.4') : undefined,
            }))}
            errors={told}
          />
        )}
        <Main label={t.say('button.next')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
