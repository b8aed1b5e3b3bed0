// Holds the hand-written types to the server's own description. schema.d.ts is
// generated out of the API's OpenAPI document; whatever the server may send
// must fit the type that the pages use. This file makes no code: a mismatch
// fails the type check.
import type { components } from './schema';
import type * as alerts from './alerts';
import type * as drafts from './drafts';
import type * as explore from './exploretypes';
import type * as monthly from './monthly';
import type * as progress from './progress';
import type * as published from './published';
import type * as mine from './types';

type Sent = components['schemas'];

/** Fits fails to compile unless every S is a T. */
type Fits<S extends T, T> = S;

export type Checked = [
  Fits<Sent['CityInfo'], mine.City>,
  Fits<Sent['IndicatorInfo'], mine.IndicatorInfo>,
  Fits<Sent['Answer'], mine.Answer>,
  Fits<Sent['Board'], mine.Board>,
  Fits<Sent['TargetDetail'], mine.TargetDetail>,
  Fits<Sent['DatasetInfo'], mine.Dataset>,
  Fits<Sent['Receipt'], mine.Receipt>,
  Fits<Sent['Delivery'], mine.Delivery>,
  Fits<Sent['Rollback'], mine.Rollback>,
  Fits<Sent['QuarantinedRow'], mine.QuarantinedRow>,
  Fits<Sent['Held'], mine.HeldRow>,
  Fits<Sent['HeldGroup'], mine.HeldGroup>,
  Fits<Sent['Mended'], mine.Mended>,
  Fits<Sent['Collected'], mine.Collected>,
  Fits<Sent['Tag'], mine.Tag>,
  Fits<Sent['SigningKey'], mine.SigningKey>,
  Fits<Sent['AlertDetail'], alerts.AlertDetail>,
  Fits<Sent['AlertWatched'], alerts.Watched>,
  Fits<Sent['AlertSilence'], alerts.Silence>,
  Fits<Sent['AlertList'], alerts.AlertList>,
  Fits<Sent['ProgressReport'], progress.Report>,
  Fits<Sent['ProgressStanding'], progress.Standing>,
  Fits<Sent['ProgressImported'], progress.Imported>,
  Fits<Sent['ExploreTable'], explore.ExploreAnswer>,
  Fits<explore.ExploreQuestion, Sent['ExploreQuestion']>,
  Fits<explore.Drill, Sent['DrillInputBody']>,
  Fits<Sent['ExploreView'], explore.View>,
  Fits<Sent['DrillRows'], explore.DrillRows>,
  Fits<Sent['DraftSummary'], drafts.Summary>,
  Fits<Sent['DraftDraft'], drafts.Draft>,
  Fits<Sent['DraftPast'], drafts.Past>,
  Fits<Sent['DraftPreview'], drafts.Preview>,
  Fits<Sent['LedgerList'], published.PublishedList>,
  Fits<Sent['LedgerFigureDetail'], published.FigureDetail>,
  Fits<Sent['LedgerProposal'], published.Proposal>,
  Fits<Sent['PublishedClosing'], published.Published>,
  Fits<Sent['LedgerHistory'], published.History>,
  Fits<Sent['LedgerExplanation'], published.Explanation>,
  Fits<Sent['MonthlyReportInfo'], monthly.ReportInfo>,
  Fits<Sent['MonthlyDocument'], monthly.ReportDocument>,
  Fits<Sent['Problem'], mine.Problem>,
];
