// LGN001: the person picks the route (screens.md §8.1).
import type { VNode } from 'preact';
import type { Route } from '../../src/rules/sign-in-record.ts';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Step, type Attempt } from './step.tsx';

export interface ChooseRouteProps extends Attempt {
  /** The routes offered: one alone when only it can give a demanded `acr`. */
  readonly routes: readonly Route[];
  /** Business Direct does not answer: it is offered second. */
  readonly upstreamDown: boolean;
  /** Further upstream providers; the button's action is `federated-{id}`. */
  readonly otherUpstreams: readonly { readonly id: string; readonly name: string }[];
  /** e.g. `8:00〜21:00`, shown as a notice; null where the service never closes. */
  readonly serviceHours: string | null;
}

export function ChooseRoutePage(props: ChooseRouteProps): VNode {
  const t = textsOf(props.frame);
  const order: readonly Route[] = props.upstreamDown ? ['direct', 'federated'] : ['federated', 'direct'];
  const routes = order.filter((route) => props.routes.includes(route));
  const label = { federated: t.say('button.federated'), direct: t.say('button.direct') };
  const note = { federated: t.say('LGN001.2'), direct: t.say('LGN001.3') };
  return (
    <Step
      attempt={props}
      t={t}
      screen="LGN001"
      title={t.say('LGN001.title')}
      errors={tell(t, props.errors, {})}
      lead={t.say('LGN001.1')}
    >
      {props.upstreamDown ? <p class="box box-warning">{t.say('LGN001.4')}</p> : null}
      <Form frame={props.frame}>
        <div class="routes">
          {routes.map((route, index) =>
            index === 0 ? (
              <Main action={route} label={label[route]} note={note[route]} />
            ) : (
              <Way action={route} label={label[route]} note={note[route]} />
            ),
          )}
          {props.routes.includes('federated')
            ? props.otherUpstreams.map(({ id, name }) => (
                <Way action={`federated-${id}`} label={t.say('button.federated-with', { upstream: name })} />
              ))
            : null}
        </div>
        <Ways>
          <Way action="no_id" look="link" label={t.say('button.no_id')} />
          {props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
      {props.serviceHours === null ? null : (
        <p class="note">{t.say('LGN001.5', { serviceHours: props.serviceHours })}</p>
      )}
    </Step>
  );
}
