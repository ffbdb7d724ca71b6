// The visit of one person: from signing in to the moment that they are gone.
//
// Owns: telling what was asked in this visit from what was asked in an earlier one, and telling this browser's other
// tabs that the person has changed. Never does: know who the person is.

let current = Symbol("visit");
const channel = new BroadcastChannel("guildhall.session");

/** The visit that goes on now. */
export const currentVisit = () => current;

/** Whether a visit has ended. */
export const isOver = (visit) => visit !== current;

/** Ends the visit: answers that are still on their way belong to the person who left. */
export function endVisit() {
  current = Symbol("visit");
}

/** An answer that came after its visit had ended. It is dropped, and shown to nobody. */
export class Late extends Error {
  constructor() {
    super("the person who asked is gone");
    this.name = "Late";
  }
}

/** Tells the other tabs that another person, or none, is signed in now: they share the session's cookie. */
export const announcePerson = () => channel.postMessage("changed");

/** Calls `work` when another tab has announced a change. */
export const onAnnounced = (work) => channel.addEventListener("message", work);
