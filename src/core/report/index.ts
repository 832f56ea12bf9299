import type { Progress } from '../request.ts';
import type { Session } from '../session.ts';
import { collect, type Findings, type ReportRequest } from './collect.ts';
import { reportPage } from './page.ts';

export type { ReportRequest } from './collect.ts';

export interface Report {
  /** A whole file. */
  readonly html: string;
  readonly findings: Findings;
}

/**
 * One image, explained by every method: the network's decision, all maps in one style, where the object is, which map to believe, and
 * how each part is made again, as one self-contained HTML file. The same request, engine and machine give the same bytes.
 * Memory: that of one method at a time, and the pictures. Throws usage errors; when cancelled, a cancelled error where no map is
 * finished, else it shows what is.
 */
export async function* makeReport(
  session: Session,
  request: ReportRequest,
  signal: AbortSignal,
): AsyncGenerator<Progress, Report> {
  const findings = yield* collect(session, request, signal);
  return { html: reportPage(findings, request), findings };
}
