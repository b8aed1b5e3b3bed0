// Holds the hand-written types to the server's own description. schema.d.ts is
// generated out of the API's OpenAPI document; whatever the server may send
// must fit the type that the pages use. This file makes no code: a mismatch
// fails the type check.
import type { components } from './schema';
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
  Fits<Sent['Problem'], mine.Problem>,
];
