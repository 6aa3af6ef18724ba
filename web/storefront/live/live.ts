import type { RelatedLists } from './related-lists.ts';
import type { ShownList } from './shown-list.ts';

/** The visitor's own recommendations, as they change. */
export interface Live {
  /** Signs this browser in without a name, or finds it signed in; answers its uid, under which it sends events and reads its list. */
  signIn(): Promise<string>;
  /** Tells of the list now, if there is one, and of each that comes after. Answers what ends it. */
  follow(uid: string, onList: (list: ShownList) => void, onError: (error: unknown) => void): () => void;
  /** What the model says of a product; undefined where it says nothing. */
  related(itemId: string): Promise<RelatedLists | undefined>;
  /** Deletes the nameless account. */
  forget(): Promise<void>;
}
