// The list of people on its way out: as a file (4.3, 「この条件でCSVを出力」) and on paper (PRT005), under the filters of its address.
import { columnsOfPeople } from '../../../views/company/people-list.tsx';
import { textsOf } from '../../../views/parts/frame.ts';
import { PeopleSheetPage } from '../../../views/print/people.tsx';
import { exportPeople } from '../../flows/company/export-people.ts';
import { listPeople, type Listed } from '../../flows/company/list-people.ts';
import { japanIso } from '../../rules/japan-time.ts';
import { show, type ConsoleVisit } from '../console.ts';
import { sendCsv } from '../csv.ts';
import { readPeopleQuery } from './people-query.ts';
import { rowOf } from './visit.ts';

/** The most people on paper: a longer list is for a file. */
const mostOnPaper = 1_000;

export async function sendPeople(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, act, person, frame } = visit;
  const parts = await exportPeople(site.tools, act, person, readPeopleQuery(visit));
  const head = columnsOfPeople(textsOf(frame)).map(({ head: words }) => words);
  sendCsv(ctx, `users-${japanIso(act.now).slice(0, 10)}`, head, lines(visit, parts));
}

/** A file that breaks off is told by its connection, which ends before its time; its status had gone out already. */
async function* lines(
  { site, act, frame }: ConsoleVisit,
  parts: AsyncIterable<readonly Listed[]>,
): AsyncGenerator<readonly (readonly string[])[]> {
  const columns = columnsOfPeople(textsOf(frame));
  try {
    for await (const part of parts)
      yield part.map((one) =>
        columns.map(({ text }) => text(rowOf(one, act.now, site.tools.policy.tokenExpiry.warnBefore))),
      );
  } catch (error) {
    site.log('file.broken', { reference: act.reference, error: error instanceof Error ? error.message : 'unknown' });
    throw error;
  }
}

export async function showPeopleSheet(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, act, person, frame } = visit;
  const asked = readPeopleQuery(visit);
  const found = await listPeople(site.tools, act, person, { ...asked, page: 1, per: mostOnPaper });
  show(
    ctx,
    PeopleSheetPage({
      frame,
      company: { name: person.company.name, contractNumber: person.company.contractNumber },
      query: { ...asked, path: '/company/people', total: found.total },
      people: found.people.map((one) => rowOf(one, act.now, site.tools.policy.tokenExpiry.warnBefore)),
    }),
  );
}
